import JSON
import Records
import Transformer

extension BlackboardMapping {
    private static let progressShape = RecordShape(
        key: [.member("userId")],
        ignored: ["courseId"],
        rejectPayload: ["courseId", "userId", "reviewedCount", "reviewableCount"]
    )

    /// Reads one page of a course's review status: how many of its items each learner has reviewed.
    ///
    /// The share is a count of items that were marked as reviewed in Original courses, and of items whose progress is
    /// tracked in Ultra ones.
    func progress(
        _ items: JSONValue,
        roster: Roster,
        into batch: inout Batch<Progress>,
        leavingOut isLeftOut: (String) -> Bool = { _ in false }
    ) {
        let shape = Self.progressShape
        for item in items.elements {
            guard var reader = batch.reader(of: item, shape: shape, context: context, walk: roster.course) else {
                continue
            }
            let learner = reader.key("userId")
            let reviewed = reader.smallInteger("reviewedCount")
            let reviewable = reader.smallInteger("reviewableCount")
            if reader.failure == nil, isLeftOut(learner) { continue }
            let place = roster.place(of: learner)
            let lastAccessed = roster[learner]?.lastAccessedAt
            let rate = reviewed.flatMap { reviewed in
                reviewable.flatMap { Numeric(Int(reviewed)).percent(of: Numeric(Int($0))) }
            }
            batch.append(
                Progress(
                    courseID: place.course,
                    learnerID: learner,
                    status: Self.progressStatus(reviewed, of: reviewable, hasAccessed: lastAccessed != nil),
                    progressRate: rate,
                    completedUnits: reviewed,
                    totalUnits: reviewable,
                    lastAccessedAt: lastAccessed,
                    parentCourseID: place.parent
                ),
                from: reader,
                shape: shape,
                walk: roster.course
            )
        }
    }

    private static func progressStatus(_ reviewed: Int32?, of reviewable: Int32?, hasAccessed: Bool) -> String {
        if let reviewed, let reviewable, reviewable > 0, reviewed >= reviewable { return "completed" }
        return (reviewed ?? 0) == 0 && !hasAccessed ? "not_started" : "in_progress"
    }
}
