import Migrations
import Postgres
import Records

/// Brings the warehouse's schema up to date: forward only, each migration in one transaction, one migrator at a time.
package struct Migrator: Sendable {
    let database: RetryingConnection
    private let migrations: [Migration]

    init(database: RetryingConnection, migrations: [Migration] = Migration.all) {
        self.database = database
        self.migrations = migrations
    }

    /// How the schema stands, without changing it.
    ///
    /// - Throws: `LoadError` `migrationChanged` when an applied migration is not the one this binary carries.
    package func state() async throws -> MigrationState {
        let migrations = migrations
        return try await reporting {
            try await database.transaction { connection, _ in
                guard try Self.hasLedger(connection) else { return .pending(migrations.map(\.pending)) }
                return try Self.state(of: migrations, connection)
            }
        }
    }

    /// Checks that the schema is this binary's.
    ///
    /// - Throws: `LoadError` `schemaMissing`, `schemaOutdated` or `schemaNewer`, which name `registrar migrate`.
    package func requireUpToDate() async throws {
        switch try await state() {
        case .upToDate: return
        case let state where state.isWithoutSchema:
            throw LoadError(.schemaMissing, "the warehouse has no schema yet; run registrar migrate")
        case .pending(let pending):
            throw LoadError(
                .schemaOutdated,
                "the warehouse lacks \(pending.count) migrations; run registrar migrate"
            )
        case .newer(let version): throw Self.newer(version)
        }
    }

    /// Applies what is pending, then brings the comments of tables and columns up to date.
    ///
    /// What roles other than the owner need is another step: ``restoreGrants(for:dryRun:)``.
    ///
    /// - Parameter dryRun: Says what would be applied and changes nothing.
    /// - Returns: The migrations applied, or to be applied.
    /// - Throws: `LoadError`: `schemaNewer`, `migrationChanged`, or `migrationRefused` where the role may not.
    @discardableResult
    package func migrate(dryRun: Bool = false) async throws -> [PendingMigration] {
        switch try await state() {
        case .newer(let version): throw Self.newer(version)
        case .pending(let pending) where dryRun: return pending
        case .pending, .upToDate: break
        }
        guard !dryRun else { return [] }
        var applied: [PendingMigration] = []
        while let migration = try await applyNext() { applied.append(migration) }
        try await comment()
        return applied
    }

    /// Applies the oldest pending migration; another migrator's are waited for and then count as applied.
    private func applyNext() async throws -> PendingMigration? {
        let migrations = migrations
        return try await reporting(isChanging: true) {
            try await database.transaction { connection, _ in
                try Self.takeTurn(connection)
                if try !Self.hasLedger(connection) { try connection.execute(Self.ledger) }
                switch try Self.state(of: migrations, connection) {
                case .upToDate: return nil
                case .newer(let version): throw Self.newer(version)
                case .pending(let pending):
                    guard let next = pending.first,
                        let migration = migrations.first(where: { $0.version == next.version })
                    else { return nil }
                    try connection.execute(migration.sql)
                    try Self.keepLedgerWritable(connection)
                    try connection.execute(
                        """
                        INSERT INTO sync.schema_migrations (version, name, checksum)
                        VALUES ($1, $2, encode(sha256(convert_to($3, 'UTF8')), 'hex'))
                        """,
                        [.int8(Int64(migration.version)), .text(migration.name), .text(migration.sql)]
                    )
                    return next
                }
            }
        }
    }

    /// Writes the comments that the records give their tables and columns, where the catalogue has others.
    private func comment() async throws {
        try await reporting(isChanging: true) {
            try await database.transaction { connection, _ in
                let result = try connection.query(
                    """
                    SELECT c.relname, coalesce(a.attname, ''), d.description
                    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
                    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
                    LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass
                      AND d.objsubid = coalesce(a.attnum, 0)
                    UNION ALL
                    SELECT c.relname, '', obj_description(c.oid, 'pg_class')
                    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = $1
                    """,
                    [.text(Table.schema)]
                )
                var comments: [[String]: String] = [:]
                for row in 0..<result.rowCount {
                    let key = [try result.string(row, 0) ?? "", try result.string(row, 1) ?? ""]
                    let text = try result.string(row, 2) ?? ""
                    if comments[key, default: ""].isEmpty { comments[key] = text }
                }
                for table in Table.all {
                    let wanted = [("", table.comment)] + table.warehouseColumns.map { ($0.name, $0.comment) }
                    for ((column, comment), statement) in zip(wanted, table.commentStatements)
                    // What a migration that is still pending brings is not there yet.
                    where comments[[table.name, column]].map({ $0 != comment }) ?? false {
                        try connection.execute(statement)
                    }
                }
            }
        }
    }

    /// Waits for another migrator to finish. Not the lease: before the first migration there is none.
    static func takeTurn(_ connection: isolated PostgresConnection) throws {
        try connection.execute("SET LOCAL lock_timeout = 0")
        _ = try connection.query("SELECT pg_advisory_xact_lock(hashtextextended('registrar.migrate', 0))")
    }

    // MARK: Reading

    private static let ledger = """
        CREATE SCHEMA IF NOT EXISTS sync;
        CREATE TABLE sync.schema_migrations (
            version integer NOT NULL PRIMARY KEY,
            name text NOT NULL,
            checksum text NOT NULL,
            applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
        );
        COMMENT ON TABLE sync.schema_migrations IS 'The migrations that made this schema.';
        COMMENT ON COLUMN sync.schema_migrations.version IS 'Number of the migration.';
        COMMENT ON COLUMN sync.schema_migrations.name IS 'Name of the migration.';
        COMMENT ON COLUMN sync.schema_migrations.checksum IS 'SHA-256 of its text in hex; it never changes once released.';
        COMMENT ON COLUMN sync.schema_migrations.applied_at IS 'When it was applied.'
        """

    private static func hasLedger(_ connection: isolated PostgresConnection) throws -> Bool {
        // Not `to_regclass`: it looks into the session's cache, which does not know what another migrator committed
        // while this one waited for its turn.
        try connection.query(
            """
            SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                           WHERE n.nspname = 'sync' AND c.relname = 'schema_migrations')
            """
        ).bool(0, 0) ?? false
    }

    /// Compares by checksums that the server makes, so that no cryptography is needed here.
    private static func state(
        of migrations: [Migration],
        _ connection: isolated PostgresConnection
    ) throws -> MigrationState {
        let result = try connection.query(
            """
            SELECT m.version, m.name, x.sql IS NOT NULL,
              coalesce(m.checksum = encode(sha256(convert_to(x.sql, 'UTF8')), 'hex'), true)
            FROM sync.schema_migrations m
            LEFT JOIN unnest($1::bigint[], $2::text[]) x(version, sql) ON x.version = m.version ORDER BY m.version
            """,
            [.int8Array(migrations.map { Int64($0.version) }), .textArray(migrations.map(\.sql))]
        )
        var applied: Set<Int> = []
        let newest = migrations.map(\.version).max() ?? 0
        for row in 0..<result.rowCount {
            let version = Int(try result.int(row, 0) ?? 0)
            applied.insert(version)
            if version > newest { return .newer(version: version) }
            guard try result.bool(row, 2) ?? false, try result.bool(row, 3) ?? false else {
                let name = try result.string(row, 1) ?? ""
                let release = try Self.lastRelease(connection)
                throw LoadError(
                    .migrationChanged,
                    "migration \(version) (\(name)) was applied in another wording than this binary's; use the release "
                        + "that made this schema\(release.map { ", \($0)," } ?? "") or a newer one"
                )
            }
        }
        let pending = migrations.filter { !applied.contains($0.version) }.map(\.pending)
        return pending.isEmpty ? .upToDate : .pending(pending)
    }

    /// The release that ran here last.
    private static func lastRelease(_ connection: isolated PostgresConnection) throws -> String? {
        let found = try connection.query("SELECT to_regclass('sync.runs') IS NOT NULL").bool(0, 0)
        guard found == true else { return nil }
        let result = try connection.query(
            "SELECT binary_version FROM sync.runs WHERE binary_version IS NOT NULL ORDER BY run_id DESC LIMIT 1"
        )
        return result.isEmpty ? nil : try result.string(0, 0)
    }

    private static func newer(_ version: Int) -> LoadError {
        LoadError(
            .schemaNewer,
            "the warehouse's schema (version \(version)) is newer than this binary; install a newer release"
        )
    }

    /// Names what the role may not, and the remedy.
    func reporting<Value>(isChanging: Bool = false, _ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as PostgresError {
            throw LoadError(error)
        } catch let error as LoadError where isChanging && error.cause?.sqlState == "42501" {
            let facts = try? await database.perform { connection in try MigrationObstacle.facts(connection) }
            let obstacle = facts.flatMap { MigrationObstacle($0) }
            let why = obstacle.map { "\($0.reason); \($0.remedy)" } ?? "run registrar migrate as its owner"
            throw LoadError(
                .migrationRefused,
                "this role may not change the warehouse's schema: \(why)"
                    + (error.cause.map { " (\($0.summary))" } ?? ""),
                cause: error.cause
            )
        }
    }
}

extension Migration {
    fileprivate var pending: PendingMigration { PendingMigration(version: version, name: name) }
}
