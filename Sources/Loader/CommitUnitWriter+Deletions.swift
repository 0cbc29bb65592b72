import Postgres
import Records

extension CommitUnitWriter {
    /// Gives rows their new keys, then marks rows as deleted, inside an open transaction.
    func applyDeletions(
        of unit: CommitUnit,
        _ counts: inout PublishCounts,
        _ connection: isolated PostgresConnection
    ) throws {
        try leaveTables(of: unit, &counts, connection)
        guard !unit.state.rekeyings.isEmpty || !unit.state.deletions.isEmpty else { return }
        // The session's plans are made for keys; a deletion may name rows by any column of one.
        try connection.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_seqscan = on")
        let (source, run) = (PostgresValue.text(unit.sourceID), PostgresValue.int8(unit.runID))
        for rows in unit.state.rekeyings {
            let values = DeletionStatement.values(rows)
            let copied = try connection.execute(DeletionStatement.copy(rows), [source, run] + values.from + values.to)
            let left = try connection.execute(DeletionStatement.leave(rows), [source, run] + values.from)
            var row = RowCounts()
            (row.inserted, row.deleted) = (copied, left)
            counts.add(row, rows.table, rows.stream)
        }
        for rows in unit.state.deletions {
            var row = RowCounts()
            row.deleted = try connection.execute(
                DeletionStatement.delete(rows),
                [source, run] + DeletionStatement.values(rows) + DeletionStatement.settings(rows)
            )
            counts.add(row, rows.table, rows.stream)
        }
    }

    /// In one transaction, so that no reader and no later run meets rows of two schools under one id.
    private func leaveTables(
        of unit: CommitUnit,
        _ counts: inout PublishCounts,
        _ connection: isolated PostgresConnection
    ) throws {
        for left in unit.state.leftTables {
            var row = RowCounts()
            row.deleted = try connection.execute(
                DeletionStatement.deleteAll(of: left.table),
                [.text(unit.sourceID), .int8(unit.runID)],
                deadline: .seconds(7_200)
            )
            counts.add(row, left.table, left.stream)
        }
    }
}

extension PublishCounts {
    mutating func add(_ row: RowCounts, _ table: Table, _ stream: String) {
        tables[table.name, default: RowCounts()] += row
        streams[stream, default: RowCounts()] += row
    }
}
