import Postgres
package import Records

extension WarehouseReader {
    /// The distinct values of a text column of the live rows in which another column is not null.
    package func liveValues(
        _ sourceID: String,
        _ column: String,
        of table: Table,
        having present: String
    ) async throws -> Set<String> {
        Set(
            try await ids(
                """
                SELECT DISTINCT \(column) FROM \(table.qualifiedName)
                WHERE source_id = $1 AND deleted_at IS NULL AND \(column) IS NOT NULL AND \(present) IS NOT NULL
                """,
                [.text(sourceID)]
            )
        )
    }

    /// Those of the names that some learner of a source has among its custom fields; `nil` where there is no learner.
    package func customFields(_ sourceID: String, among names: [String]) async throws -> Set<String>? {
        guard
            try await number(
                "SELECT count(*) FROM (SELECT FROM lms.learners WHERE source_id = $1 LIMIT 1) l",
                [.text(sourceID)]
            ) > 0
        else { return nil }
        return Set(
            try await ids(
                """
                SELECT name FROM unnest($2::text[]) AS name WHERE EXISTS (
                  SELECT FROM lms.learners WHERE source_id = $1 AND jsonb_exists(custom_fields, name))
                """,
                [.text(sourceID), .textArray(names)]
            )
        )
    }

    /// The live rows of a table whose columns have one of the values given, by the value of a text column.
    ///
    /// - Parameter lasting: A time column and an instant: rows whose time is before it are left out, those without one count.
    package func liveRowCounts(
        _ sourceID: String,
        of table: Table,
        by column: String,
        matching: [String: [String]],
        lasting: (column: String, until: Timestamp)?
    ) async throws -> [String: Int] {
        var parameters: [PostgresValue] = [.text(sourceID)]
        var conditions = matching.sorted { $0.key < $1.key }.map { name, values in
            parameters.append(.textArray(values))
            return " AND \(name) = ANY ($\(parameters.count)::text[])"
        }
        if let lasting {
            parameters.append(PostgresValue(lasting.until))
            conditions.append(" AND coalesce(\(lasting.column) > $\(parameters.count), true)")
        }
        let pairs = try await rows(
            """
            SELECT \(column), count(*) FROM \(table.qualifiedName)
            WHERE source_id = $1 AND deleted_at IS NULL AND \(column) IS NOT NULL\(conditions.joined()) GROUP BY 1
            """,
            parameters
        ) { (try $0.string($1, 0) ?? "", Int(try $0.int($1, 1) ?? 0)) }
        return Dictionary(pairs) { first, _ in first }
    }
}
