import Postgres
import Records

extension CommitUnitWriter {
    /// Names the rows that publishing the commit unit would insert, change or mark as deleted, and stores nothing.
    ///
    /// - Parameter unit: Its deletions are replaced by the keys of the live rows they name within `scope`.
    package func compare(_ unit: inout CommitUnit, in scope: ComparisonScope) async throws -> [RowDifference] {
        unit.keepRows(in: scope)
        let gone = try await resolveDeletions(of: &unit, in: scope)
        do {
            return try await compareRows(of: unit) + gone
        } catch let error as PostgresError {
            guard error.kind == .badRow else { throw LoadError(error) }
            unit = try await rejectingRefusedRows(of: unit)
            return try await compareRows(of: unit) + gone
        }
    }

    private func compareRows(of unit: CommitUnit) async throws -> [RowDifference] {
        var differences: [RowDifference] = []
        for rows in unit.orderedTables {
            let (table, sql) = (rows.table, MergeStatement.of(rows.table).namedDifferences)
            let sourceID = unit.sourceID
            differences += try await database.transaction { connection, memory in
                try stage(rows, of: sourceID, connection, memory)
                let result = try connection.query(sql, [.text(unit.sourceID), .bool(unit.allowsOlder)])
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

    /// Turns the commit unit's deletions into the keys of live rows.
    private func resolveDeletions(of unit: inout CommitUnit, in scope: ComparisonScope) async throws -> [RowDifference]
    {
        var (deletions, differences): ([DeletedRows], [RowDifference]) = ([], [])
        var parts = unit.state.deletions
        // What is left under a former key is gone there.
        parts += unit.state.rekeyings.map { moved in
            let columns = moved.from.keys.sorted()
            return DeletedRows(
                moved.table,
                stream: moved.stream,
                columns: columns,
                keys: [columns.map { moved.from[$0] ?? "" }]
            )
        }
        unit.state.rekeyings = []
        for rows in parts where scope.covers(rows.table) {
            let found = try await liveKeys(of: rows, in: scope, sourceID: unit.sourceID)
            guard !found.isEmpty else { continue }
            let table = rows.table
            deletions.append(
                DeletedRows(
                    table,
                    stream: rows.stream,
                    columns: table.key,
                    keys: found.map { key in table.key.map { key[$0] ?? "" } },
                    accessEnded: rows.accessEnded
                )
            )
            differences += found.map { RowDifference(table: table.name, key: $0, kind: .goneThere) }
        }
        unit.state.deletions = deletions
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
            return try await database.transaction { connection, _ in
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
