import Postgres
import Records

extension CommitUnitWriter {
    /// Makes the monthly partitions that the commit unit's rows need, in a transaction of its own: making one locks the
    /// table for writers, which is over at once this way.
    func ensurePartitions(_ unit: CommitUnit) async throws {
        for rows in unit.orderedTables {
            guard let column = rows.table.monthlyPartitionColumn,
                let index = rows.table.columns.firstIndex(where: { $0.name == column })
            else { continue }
            var months: Set<String> = []
            var last: (start: Int64, end: Int64)?
            CopyRow.forEach(in: rows.buffer) { row in
                guard let time = row.timestamp(index) else { return }
                // Rows of one day lie together: most need no calendar.
                if let last, (last.start..<last.end).contains(time.microseconds) { return }
                let day = time.microseconds / Self.dayLength * Self.dayLength
                last = (day, time.microseconds < 0 ? day : day + Self.dayLength)
                months.insert(time.month)
            }
            let wanted = months
            try await database.transaction { connection, memory in
                let unknown = memory.unknown(months: wanted).sorted()
                guard !unknown.isEmpty else { return }
                for month in unknown {
                    // A month out of range is refused here; its rows are found and rejected when they are merged.
                    guard ("1970-01-01"..<"2200-01-01").contains(month), month.utf8.count == 10 else { continue }
                    _ = try connection.query("SELECT sync.ensure_event_partition($1::text::date)", [.text(month)])
                }
                memory.note(months: wanted)
            }
        }
    }

    private static let dayLength: Int64 = 86_400_000_000
}
