import Loader
import Platforms
import Records
import Synchronization

extension Rehearsal {
    func takeAbsent() async -> [AbsentRow] { absences.take() }

    /// What a plan itself finds lacking, it finds in lists that a rehearsal has not read.
    func noteAbsent(_ rows: [AbsentRow], of table: Table) async throws {}

    /// Notes what lists that were read whole have shown to be lacking.
    ///
    /// - Parameter scale: How many such lists each of them stands for.
    func noteAbsences(_ presence: SourceRun.Presence, scale: Double) async throws {
        for found in try await presence.absences(in: store) where found.absent > 0 {
            let table = found.cover.table
            absences.add(
                found.rows,
                of: table.name,
                absent: found.absent,
                isConfirmedOneByOne: found.cover.isConfirmedOneByOne
            )
            if scale > 1 { note(found.rows, scale: scale) }
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
