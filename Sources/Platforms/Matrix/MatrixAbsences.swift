import Records
import Synchronization

/// The rows that whole lists were found to lack, until the step that decides about their table takes them.
final class MatrixAbsences<Run: RunContext>: Sendable {
    private let run: Run
    private let waiting = Mutex<[String: Set<AbsentRow>]>([:])

    init(run: Run) {
        self.run = run
    }

    /// What is missing of a table since the last call.
    func take(_ table: Table) async -> Set<AbsentRow> {
        let rows = await run.takeAbsent()
        return waiting.withLock { waiting in
            for row in rows { waiting[row.table, default: []].insert(row) }
            return waiting.removeValue(forKey: table.name) ?? []
        }
    }
}
