import Records

/// What changed rows mean for the next reads: the cycle of the connector guide, section 5.
enum BlackboardFollowUps {
    static let followedTables: [FollowedTable] = [
        FollowedTable(Course.table, columns: ["course_id", "parent_course_id"]),
        FollowedTable(
            Enrollment.table,
            columns: ["course_id", "learner_id", "parent_course_id", "last_accessed_at", "status"]
        ),
        FollowedTable(Grade.table, columns: ["course_id", "parent_course_id", "learner_id", "assessment_id"]),
    ]

    /// Why a course's columns are read: somebody was active in it.
    static let active = "active"
    /// Why they are: a course total moved.
    static let total = "total"
    /// Why a column or course is read: it was not read for long.
    static let age = "age"

    /// The queue's partition for one column; a course's own partition is its id.
    static func partition(course: String, assessment: String) -> String { "\(course)/\(assessment)" }

    /// The course and the column of a partition; no column for a course's own.
    static func split(_ partition: String) -> (course: String, assessment: String?) {
        guard let slash = partition.firstIndex(of: "/") else { return (partition, nil) }
        return (String(partition[..<slash]), String(partition[partition.index(after: slash)...]))
    }
}

/// Decides what follows from changed rows.
struct BlackboardFollowUp<Run: RunContext> {
    let activity: CourseActivity
    /// The streams that are on, whether this run reads them or not.
    let streams: Set<String>
    let run: Run

    func decide(_ changes: [String: [ChangedRow]]) async throws -> [StateChange] {
        var active = Set(
            (changes[Course.table.name] ?? []).compactMap { row in
                row.isNew && row["parent_course_id"] == nil ? row["course_id"] : nil
            }
        )
        let memberships = changes[Enrollment.table.name] ?? []
        for row in memberships {
            guard let course = row["parent_course_id"] ?? row["course_id"] else { continue }
            activity.note(membership: row.values, of: course)
            active.insert(course)
        }
        var queue: [StateChange] = []
        for course in active.sorted() {
            for stream in ["assessments", "grades", "progress"] where streams.contains(stream) {
                queue.append(.queue(entry(stream, course, BlackboardFollowUps.active)))
            }
        }
        queue += try await moves(memberships)
        return queue + totals(changes[Grade.table.name] ?? [])
    }

    /// A course total that moved has to be explained by a column that was read.
    private func totals(_ grades: [ChangedRow]) -> [StateChange] {
        var courses: Set<String> = []
        for row in grades {
            guard let course = row["parent_course_id"] ?? row["course_id"], let learner = row["learner_id"],
                let assessment = row["assessment_id"]
            else { continue }
            activity.note(gradeOf: learner, in: assessment, of: course)
            if assessment == BlackboardMapping.totalID(of: course) { courses.insert(course) }
        }
        guard streams.contains("grades") else { return [] }
        return courses.sorted().map { .queue(entry("grades", $0, BlackboardFollowUps.total)) }
    }

    /// Learners who sit in another child course than before.
    ///
    /// A membership is one of course and person, so the old row ends, and what is stored of the person goes along. The
    /// row under the new key need not be new: somebody may come back.
    private func moves(_ rows: [ChangedRow]) async throws -> [StateChange] {
        let learners = Set(rows.compactMap { $0["learner_id"] })
        guard !learners.isEmpty else { return [] }
        var places: [String: [(course: String, family: String)]] = [:]
        for chunk in learners.sorted().chunks(of: 1_000) {
            let stored = try await run.facts.rows(
                of: Enrollment.table,
                columns: ["course_id", "learner_id", "parent_course_id"],
                matching: ["learner_id": chunk]
            )
            for row in stored {
                guard let learner = row["learner_id"], let course = row["course_id"] else { continue }
                places[learner, default: []].append((course, row["parent_course_id"] ?? course))
            }
        }
        return rows.flatMap { row -> [StateChange] in
            guard let learner = row["learner_id"], let course = row["course_id"] else { return [] }
            let parent = row["parent_course_id"]
            return (places[learner] ?? []).filter { $0.family == parent ?? course && $0.course != course }
                .flatMap { Self.move(learner, from: $0.course, to: course, parent: parent) }
        }
    }

    private static func move(_ learner: String, from old: String, to new: String, parent: String?) -> [StateChange] {
        let ended = GoneRows(
            Enrollment.table,
            columns: ["course_id", "learner_id"],
            keys: [[old, learner]],
            setting: ["status": "ended"],
            isGuarded: false
        )
        let moved = [Grade.table, Progress.table].map { table in
            StateChange.moved(
                MovedRows(
                    table,
                    from: ["course_id": old, "learner_id": learner],
                    to: ["course_id": new, "parent_course_id": parent]
                )
            )
        }
        return [.gone(ended)] + moved
    }

    private func entry(_ stream: String, _ partition: String, _ reason: String) -> PendingEntry {
        PendingEntry(stream: stream, partition: partition, reason: reason, dueAt: run.serverNow)
    }
}
