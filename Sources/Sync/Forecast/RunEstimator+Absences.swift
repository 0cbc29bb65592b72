import Loader
import Platforms
import Records
import Synchronization

extension RunEstimator {
    func absentRows(of table: Table) async -> [AbsentRow] { absences.take(table.name) }

    /// What a plan itself finds lacking, it finds in lists that an estimate has not read.
    func noteAbsent(_ rows: [AbsentRow], of table: Table, isConfirmedOneByOne: Bool) async throws {}

    /// A plan says nothing to those who run the source: the run will.
    func say(_ message: String) {}

    /// A plan is of whole runs, never of single learners and courses that somebody asks for.
    func noteUnknown(_ record: NamedRecord) {}

    /// Notes what lists that were read whole have shown to be lacking.
    ///
    /// - Parameter scale: How many such lists each of them stands for.
    func noteAbsences(_ presence: Presence, scale: Double) async throws {
        let seenKeys = SeenKeys()
        for shown in seenKeys.add(presence) + seenKeys.take() {
            let table = shown.table
            let found = try await store.absentRows(
                of: table,
                scopes: shown.scopes,
                seen: shown.seen,
                limit: SourceRun.absenceLimit
            )
            // A record that could not be read is there all the same.
            let keys = found.keys.filter { key in !key.values.contains(where: shown.rejected.contains) }
            let absent = found.absent - (found.keys.count - keys.count)
            guard absent > 0 else { continue }
            let rows = keys.map { AbsentRow(table: table.name, key: $0) }
            absences.add(rows, of: table.name, absent: absent, isConfirmedOneByOne: shown.isConfirmedOneByOne)
            if scale > 1 { note(rows, scale: scale) }
            guard absences.needsCount(of: table.name) else { continue }
            absences.note(live: try await reader.liveRowCount(settings.id, of: table), of: table.name)
        }
    }

    /// A list that asks for one row is called by its key, or by two members of it.
    private func note(_ rows: [AbsentRow], scale: Double) {
        state.withLock { state in
            for row in rows {
                let values = Array(row.key.values)
                if values.count == 1 { state.absent[values[0]] = scale }
                for first in values {
                    for second in values where first != second { state.absent["\(first)/\(second)"] = scale }
                }
            }
        }
    }
}
