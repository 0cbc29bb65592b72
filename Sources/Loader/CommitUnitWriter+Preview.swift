import Records

extension CommitUnitWriter {
    /// Counts what publishing the commit unit would change, and stores nothing.
    package func preview(_ unit: CommitUnit) async throws -> PublishCounts {
        var counts = PublishCounts()
        for rows in unit.orderedTables {
            let changed = try await differences(in: rows.table, of: unit, returning: [rows.table.key[0]])
            var row = RowCounts()
            row.inserted = changed.count { $0.isNew }
            row.updated = changed.count - row.inserted
            row.unchanged = rows.buffer.rows - changed.count
            counts.tables[rows.table.name] = row
            // Rows of one table come from one stream, but for the stubs among the assessments.
            let stream = rows.streams.max { $0.value < $1.value }?.key
            counts.streams[stream.map(StreamNumber.name) ?? rows.table.name, default: RowCounts()] += row
        }
        for (stream, row) in unit.state.counts { counts.streams[stream, default: RowCounts()] += row }
        return counts
    }
}
