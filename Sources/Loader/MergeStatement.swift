import Records
import Synchronization

/// The statements that bring staged rows of one table into it; made once for each table.
///
/// Names come from the records, never from data, and need no quoting.
struct MergeStatement: Sendable {
    /// Makes the session's staging table.
    ///
    /// `ON COMMIT DELETE ROWS` empties it in place: no WAL and no change of the catalogue, which TRUNCATE and DROP cost
    /// each time.
    let createStaging: String
    /// Sends rows to the staging table.
    let copy: String
    /// Sends rows straight into the table: ``sharedColumns`` first, then the record's own.
    let copyDirectly: String
    /// Stores what changed.
    ///
    /// `$1` source, `$2` run, `$3` whether older rows may replace newer ones. One row for each stream: its number, rows kept after deduplication, inserted, updated, superseded.
    let merge: String
    /// Stores rows that are all new; a key that is there already ends it with 23505.
    ///
    /// `$1` source, `$2` run.
    let appendOnly: String
    /// Asks whether the source, `$1`, has a row here, or row security counts for the role: COPY does not go through it.
    let hasRows: String

    /// The columns that all rows of a commit unit have in common.
    static let sharedColumns = ["source_id", "first_seen_at", "updated_at", "run_id"]

    private let table: Table
    private let staging: String
    private let deduplicated: String

    private static let made = Mutex<[String: MergeStatement]>([:])

    /// The statements of a table.
    static func of(_ table: Table) -> MergeStatement {
        made.withLock { made in
            if let statement = made[table.name] { return statement }
            let statement = MergeStatement(table)
            made[table.name] = statement
            return statement
        }
    }

    private init(_ table: Table) {
        self.table = table
        staging = "pg_temp.stage_\(table.name)"
        let columns = table.columns.map(\.name)
        let list = columns.joined(separator: ", ")
        let order = Self.keyOrder(table)
        let newest =
            (table.isVersioned ? ["_version_1 DESC", "_version_2 DESC", "_tiebreak COLLATE \"C\" DESC"] : [])
            + ["_ordinal DESC"]
        deduplicated = """
            SELECT DISTINCT ON (\(order)) * FROM \(staging)
            ORDER BY \(order), \(newest.joined(separator: ", "))
            """
        createStaging = """
            CREATE TEMPORARY TABLE IF NOT EXISTS stage_\(table.name) (
            \(table.stagingColumns.map { "\($0.name) \($0.type.sql)" }.joined(separator: ", "))
            ) ON COMMIT DELETE ROWS
            """
        copy = """
            COPY \(staging) (\(table.stagingColumns.map(\.name).joined(separator: ", "))) FROM STDIN (FORMAT binary)
            """
        copyDirectly = """
            COPY \(table.qualifiedName) (\(Self.sharedColumns.joined(separator: ", ")), \(list)) FROM STDIN (FORMAT binary)
            """
        let insert = "INSERT INTO \(table.qualifiedName) (source_id, \(list), first_seen_at, updated_at, run_id)"
        let assignments =
            table.nonKeyColumns.map { "\($0.name) = excluded.\($0.name)" }
            + ["updated_at = excluded.updated_at", "run_id = excluded.run_id", "deleted_at = NULL"]
        merge = """
            WITH staged AS (
            \(deduplicated)
            ), compared AS MATERIALIZED (
            SELECT s.*, t.source_id IS NOT NULL AS _present, \(Self.superseded(table)) AS _superseded,
              \(Self.changed(table)) AS _changed
            FROM staged s \(Self.storedRow(table))
            ), written AS (
            \(insert)
            SELECT $1, \(list), now(), now(), $2::bigint FROM compared
            WHERE _changed AND ($3::boolean OR NOT _superseded) ORDER BY \(order)
            ON CONFLICT (source_id, \(table.key.joined(separator: ", "))) DO UPDATE SET
            \(assignments.joined(separator: ", "))
            )
            SELECT _ordinal >> \(ArrivalOrdinal.streamShift) & \(ArrivalOrdinal.streamMask), count(*),
              count(*) FILTER (WHERE NOT _present),
              count(*) FILTER (WHERE _present AND _changed AND ($3::boolean OR NOT _superseded)),
              count(*) FILTER (WHERE _superseded AND NOT $3::boolean)
            FROM compared GROUP BY 1
            """
        appendOnly = """
            \(insert)
            SELECT $1, \(list), now(), now(), $2::bigint FROM (\(deduplicated)) s
            """
        hasRows =
            "SELECT EXISTS (SELECT FROM \(table.qualifiedName) WHERE source_id = $1)"
            + " OR row_security_active('\(table.qualifiedName)')"
    }

    /// Asks which rows a merge would write: whether each is new, when the stored one was marked as deleted, then the columns
    /// asked for as text.
    ///
    /// Times are microseconds since 1970. `$1` source, `$2` whether older rows may replace newer ones.
    ///
    /// - Returns: `nil` where the table has no such column.
    func differences(returning columns: [String]) -> String? {
        var outputs: [String] = []
        for name in columns {
            guard let column = table.columns.first(where: { $0.name == name }) else { return nil }
            outputs.append(
                column.type == .timestamptz
                    ? "(extract(epoch FROM s.\(name)) * 1000000)::bigint::text" : "s.\(name)::text"
            )
        }
        return """
            SELECT \((["t.source_id IS NULL", "t.deleted_at"] + outputs).joined(separator: ", "))
            FROM (\(deduplicated)) s \(Self.storedRow(table))
            WHERE \(Self.changed(table)) AND ($2::boolean OR NOT \(Self.superseded(table)))
            """
    }

    /// Asks which rows a merge would write: whether no live row is there, the names of the columns that differ, separated by
    /// commas, then the key as text; by key.
    ///
    /// `$1` source, `$2` whether older rows may replace newer ones.
    var namedDifferences: String {
        let names = table.nonKeyColumns.map {
            "CASE WHEN s.\($0.name) IS DISTINCT FROM t.\($0.name) THEN '\($0.name)' END"
        }
        let key = table.key.map { Self.text("s.\($0)", of: $0, in: table) }
        return """
            SELECT t.source_id IS NULL OR t.deleted_at IS NOT NULL,
              array_to_string(ARRAY[\(names.joined(separator: ", "))]::text[], ','), \(key.joined(separator: ", "))
            FROM (\(deduplicated)) s \(Self.storedRow(table))
            WHERE \(Self.changed(table)) AND ($2::boolean OR NOT \(Self.superseded(table)))
            """
    }

    /// A column's value as text; times are microseconds since 1970.
    static func text(_ value: String, of name: String, in table: Table) -> String {
        table.columns.contains { $0.name == name && $0.type == .timestamptz }
            ? "(extract(epoch FROM \(value)) * 1000000)::bigint::text" : "\(value)::text"
    }

    /// Gives staged rows the stored values of the columns they have nothing to say about.
    ///
    /// A row finds nothing where it is new; one marked as deleted counts as stored. Of two rows of one key in a commit
    /// unit each takes the stored row's values, not the other's.
    ///
    /// `$1` source, `$2` the rows' ordinals, `$3` their columns as bits.
    ///
    /// - Returns: `nil` where no column but those of the key is among them.
    func keepStored(_ columns: ColumnSet) -> String? {
        let taken = table.columns.enumerated().filter { index, column in
            !column.isRequired && columns.contains(ColumnSet(rawValue: 1 << UInt64(index)))
        }
        guard !taken.isEmpty else { return nil }
        let assignments = taken.map { index, column in
            "\(column.name) = CASE WHEN f._bits & \(1 << index) <> 0 THEN f.\(column.name) ELSE s.\(column.name) END"
        }
        let stored = taken.map { "t.\($0.element.name)" }
        return """
            UPDATE \(staging) s SET \(assignments.joined(separator: ", "))
            FROM (
              SELECT s._ordinal, k.bits AS _bits, \(stored.joined(separator: ", "))
              FROM (SELECT o::bigint AS ordinal, b::bigint AS bits FROM unnest($2::text[], $3::text[]) x(o, b)) k
              JOIN \(staging) s ON s._ordinal = k.ordinal \(Self.storedRow(table))
              WHERE t.source_id IS NOT NULL
            ) f WHERE s._ordinal = f._ordinal
            """
    }

    /// Text is sorted by its bytes: the same order on every server, several times faster than by a language's rules.
    private static func keyOrder(_ table: Table) -> String {
        table.key.map { name in
            let isText = table.columns.contains { $0.name == name && $0.type == .text }
            return isText ? "\(name) COLLATE \"C\"" : name
        }.joined(separator: ", ")
    }

    /// The stored row of a staged one, found by its whole key.
    ///
    /// As a subquery of its own for each staged row: where statistics are older than a source's rows, a plain join is
    /// planned as if the source had next to none, and all of them are gone through for every staged row.
    private static func storedRow(_ table: Table) -> String {
        let key = table.key.map { "\($0) = s.\($0)" }.joined(separator: " AND ")
        return """
            LEFT JOIN LATERAL (
              SELECT * FROM \(table.qualifiedName) WHERE source_id = $1 AND \(key) LIMIT 1
            ) t ON true
            """
    }

    /// Whether the row is not there, differs, or was marked as deleted.
    private static func changed(_ table: Table) -> String {
        let differences = table.nonKeyColumns.map { "s.\($0.name) IS DISTINCT FROM t.\($0.name)" }
        var condition = (differences + ["t.deleted_at IS NOT NULL"]).joined(separator: " OR ")
        if table.hasInsertOnlyRows { condition = "s._version_1 <> \(RecordVersion.insertOnly) AND (\(condition))" }
        return "(t.source_id IS NULL OR \(condition))"
    }

    /// Whether the stored row is newer; one marked as deleted gives way to whatever the platform has.
    private static func superseded(_ table: Table) -> String {
        guard !table.supersededBy.isEmpty else { return "false" }
        func row(_ alias: String) -> String { table.supersededBy.map { "\(alias).\($0)" }.joined(separator: ", ") }
        return "(t.deleted_at IS NULL AND coalesce((\(row("s"))) < (\(row("t"))), false))"
    }
}
