import Postgres
package import Records

/// What the warehouse holds, for comparing it with what the platform has.
extension WarehouseReader {
    /// The live rows of a part of a table that none of the hashes stands for.
    ///
    /// - Parameters:
    ///   - scopes: Rows that match any of these conditions (column to the values it may have); none: all of the source.
    ///     A part that several values of a column name is held in memory whole.
    ///   - seen: The ``KeyHash``es of the rows that are there.
    ///   - limit: No more than so many are returned.
    /// - Returns: Their keys, column to value, and how many there are in all; the live rows looked at.
    package func absentKeys(
        _ sourceID: String,
        of table: Table,
        scopes: [[String: [String]]],
        seen: Set<UInt64>,
        limit: Int
    ) async throws -> (keys: [[String: String]], absent: Int, live: Int) {
        var (keys, absent, live): ([[String: String]], Int, Int) = ([], 0, 0)
        var last: [String]?
        // Pages of a part that many values name would each begin with all of them: such a part is read at once.
        let isPaged = scopes.allSatisfy { $0.values.allSatisfy { $0.count == 1 } }
        while true {
            let page = try await self.keys(sourceID, of: table, scopes: scopes, after: last, isPaged: isPaged)
            live += page.count
            for key in page {
                var hash = KeyHash()
                for part in key { hash.add(part) }
                guard !seen.contains(hash.value) else { continue }
                absent += 1
                if keys.count < limit { keys.append(Dictionary(uniqueKeysWithValues: zip(table.key, key))) }
            }
            guard isPaged, page.count == Self.keyPage, let end = page.last else { break }
            last = end
        }
        return (keys, absent, live)
    }

    private static let keyPage = 10_000

    private func keys(
        _ sourceID: String,
        of table: Table,
        scopes: [[String: [String]]],
        after last: [String]?,
        isPaged: Bool
    ) async throws -> [[String]] {
        var parameters: [PostgresValue] = [.text(sourceID)]
        var conditions = ["source_id = $1", "deleted_at IS NULL"]
        let alternatives = scopes.map { scope in
            var parts = scope.sorted { $0.key < $1.key }.map { column, values in
                if values.count == 1 {
                    parameters.append(.text(values[0]))
                    return "\(column) = $\(parameters.count)::text"
                }
                parameters.append(.textArray(values))
                return "\(column) = ANY ($\(parameters.count)::text[])"
            }
            // The key begins with the course: named by their courses, rows are found through it.
            if table.key.count > 1, table.key.first == "course_id", scope["course_id"] == nil {
                let parent = scope["parent_course_id"] == nil ? nil : parts.first { $0.hasPrefix("parent_course_id") }
                let children = parent.map { " AND \($0)" } ?? ""
                parts.append(
                    "course_id = ANY (ARRAY(SELECT course_id FROM lms.courses WHERE source_id = $1\(children)))"
                )
            }
            return parts.joined(separator: " AND ")
        }
        if !alternatives.isEmpty { conditions.append("((" + alternatives.joined(separator: ") OR (") + "))") }
        if let last {
            let values = zip(table.key, last).map { name, value in
                parameters.append(.text(value))
                let isTime = table.columns.first { $0.name == name }?.type == .timestamptz
                return isTime
                    ? "'epoch'::timestamptz + $\(parameters.count)::bigint * interval '1 microsecond'"
                    : "$\(parameters.count)::text"
            }
            conditions.append("(\(table.key.joined(separator: ", "))) > (\(values.joined(separator: ", ")))")
        }
        let width = table.key.count
        return try await rows(
            """
            SELECT \(table.key.map { Self.text($0, in: table) }.joined(separator: ", ")) FROM \(table.qualifiedName)
            WHERE \(conditions.joined(separator: " AND "))
            ORDER BY \(table.key.joined(separator: ", "))\(isPaged ? " LIMIT \(Self.keyPage)" : "")
            """,
            parameters
        ) { result, row in try (0..<width).map { try result.string(row, $0) ?? "" } }
    }

    /// Columns of live rows whose columns have one of the values given, as text; nulls are left out.
    package func values(
        _ sourceID: String,
        of table: Table,
        columns: [String],
        matching: [String: [String]]
    ) async throws -> [[String: String]] {
        var parameters: [PostgresValue] = [.text(sourceID)]
        let conditions = matching.sorted { $0.key < $1.key }.map { column, values in
            parameters.append(.textArray(values))
            return " AND \(column) = ANY ($\(parameters.count)::text[])"
        }
        return try await rows(
            """
            SELECT \(columns.map { Self.text($0, in: table) }.joined(separator: ", ")) FROM \(table.qualifiedName)
            WHERE source_id = $1 AND deleted_at IS NULL\(conditions.joined())
            ORDER BY \(table.key.joined(separator: ", "))
            """,
            parameters
        ) { result, row in
            var values: [String: String] = [:]
            for (index, name) in columns.enumerated() { values[name] = try result.string(row, index) }
            return values
        }
    }

    /// How many live rows have a time of each month (UTC) in a column, oldest month first; nulls are left out.
    package func monthlyCounts(
        _ sourceID: String,
        of table: Table,
        column: String
    ) async throws -> [(month: Timestamp, rows: Int)] {
        try await rows(
            """
            SELECT date_trunc('month', \(column), 'UTC') AS month, count(*) FROM \(table.qualifiedName)
            WHERE source_id = $1 AND deleted_at IS NULL AND \(column) IS NOT NULL GROUP BY 1 ORDER BY 1
            """,
            [.text(sourceID)]
        ) { result, row in
            (try result.instant(row, 0) ?? Timestamp(microsecondsSinceEpoch: 0), Int(try result.int(row, 1) ?? 0))
        }
    }

    /// Live rows that a deletion would mark, and all live rows of its table.
    package func deletionCounts(_ sourceID: String, _ rows: [DeletedRows]) async throws -> (marked: Int, live: Int) {
        guard let table = rows.first?.table else { return (0, 0) }
        var marked = 0
        for part in rows {
            marked += try await number(
                DeletionStatement.count(part),
                [.text(sourceID)] + DeletionStatement.values(part)
            )
        }
        let live = try await number(
            "SELECT count(*) FROM \(table.qualifiedName) WHERE source_id = $1 AND deleted_at IS NULL",
            [.text(sourceID)]
        )
        return (marked, live)
    }

    /// A column as text; a time as microseconds since 1970.
    private static func text(_ name: String, in table: Table) -> String {
        table.columns.first { $0.name == name }?.type == .timestamptz
            ? "(extract(epoch FROM \(name)) * 1000000)::bigint::text" : "\(name)::text"
    }
}
