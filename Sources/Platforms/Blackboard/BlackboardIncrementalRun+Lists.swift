import Records
import Synchronization

/// Rows that the lists of the whole site lacked: courses, people, terms.
extension BlackboardIncrementalRun {
    /// A course that the platform no longer has.
    func goneCourse(_ id: String) -> [StateChange] {
        catalogue.remove(id)
        return [.gone(GoneRows(Course.table, "course_id", [id]))]
    }

    /// Asks for each of them by itself.
    func verifyLists(_ absent: [String: [AbsentRow]]) async throws {
        func ids(_ table: Table, _ column: String) -> [String] {
            (absent[table.name] ?? []).compactMap { $0.key[column] }.uniqued()
        }
        let courses = ids(Course.table, "course_id").map { id in
            ReadGroup([lists.course(id) { goneCourse(id) }])
        }
        let learners = ids(Learner.table, "learner_id").map { id in
            ReadGroup([lists.account(id)])
        }
        let terms = ids(Term.table, "term_id").map { id in
            ReadGroup([lists.term(id) { [.gone(GoneRows(Term.table, "term_id", [id]))] }])
        }
        try await run.read(courses + learners + terms)
    }

    /// Takes back that the lists were read whole which lacked these rows: the next run misses them again.
    func reopen(_ rows: [AbsentRow]) async throws {
        let byTable = Dictionary(grouping: rows, by: \.table)
        func keys(_ table: Table, _ column: String) -> [String] {
            (byTable[table.name] ?? []).compactMap { $0.key[column] }.uniqued()
        }
        for table in [Course.table, Learner.table, Term.table] where byTable[table.name] != nil {
            try await reopen(table.name, [""], without: [BlackboardLists.verifiedAt])
        }
        let members = ["read_at", BlackboardLists.verifiedAt]
        let rosters = keys(Enrollment.table, "course_id").map { catalogue.asked(for: $0) }.uniqued()
        try await reopen("enrollments", rosters, without: members)
        let columns = try await run.facts.courses(ofAssessments: keys(Assessment.table, "assessment_id"))
        try await reopen("assessments", Set(columns.values).sorted(), without: members)
        try await reopen("grades", keys(Grade.table, "assessment_id"), without: members + ["full_at"])
    }

    private func reopen(_ stream: String, _ partitions: [String], without members: [String]) async throws {
        guard !partitions.isEmpty else { return }
        let marks = try await run.facts.watermarks(stream, partitions: partitions)
        let now = run.serverNow
        await run.apply(
            marks.sorted { $0.key < $1.key }.map { partition, position in
                var position = position
                for member in members { position.set(member, nil) }
                return .watermark(stream: stream, partition: partition, position: position, asOf: now)
            }
        )
    }
}

/// Rows that were missed, until the run that missed them ends.
final class AbsentRows: Sendable {
    private let rows = Mutex<[AbsentRow]>([])

    func add(_ more: [AbsentRow]) { rows.withLock { $0 += more } }

    func takeAll() -> [AbsentRow] {
        rows.withLock { rows in
            defer { rows = [] }
            return rows
        }
    }
}
