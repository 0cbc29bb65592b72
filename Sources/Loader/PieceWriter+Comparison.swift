import Postgres
import Records

extension PieceWriter {
    /// Names the rows that publishing the piece would insert, change or mark as deleted, and stores nothing.
    ///
    /// - Parameter piece: Its deletions are replaced by the keys of the live rows they name within `scope`.
    package func compare(_ piece: inout Piece, in scope: ComparisonScope) async throws -> [RowDifference] {
        piece.keepRows(in: scope)
        let gone = try await resolveDeletions(of: &piece, in: scope)
        do {
            return try await compareRows(of: piece) + gone
        } catch let error as PostgresError {
            guard error.kind == .badRow else { throw LoadError(error) }
            piece = try await rejectingRefusedRows(of: piece)
            return try await compareRows(of: piece) + gone
        }
    }

    private func compareRows(of piece: Piece) async throws -> [RowDifference] {
        var differences: [RowDifference] = []
        for rows in piece.orderedTables {
            let (table, sql) = (rows.table, MergeStatement.of(rows.table).namedDifferences)
            let sourceID = piece.sourceID
            differences += try await lane.transaction { connection, memory in
                try stage(rows, of: sourceID, connection, memory)
                let result = try connection.query(sql, [.text(piece.sourceID), .bool(piece.allowsOlder)])
                return try (0..<result.rowCount).map { row in
                    let isMissing = try result.bool(row, 0) ?? false
                    let columns = try result.string(row, 1).map { $0.split(separator: ",").map(String.init) } ?? []
                    return RowDifference(
                        table: table.name,
                        key: try Self.key(of: table, result, row, from: 2),
                        kind: isMissing ? .missingHere : .different,
                        columns: isMissing ? [] : columns
                    )
                }
            }
        }
        return differences
    }

    /// Turns the piece's deletions into the keys of live rows.
    private func resolveDeletions(of piece: inout Piece, in scope: ComparisonScope) async throws -> [RowDifference] {
        var (deletions, differences): ([DeletedRows], [RowDifference]) = ([], [])
        var parts = piece.state.deletions
        // What is left under a former key is gone there.
        parts += piece.state.rekeyings.map { moved in
            let columns = moved.from.keys.sorted()
            return DeletedRows(
                moved.table,
                stream: moved.stream,
                columns: columns,
                keys: [columns.map { moved.from[$0] ?? "" }]
            )
        }
        piece.state.rekeyings = []
        for rows in parts where scope.covers(rows.table) {
            let found = try await liveKeys(of: rows, in: scope, sourceID: piece.sourceID)
            guard !found.isEmpty else { continue }
            let table = rows.table
            deletions.append(
                DeletedRows(
                    table,
                    stream: rows.stream,
                    columns: table.key,
                    keys: found.map { key in table.key.map { key[$0] ?? "" } },
                    setting: rows.setting
                )
            )
            differences += found.map { RowDifference(table: table.name, key: $0, kind: .goneThere) }
        }
        piece.state.deletions = deletions
        return differences
    }

    /// The keys of the live rows that a deletion names.
    private func liveKeys(
        of rows: DeletedRows,
        in scope: ComparisonScope,
        sourceID: String
    ) async throws -> [[String: String]] {
        let table = rows.table
        var parameters = [PostgresValue.text(sourceID)] + DeletionStatement.values(rows)
        var sql = DeletionStatement.select(rows)
        let columns = scope.courseColumns(of: table)
        if let courses = scope.courses, !columns.isEmpty {
            parameters.append(.textArray(courses.sorted()))
            sql +=
                " AND (" + columns.map { "t.\($0) = ANY ($\(parameters.count)::text[])" }.joined(separator: " OR ")
                + ")"
        }
        let (query, values) = (sql, parameters)
        do {
            return try await lane.transaction { connection, _ in
                // The session's plans are made for keys; a deletion may name rows by any column of one.
                try connection.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_seqscan = on")
                let result = try connection.query(query, values)
                return try (0..<result.rowCount).map { try Self.key(of: table, result, $0, from: 0) }
            }
        } catch let error as PostgresError {
            throw LoadError(error)
        }
    }

    private static func key(
        of table: Table,
        _ result: PostgresResult,
        _ row: Int,
        from first: Int
    ) throws(PostgresError) -> [String: String] {
        var key: [String: String] = [:]
        for (index, name) in table.key.enumerated() { key[name] = try result.string(row, first + index) }
        return key
    }
}
