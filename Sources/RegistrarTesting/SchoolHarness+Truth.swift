import LMSSimulator
import Platforms
import Postgres
import Records
import Settings

extension SchoolHarness {
    /// Compares the warehouse's live rows with what the school holds now: table by table, key by key, column by column.
    ///
    /// Bookkeeping columns are left out, and grade cells that were emptied; numbers are equal by value, times by the
    /// microsecond; a null member of `custom_fields` is as good as none, and no members as no value. Records without an id of the platform (events,
    /// awards), whose truth leaves that column out, are compared as a set with repetitions.
    ///
    /// - Parameters:
    ///   - tables: The tables to compare; empty for all that the school has, those of streams that are off left out.
    ///   - leftOut: Columns not to look at, such as `learners.last_login_at`.
    ///   - limit: At most so many differences of one table are returned.
    package func compareWithTruth(
        _ tables: [String] = [],
        leavingOut leftOut: Set<String> = [],
        limit: Int = 5
    ) async throws -> [TruthDifference] {
        var differences: [TruthDifference] = []
        for name in tables.isEmpty ? simulator.truthTables.filter(isRead) : tables {
            guard let table = Table.named(name) else { continue }
            let columns = table.columns.map(\.name).filter { !leftOut.contains("\(name).\($0)") }
            let truth = String(decoding: simulator.truth(name), as: UTF8.self)
            let row = truth.prefix { $0 != "\n" }
            let unknown = table.key.filter { !row.isEmpty && !row.contains("\"\($0)\":") }
            differences +=
                unknown.isEmpty
                ? try await compareRows(table, columns, truth, limit)
                : try await compareSet(table, columns.filter { !unknown.contains($0) }, truth, limit)
        }
        return differences
    }

    /// Whether a stream that is on, or implied by one, fills the table.
    private func isRead(_ table: String) -> Bool {
        let source = configuration.sources[0]
        guard let kind = PlatformRegistry.kinds.first(where: { $0.kind == source.kind }) else { return true }
        return kind.completed(source.streams).contains(table == "unit_progress" ? "progress" : table)
    }

    /// A grade in which there is nothing any more: an exemption, an override or a submission is something.
    static let emptiedCell = """
        status IS NOT DISTINCT FROM 'not_graded' AND num_nonnulls(score, percent, letter, submitted_at) = 0
          AND exempt IS NOT TRUE AND overridden IS NOT TRUE
        """

    private func compareRows(
        _ table: Table,
        _ columns: [String],
        _ truth: String,
        _ limit: Int
    ) async throws -> [TruthDifference] {
        let key = "jsonb_build_array(" + table.key.map { "r -> '\($0)'" }.joined(separator: ", ") + ")"
        let rows = try await sql(
            """
            WITH truth AS (SELECT \(key) AS k, ($3::jsonb || r) - $4::text[] AS r FROM \(Self.truthRows)),
            stored AS (SELECT \(key) AS k, r FROM \(stored(table, columns))),
            both_sides AS (
              SELECT coalesce(t.k, s.k) AS k, t.r AS t, s.r AS s FROM truth t FULL JOIN stored s ON s.k = t.k
              WHERE t.r IS DISTINCT FROM s.r
            )
            SELECT k::text, NULL AS name, t::text, s::text FROM both_sides WHERE t IS NULL OR s IS NULL
            UNION ALL
            SELECT k::text, c.name, coalesce(t -> c.name, 'null')::text, (s -> c.name)::text
            FROM both_sides, unnest($2::text[]) c(name)
            WHERE t IS NOT NULL AND s IS NOT NULL AND coalesce(t -> c.name, 'null') <> s -> c.name
            ORDER BY 1, 2 LIMIT \(limit)
            """,
            [
                .text(truth), .textArray(columns),
                .jsonb("{" + columns.map { "\"\($0)\": null" }.joined(separator: ", ") + "}"),
                .textArray(table.columns.map(\.name).filter { !columns.contains($0) }),
            ]
        )
        return rows.map {
            TruthDifference(table: table.name, key: $0[0] ?? "", column: $0[1], truth: $0[2], stored: $0[3])
        }
    }

    private func compareSet(
        _ table: Table,
        _ columns: [String],
        _ truth: String,
        _ limit: Int
    ) async throws -> [TruthDifference] {
        let shown = columns.map { "'\($0)', r -> '\($0)'" }.joined(separator: ", ")
        let rows = try await sql(
            """
            WITH truth AS (SELECT jsonb_build_object(\(shown)) AS r FROM \(Self.truthRows)),
            stored AS (SELECT r FROM \(stored(table, columns)))
            SELECT r::text, 'truth' FROM (SELECT r FROM truth EXCEPT ALL SELECT r FROM stored) x
            UNION ALL
            SELECT r::text, 'stored' FROM (SELECT r FROM stored EXCEPT ALL SELECT r FROM truth) x
            ORDER BY 1 LIMIT \(limit)
            """,
            [.text(truth)]
        )
        return rows.map { row in
            let isMissing = row[1] == "truth"
            return TruthDifference(
                table: table.name,
                key: "",
                column: nil,
                truth: isMissing ? row[0] : nil,
                stored: isMissing ? nil : row[0]
            )
        }
    }

    private static let truthRows =
        """
        (SELECT CASE WHEN j ? 'custom_fields'
           THEN jsonb_set(j, '{custom_fields}', coalesce(nullif(jsonb_strip_nulls(j -> 'custom_fields'), '{}'), 'null'))
           ELSE j END AS r
         FROM (SELECT line::jsonb AS j FROM string_to_table($1, E'\\n') AS line WHERE line <> '' OFFSET 0) lines) x
        """

    /// The live rows as objects with the values the school's rows have: times in microseconds.
    private func stored(_ table: Table, _ columns: [String]) -> String {
        let members = table.columns.filter { columns.contains($0.name) }.map { column in
            let value =
                switch column.type {
                case .timestamptz: "(extract(epoch FROM \"\(column.name)\") * 1000000)::bigint"
                case .jsonb where column.name == "custom_fields": "nullif(jsonb_strip_nulls(custom_fields), '{}')"
                default: "\"\(column.name)\""
                }
            return "'\(column.name)', \(value)"
        }
        let leftOut = table.name == "grades" ? " AND NOT (\(Self.emptiedCell))" : ""
        return """
            (SELECT jsonb_build_object(\(members.joined(separator: ", "))) AS r FROM \(table.qualifiedName)
             WHERE source_id = '\(Self.sourceID)' AND deleted_at IS NULL\(leftOut)) x
            """
    }
}
