import Postgres
import Records

extension CommitUnitWriter {
    /// Takes the rows that the database refuses out of a commit unit and makes them rejects.
    ///
    /// Each half of a table's rows is tried in a transaction that is rolled back, until single rows are left. Should none
    /// be refused any more (the state of the database changed meanwhile), the commit unit comes back as it was.
    func rejectingRefusedRows(of unit: CommitUnit) async throws -> CommitUnit {
        var unit = unit
        var rejected = 0
        for rows in unit.orderedTables {
            var refused: [(index: Int, reason: String)] = []
            var ranges = [0..<rows.buffer.rows]
            while let range = ranges.popLast() {
                guard let error = try await refusal(of: rows, in: range, unit) else { continue }
                guard range.count > 1 else {
                    refused.append((range.lowerBound, Self.reason(error, rows.table)))
                    guard rejected + refused.count <= rejectLimit else { throw tooMany(rows.table, error) }
                    continue
                }
                let middle = range.lowerBound + range.count / 2
                ranges += [middle..<range.upperBound, range.lowerBound..<middle]
            }
            rejected += refused.count
            if !refused.isEmpty { unit.reject(refused, of: rows.table) }
        }
        // Not a row then: the commit unit's own state was refused, and trying again would not end.
        guard rejected > 0 else {
            throw LoadError(
                .brokenInvariant,
                "the database refused the state of a commit of source \(unit.sourceID)"
            )
        }
        return unit
    }

    /// What the database says to a part of a table's rows, or `nil` when it takes them; nothing is kept.
    private func refusal(of rows: StagedRows, in range: Range<Int>, _ unit: CommitUnit) async throws -> PostgresError? {
        var part = StagedRows(table: rows.table)
        part.buffer = rows.buffer.rows(in: range)
        part.streams = rows.streams
        part.absences = rows.absences
        let probe = part
        do {
            try await database.transaction { connection, memory in
                try stage(probe, of: unit.sourceID, connection, memory)
                let merge = MergeStatement.of(probe.table).merge
                _ = try connection.query(
                    merge,
                    [.text(unit.sourceID), .int8(unit.runID), .bool(unit.allowsOlder)]
                )
                throw Accepted()
            }
        } catch is Accepted {
            return nil
        } catch let error as PostgresError {
            return error
        }
        return nil
    }

    private struct Accepted: Error {}

    private static func reason(_ error: PostgresError, _ table: Table) -> String {
        let column = error.column.map { ", column \($0)" } ?? ""
        return "the database refused the row (SQLSTATE \(error.sqlState ?? "none"), table \(table.name)\(column))"
    }

    private func tooMany(_ table: Table, _ error: PostgresError) -> LoadError {
        LoadError(
            .tooManyRejects,
            "the database refuses more than \(rejectLimit) rows of one commit, in \(table.qualifiedName): \(error)",
            cause: error
        )
    }
}

extension CommitUnit {
    /// Moves rows of a table to the rejects.
    fileprivate mutating func reject(_ refused: [(index: Int, reason: String)], of table: Table) {
        guard let rows = tables[table.name] else { return }
        let reasons = Dictionary(uniqueKeysWithValues: refused.map { ($0.index, $0.reason) })
        var left = StagedRows(table: table)
        left.streams = rows.streams
        left.absences = rows.absences
        var index = 0
        CopyRow.forEach(in: rows.buffer) { row in
            if let reason = reasons[index] {
                left.streams[row.stream, default: 1] -= 1
                reject(
                    RejectedRecord(
                        stream: StreamNumber.name(row.stream),
                        naturalKey: row.naturalKey(of: table),
                        reason: reason
                    )
                )
            }
            index += 1
        }
        var start = 0
        for bad in reasons.keys.sorted() + [rows.buffer.rows] {
            if bad > start { left.buffer.append(contentsOf: rows.buffer.rows(in: start..<bad)) }
            start = bad + 1
        }
        left.streams = left.streams.filter { $0.value > 0 }
        tables[table.name] = left
    }
}
