import Postgres

/// Rights are no part of the numbered migrations' outcome: roles come and go, and a restore may lose what was granted.
extension Migrator {
    /// Gives the roles that load and receive what they lack, as far as the session's role may grant it.
    ///
    /// An owner's rights are its own and are left alone. Where nothing is lacking, nothing is written.
    ///
    /// - Parameters:
    ///   - role: A role that is to load, beside the customary ones that exist.
    ///   - dryRun: Says what would be granted and grants nothing.
    /// - Returns: The GRANTs, in the order in which they were run.
    /// - Throws: `LoadError` `refused` where the role does not exist.
    @discardableResult
    package func restoreGrants(for role: String? = nil, dryRun: Bool = false) async throws -> [String] {
        try await reporting(isChanging: true) {
            try await database.transaction { connection, _ in
                if !dryRun { try Self.takeTurn(connection) }
                var statements: [String] = []
                for (duty, name) in try Self.roles(with: role, connection) {
                    let query = RightsQuery(role: name, duty: duty, grantableOnly: true, withViews: true)
                    statements += try query.missing(connection).grants
                }
                if !dryRun { for statement in statements { try connection.execute(statement) } }
                return statements
            }
        }
    }

    private static func roles(
        with role: String?,
        _ connection: isolated PostgresConnection
    ) throws -> [(RoleDuty, String)] {
        var wanted = RoleDuty.allCases.map { ($0, $0.customaryRole) }
        if let role, role != RoleDuty.loading.customaryRole { wanted.append((.loading, role)) }
        let result = try connection.query(
            "SELECT rolname::text FROM pg_roles WHERE rolname = ANY ($1::text[])",
            [.textArray(wanted.map(\.1))]
        )
        let found = Set(try (0..<result.rowCount).compactMap { try result.string($0, 0) })
        if let role, !found.contains(role) {
            throw LoadError(.refused, "there is no role \(role); CREATE ROLE \(MissingRights.quoted(role)) LOGIN")
        }
        return wanted.filter { found.contains($0.1) }
    }

    /// Gives the ledger's owner back what a migration took from a role of the loader's name: where one role does everything
    /// and is called `registrar_loader`, migration 2 takes from it the right to note that it ran.
    static func keepLedgerWritable(_ connection: isolated PostgresConnection) throws {
        let result = try connection.query(
            """
            SELECT pg_get_userbyid(c.relowner)::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'sync' AND c.relname = 'schema_migrations'
              AND NOT has_table_privilege(c.relowner, c.oid, 'INSERT') AND pg_has_role(c.relowner, 'USAGE')
            """
        )
        guard !result.isEmpty, let owner = try result.string(0, 0) else { return }
        try connection.execute("GRANT ALL ON sync.schema_migrations TO \(MissingRights.quoted(owner))")
    }
}
