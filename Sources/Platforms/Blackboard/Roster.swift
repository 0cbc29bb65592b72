import Records

/// Who is in a course, its child courses included: what grades and progress need to know of a learner.
struct Roster: Sendable, Equatable {
    /// One membership.
    struct Member: Sendable, Equatable {
        /// The child course the learner sits in; `nil` in the course itself.
        var child: String?
        var lastAccessedAt: Timestamp?
        var status: String?
    }

    /// The course that the platform is asked for.
    let course: String
    private(set) var members: [String: Member] = [:]

    init(course: String) { self.course = course }

    /// Live memberships.
    var count: Int { members.count }

    subscript(learner: String) -> Member? { members[learner] }

    /// The course the learner's rows belong to, and its parent where that is a child course.
    func place(of learner: String) -> (course: String, parent: String?) {
        guard let child = members[learner]?.child else { return (course, nil) }
        return (child, course)
    }

    /// Adds or replaces a membership from its stored or staged row.
    mutating func note(row: [String: String]) {
        guard let courseID = row["course_id"], let learner = row["learner_id"] else { return }
        members[learner] = Member(
            child: courseID == course ? nil : courseID,
            lastAccessedAt: row["last_accessed_at"].flatMap(Int64.init).map(Timestamp.init(microsecondsSinceEpoch:)),
            status: row["status"]
        )
    }

    /// Removes a membership that is gone.
    mutating func remove(learner: String, inCourse courseID: String) {
        guard let member = members[learner], (member.child ?? course) == courseID else { return }
        members[learner] = nil
    }
}
