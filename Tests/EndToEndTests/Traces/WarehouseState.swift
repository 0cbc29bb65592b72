import Records
import RegistrarTesting

/// What stands in the warehouse between two runs, without anything that the machine's clock or a counter has put there.
struct WarehouseState: Sendable {
    /// Of each kind of entry the lines by key, such as a watermark's position by stream and partition.
    var entries: [String: [String: String]] = [:]
    /// By table the number of live rows, that of rows marked as deleted, and a hash of all of them.
    var tables: [String: String] = [:]
    /// By table the rows themselves, where whole traces are wanted.
    var rows: [String: [String]] = [:]
    /// The number of the newest run.
    var lastRun = 0

    /// The kinds of entry in the order of a trace.
    static let kinds = ["watermarks", "queue", "coverage", "checkpoints", "rejects", "drift", "source"]

    init(of harness: SchoolHarness, withRows: Bool) async throws {
        // One query, because every one has a connection of its own.
        let queries = [Self.entryQuery, Self.runQuery] + Table.all.map(Self.tableQuery)
        for row in try await harness.sql(queries.joined(separator: " UNION ALL ")) {
            switch row[0] {
            case "table": tables[row[1] ?? ""] = row[2] ?? ""
            case "run": lastRun = row[2].flatMap { Int($0) } ?? 0
            case let kind: entries[kind ?? "", default: [:]][row[1] ?? ""] = row[2] ?? ""
            }
        }
        guard withRows else { return }
        for table in Table.all {
            let query = "SELECT r FROM \(Self.rows(of: table)) ORDER BY r COLLATE \"C\""
            rows[table.name] = try await harness.sql(query).map { $0[0] ?? "" }
        }
    }

    /// Entries of one kind that are new, other or gone: `+`, `~` or `-`, by key.
    func changes(of kind: String, since before: WarehouseState) -> [String] {
        let (old, new) = (before.entries[kind] ?? [:], entries[kind] ?? [:])
        return Set(old.keys).union(new.keys).sorted().compactMap { key in
            switch (old[key], new[key]) {
            case (nil, let value?): "+ \(key): \(value)"
            case (_?, nil): "- \(key)"
            case (let first?, let second?) where first != second: "~ \(key): \(second)"
            default: nil
            }
        }
    }

    /// Tables whose contents are others than before, in the order of the data dictionary.
    func changedTables(since before: WarehouseState) -> [String] {
        Table.all.filter { tables[$0.name] != before.tables[$0.name] }.flatMap { table in
            ["\(table.name): \(tables[table.name] ?? "")"] + (rows[table.name] ?? []).map { "  \($0)" }
        }
    }

    private static let entryQuery = """
        SELECT 'watermarks', stream || ' ' || partition, position || coalesce(' as of ' || \(time("data_as_of")), '')
        FROM sync.watermarks
        UNION ALL SELECT 'queue', stream || ' ' || partition,
          reason || ', due ' || \(time("due_at")) || CASE WHEN attempts > 0 THEN ', attempts ' || attempts ELSE '' END
        FROM sync.pending
        UNION ALL SELECT 'coverage', stream || ' ' || partition,
          concat_ws(' ', outcome, read, 'of ' || expected, CASE WHEN last_complete_at IS NULL THEN 'never whole' END)
        FROM sync.coverage
        UNION ALL SELECT 'checkpoints', stream || ' ' || partition, position::text FROM sync.checkpoints
        UNION ALL SELECT 'rejects', row_number() OVER (ORDER BY reject_id)::text,
          concat_ws(' ', stream, natural_key, reason, CASE WHEN resolved_at IS NOT NULL THEN 'resolved' END)
        FROM sync.rejects
        UNION ALL SELECT 'drift', stream || ' ' || field || ' ' || json_type, CASE WHEN kept THEN 'kept' ELSE 'left out' END
        FROM sync.schema_drift
        UNION ALL SELECT 'source', source_id, concat_ws(' ', CASE WHEN baseline_completed_at IS NOT NULL THEN 'loaded' END,
          'not before ' || \(time("not_before")), identity::text)
        FROM sync.sources
        """
    private static let runQuery = "SELECT 'run', '', max(run_id)::text FROM sync.runs"

    private static func time(_ column: String) -> String {
        "to_char(\(column) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
    }

    private static func rows(of table: Table) -> String {
        """
        (SELECT (CASE WHEN deleted_at IS NULL THEN '' ELSE 'deleted ' END) ||
           (to_jsonb(t) - '{source_id,first_seen_at,updated_at,run_id,deleted_at}'::text[]) AS r, deleted_at
         FROM \(table.qualifiedName) t) x
        """
    }

    private static func tableQuery(_ table: Table) -> String {
        """
        SELECT 'table', '\(table.name)', count(*) FILTER (WHERE deleted_at IS NULL) || ' rows, '
          || count(*) FILTER (WHERE deleted_at IS NOT NULL) || ' deleted, '
          || left(md5(coalesce(string_agg(r, E'\\n' ORDER BY r COLLATE "C"), '')), 12)
        FROM \(rows(of: table))
        """
    }
}
