import Records

/// What changed rows mean for the next reads: the cycle of Sources/Platforms/Blackboard/README.md §5.
enum BlackboardFollowUps {
    static let followedTables: [FollowedTable] = [
        FollowedTable(Course.table, columns: ["course_id", "parent_course_id"]),
        FollowedTable(
            Enrollment.table,
            columns: ["course_id", "learner_id", "parent_course_id", "last_accessed_at", "status", "enrolled_at"]
        ),
        FollowedTable(Grade.table, columns: ["course_id", "parent_course_id", "learner_id", "assessment_id"]),
        FollowedTable(Assessment.table, columns: ["assessment_id", "course_id"]),
        FollowedTable(Learner.table, columns: ["learner_id"]),
    ]

    /// Why a course's columns are read: somebody was active in it.
    static let active = "active"
    /// Why they are: a course total moved.
    static let total = "total"
    /// Why all columns of a course are read: it has come into scope.
    static let entering = "scope"
    /// Why a column or course is read: it was not read for long.
    static let age = "age"

    /// The queue's partition for one column; a course's own partition is its id.
    static func partition(course: String, assessment: String) -> String { "\(course)/\(assessment)" }

    private static let learnerPrefix = "learner:"

    /// The queue's partition for everything of one learner in a course.
    static func partition(course: String, learner: String) -> String { "\(course)/\(learnerPrefix)\(learner)" }

    /// The learner of such a partition; `nil` for a course's or a column's.
    static func learner(of partition: String) -> String? {
        split(partition).assessment.flatMap { part in
            part.hasPrefix(learnerPrefix) ? String(part.dropFirst(learnerPrefix.utf8.count)) : nil
        }
    }

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
        var queue = try await BlackboardReturns(streams: streams, run: run).decide(changes)
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
    /// row under the new key need not be new: somebody may come back. A membership of another date is another one: who
    /// left and joined anew has left the old grades behind.
    private func moves(_ rows: [ChangedRow]) async throws -> [StateChange] {
        let learners = Set(rows.compactMap { $0["learner_id"] })
        guard !learners.isEmpty else { return [] }
        var places: [String: [Place]] = [:]
        for chunk in learners.sorted().chunks(of: 1_000) {
            let stored = try await run.facts.rows(
                of: Enrollment.table,
                columns: ["course_id", "learner_id", "parent_course_id", "enrolled_at"],
                matching: ["learner_id": chunk]
            )
            for row in stored {
                guard let learner = row["learner_id"], let place = Place(row) else { continue }
                places[learner, default: []].append(place)
            }
        }
        return rows.flatMap { row -> [StateChange] in
            guard let learner = row["learner_id"], let new = Place(row.values) else { return [] }
            let former = (places[learner] ?? []).filter { $0.family == new.family }
            if former.isEmpty, new.parent != nil {
                // What lists of the course have shown of somebody nobody knew yet stands under the course itself.
                return [Grade.table, Progress.table].map { table in
                    .moved(
                        MovedRows(
                            table,
                            from: ["course_id": new.family, "learner_id": learner],
                            to: ["course_id": new.course, "parent_course_id": new.parent]
                        )
                    )
                }
            }
            return former.flatMap { old -> [StateChange] in
                let isSame = old.enrolledAt == new.enrolledAt || old.enrolledAt == nil || new.enrolledAt == nil
                if old.course != new.course { return Self.move(learner, from: old, to: new, isSame: isSame) }
                if !isSame { activity.note(rejoined: learner, in: old.course) }
                return []
            }
        }
    }

    /// Where a membership sits, and since when.
    private struct Place {
        let course: String
        let parent: String?
        let enrolledAt: String?

        init?(_ row: [String: String]) {
            guard let course = row["course_id"] else { return nil }
            (self.course, parent, enrolledAt) = (course, row["parent_course_id"], row["enrolled_at"])
        }

        /// The course that is asked for it.
        var family: String { parent ?? course }
    }

    private static func move(_ learner: String, from old: Place, to new: Place, isSame: Bool) -> [StateChange] {
        let (columns, keys) = (["course_id", "learner_id"], [[old.course, learner]])
        let ended = StateChange.gone(
            GoneRows(Enrollment.table, columns: columns, keys: keys, isGuarded: false, isAlone: true)
        )
        let others = [Grade.table, Progress.table].map { table in
            isSame
                ? StateChange.moved(
                    MovedRows(
                        table,
                        from: ["course_id": old.course, "learner_id": learner],
                        to: ["course_id": new.course, "parent_course_id": new.parent]
                    )
                ) : .gone(GoneRows(table, columns: columns, keys: keys, isGuarded: false))
        }
        return [ended] + others
    }

    private func entry(_ stream: String, _ partition: String, _ reason: String) -> PendingEntry {
        PendingEntry(stream: stream, partition: partition, reason: reason, dueAt: run.serverNow)
    }
}
