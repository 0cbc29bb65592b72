import Records

/// What was marked as deleted together with a parent that is back: Sources/Platforms/Blackboard/README.md §6.
///
/// What hangs on it is older than any mark: of a course everything is read whole, of a column its cells, of a membership what the
/// course has of the person. Of an account the members of the courses are read in which the person once was.
struct BlackboardReturns<Run: RunContext> {
    /// The streams that are on, whether this run reads them or not.
    let streams: Set<String>
    let run: Run

    /// The re-pulls that follow from rows that were gone here and are back.
    func decide(_ changes: [String: [ChangedRow]]) async throws -> [StateChange] {
        func returned(_ table: Table) -> [ChangedRow] { (changes[table.name] ?? []).filter(\.isReturned) }
        // A child course is a row alone.
        let courses = Set(
            returned(Course.table).filter { $0["parent_course_id"] == nil }.compactMap { $0["course_id"] }
        )
        let whole = ["enrollments", "assessments", "grades", "progress"]
        var parts = courses.sorted().flatMap { course in whole.map { ($0, course) } }
        for row in returned(Assessment.table) {
            guard let id = row["assessment_id"], let course = row["course_id"], !courses.contains(course) else {
                continue
            }
            parts.append(("grades", BlackboardFollowUps.partition(course: course, assessment: id)))
        }
        parts += try await left(by: returned(Learner.table)).subtracting(courses).sorted().map { ("enrollments", $0) }
        // What is read of a course that is back holds the people in it.
        let memberships = try await left(returned(Enrollment.table))
        for (family, learner) in memberships where !courses.contains(family) {
            parts.append(("grades", BlackboardFollowUps.partition(course: family, learner: learner)))
        }
        let now = run.serverNow
        return parts.filter { streams.contains($0.0) }.map {
            .queue(PendingEntry(stream: $0.0, partition: $0.1, reason: PendingEntry.whole, dueAt: now))
        }
    }

    /// The live courses in which people once were who are back: their memberships may have ended before the account did.
    private func left(by rows: [ChangedRow]) async throws -> Set<String> {
        let learners = rows.compactMap { $0["learner_id"] }
        guard !learners.isEmpty else { return [] }
        var courses: Set<String> = []
        for column in ["course_id", "parent_course_id"] {
            courses.formUnion(
                try await run.facts.distinctDeleted(
                    column,
                    of: Enrollment.table,
                    matching: ["learner_id": learners],
                    since: Timestamp(microsecondsSinceEpoch: 0)
                )
            )
        }
        return courses.intersection(try await run.facts.courseIDs())
    }

    /// The memberships that are back, each with the course that is asked for it; without those who were all the time in another
    /// child of the same course: their rows move along.
    private func left(_ rows: [ChangedRow]) async throws -> [(family: String, learner: String)] {
        var stored: [String: Set<String>] = [:]
        for chunk in Set(rows.compactMap { $0["learner_id"] }).sorted().chunks(of: 1_000) {
            let live = try await run.facts.rows(
                of: Enrollment.table,
                columns: ["course_id", "learner_id", "parent_course_id"],
                matching: ["learner_id": chunk]
            )
            for row in live {
                guard let learner = row["learner_id"], let family = row["parent_course_id"] ?? row["course_id"] else {
                    continue
                }
                stored[learner, default: []].insert(family)
            }
        }
        return rows.compactMap { row in
            guard let learner = row["learner_id"], let family = row["parent_course_id"] ?? row["course_id"],
                stored[learner]?.contains(family) != true
            else { return nil }
            return (family, learner)
        }
    }
}
