import JSON
import Records
import Transformer

extension LearnWorldsMapping {
    private static let enrollmentShape = RecordShape(
        key: [.nested("course", "id")],
        rejectPayload: ["created", "expires"],
        objects: [.init("course", path: "course.", known: courseMembers)]
    )

    /// Reads one page of a learner's own courses.
    func enrollments(_ items: JSONValue, learner: String, into batch: inout Batch<Enrollment>) {
        let shape = Self.enrollmentShape
        for item in items.elements {
            guard var reader = batch.reader(of: item, shape: shape, context: context, walk: learner) else { continue }
            let enrolledAt = reader.timestampSeconds("created")
            let expiresAt = reader.timestampSeconds("expires", window: .planned, zeroIsNull: true)
            let course = reader.key("course", "id")
            batch.append(
                Enrollment(
                    courseID: course,
                    learnerID: learner,
                    role: "learner",
                    status: expiresAt.map { $0 < context.now } ?? false ? "expired" : "active",
                    enrolledAt: enrolledAt,
                    expiresAt: expiresAt
                ),
                from: reader,
                shape: shape,
                walk: learner
            )
        }
    }

    /// The learners on one page of a course's roster: whom it names, and nothing else it says of them.
    struct Roster: Sendable {
        var learnerIDs: [String] = []
        /// Entries whose learner cannot be read: as long as there are any, the roster proves nobody's absence.
        var unreadableCount = 0
        /// What nobody knows in the user records.
        var driftLog = DriftLog()
    }

    private static let rosterShape = RecordShape(
        key: [.member("id")],
        ignored: [
            "email", "username", "first_name", "last_name", "is_suspended", "role", "created", "last_login", "fields",
            "tags",
        ] + ignoredOfLearners,
        objects: [roleObject]
    )

    /// Reads one page of a course's roster, whose user records bear the account's dates, not the enrollment's.
    func roster(_ items: JSONValue) -> Roster {
        var roster = Roster()
        roster.learnerIDs.reserveCapacity(items.count)
        for item in items.elements {
            var reader = RecordReader(item, context: context)
            let id = reader.key("id")
            reader.note(in: &roster.driftLog, shape: Self.rosterShape)
            if reader.failure == nil {
                roster.learnerIDs.append(id)
            } else {
                roster.unreadableCount += 1
            }
        }
        return roster
    }
}
