import Records

extension PieceWriter {
    /// Counts what publishing the piece would change, and stores nothing.
    package func preview(_ piece: Piece) async throws -> PublishCounts {
        var counts = PublishCounts()
        for rows in piece.orderedTables {
            let changed = try await differences(in: rows.table, of: piece, returning: [rows.table.key[0]])
            var row = RowCounts()
            row.inserted = changed.count { $0.isNew }
            row.updated = changed.count - row.inserted
            row.unchanged = rows.buffer.rows - changed.count
            counts.tables[rows.table.name] = row
            // Rows of one table come from one stream, but for the stubs among the assessments.
            let stream = rows.streams.max { $0.value < $1.value }?.key
            counts.streams[stream.map(StreamNumber.name) ?? rows.table.name, default: RowCounts()] += row
        }
        for (stream, row) in piece.state.counts { counts.streams[stream, default: RowCounts()] += row }
        return counts
    }
}
