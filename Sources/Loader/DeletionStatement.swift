import Postgres
import Records

/// The statements that mark rows as deleted or give them another key.
///
/// Names come from the records, never from data, and need no quoting.
enum DeletionStatement {
    /// Rows of a table that carry one of the keys and live.
    ///
    /// `$1` source, then one array for each of `columns`.
    static func count(_ rows: DeletedRows) -> String {
        """
        SELECT count(*) FROM \(rows.table.qualifiedName) t WHERE t.source_id = $1 AND t.deleted_at IS NULL
          AND EXISTS (SELECT FROM \(keys(rows, from: 2)) AND \(match(rows)))
        """
    }

    /// Their keys as text, times as microseconds since 1970; parameters as of ``count(_:)``.
    static func select(_ rows: DeletedRows) -> String {
        """
        SELECT \(rows.table.key.map { MergeStatement.text("t.\($0)", of: $0, in: rows.table) }.joined(separator: ", "))
        FROM \(rows.table.qualifiedName) t WHERE t.source_id = $1 AND t.deleted_at IS NULL
          AND EXISTS (SELECT FROM \(keys(rows, from: 2)) AND \(match(rows)))
        """
    }

    /// Marks them; `$1` source, `$2` run, then one array for each of `columns`, then when access ended, where it did.
    static func delete(_ rows: DeletedRows) -> String {
        var assignments = ["deleted_at = now()", "updated_at = now()", "run_id = $2::bigint"]
        if rows.accessEnded != nil {
            let time = "$\(3 + rows.columns.count)::timestamptz"
            assignments.append("status = CASE WHEN t.expires_at < \(time) THEN 'expired' ELSE 'ended' END")
        }
        return """
            UPDATE \(rows.table.qualifiedName) t SET \(assignments.joined(separator: ", "))
            FROM \(keys(rows, from: 3)) AND t.source_id = $1 AND t.deleted_at IS NULL AND \(match(rows))
            """
    }

    /// Marks every row of a source; `$1` source, `$2` run.
    static func deleteAll(of table: Table) -> String {
        """
        UPDATE \(table.qualifiedName) SET deleted_at = now(), updated_at = now(), run_id = $2::bigint
        WHERE source_id = $1 AND deleted_at IS NULL
        """
    }

    static func values(_ rows: DeletedRows) -> [PostgresValue] {
        rows.columns.indices.map { column in .textArray(rows.keys.map { $0[column] }) }
    }

    static func settings(_ rows: DeletedRows) -> [PostgresValue] {
        rows.accessEnded.map { [PostgresValue($0)] } ?? []
    }

    private static func keys(_ rows: DeletedRows, from first: Int) -> String {
        let arrays = rows.columns.indices.map { "$\(first + $0)::text[]" }.joined(separator: ", ")
        let names = rows.columns.indices.map { "k\($0)" }.joined(separator: ", ")
        return "(SELECT DISTINCT * FROM unnest(\(arrays)) x(\(names))) k WHERE true"
    }

    private static func match(_ rows: DeletedRows) -> String {
        let owner = rows.through == nil ? "t" : "p"
        let named = rows.columns.enumerated().map { "\(owner).\($0.element) = k.k\($0.offset)" }
        let unset = rows.unset.map { "t.\($0) IS NULL" }
        guard let through = rows.through else { return (named + unset).joined(separator: " AND ") }
        let joined = (["source_id"] + through.key).map { "p.\($0) = t.\($0)" }
        let exists = "EXISTS (SELECT FROM \(through.qualifiedName) p WHERE \((joined + named).joined(separator: " AND ")))"
        return ([exists] + unset).joined(separator: " AND ")
    }

    /// Copies rows under their new key; one that lives there already stays.
    ///
    /// `$1` source, `$2` run, then the values of `from`, then those of `to`, each sorted by column.
    static func copy(_ rows: RekeyedRows) -> String {
        let (from, to) = (rows.from.keys.sorted(), rows.to.keys.sorted())
        let columns = rows.table.columns.map(\.name)
        let values = columns.map { name in
            to.firstIndex(of: name).map { "$\(3 + from.count + $0)::text" } ?? "t.\(name)"
        }
        let assignments =
            rows.table.nonKeyColumns.map { "\($0.name) = excluded.\($0.name)" }
            + ["updated_at = now()", "run_id = excluded.run_id", "deleted_at = NULL"]
        return """
            INSERT INTO \(rows.table.qualifiedName) AS target
              (source_id, \(columns.joined(separator: ", ")), first_seen_at, updated_at, run_id)
            SELECT t.source_id, \(values.joined(separator: ", ")), t.first_seen_at, now(), $2::bigint
            FROM \(rows.table.qualifiedName) t WHERE \(condition(rows))
            ON CONFLICT (source_id, \(rows.table.key.joined(separator: ", "))) DO UPDATE SET
            \(assignments.joined(separator: ", ")) WHERE target.deleted_at IS NOT NULL
            """
    }

    /// Marks the rows that were copied; `$1` source, `$2` run, then the values of `from`.
    static func leave(_ rows: RekeyedRows) -> String {
        """
        UPDATE \(rows.table.qualifiedName) t SET deleted_at = now(), updated_at = now(), run_id = $2::bigint
        WHERE \(condition(rows))
        """
    }

    static func values(_ rows: RekeyedRows) -> (from: [PostgresValue], to: [PostgresValue]) {
        (
            rows.from.sorted { $0.key < $1.key }.map { .text($0.value) },
            rows.to.sorted { $0.key < $1.key }.map { PostgresValue($0.value) }
        )
    }

    private static func condition(_ rows: RekeyedRows) -> String {
        let matches = rows.from.keys.sorted().enumerated().map { "t.\($0.element) = $\(3 + $0.offset)::text" }
        return (["t.source_id = $1", "t.deleted_at IS NULL"] + matches).joined(separator: " AND ")
    }
}
