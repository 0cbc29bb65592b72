import Postgres

/// Asks the catalogue what a role may; every role may ask.
struct RightsQuery {
    /// An object with what is known of it and the role asked about.
    private struct Entry {
        let object: WarehouseObject
        let oid: Int64
        /// Whether the role who asks may grant rights on it.
        let mayGrant: Bool
        /// The commands for which policies show the role all rows it may have, where row security counts for it.
        let policies: String?
    }

    /// Whose rights; the session's own role where `nil`.
    var role: String?
    var duty: RoleDuty = .loading
    /// Only what the session's role may grant.
    var grantableOnly = false
    /// Whether the dashboards' views count, which a role may read and no run does.
    var withViews = false

    /// - Returns: What is missing; of objects that do not exist yet nothing is said.
    func missing(_ connection: isolated PostgresConnection) throws -> MissingRights {
        let name = try role ?? connection.query("SELECT current_user::text").string(0, 0) ?? ""
        let entries = try catalogue(of: name, connection).filter { entry in
            (withViews || entry.object.schema != "bi") && (!grantableOnly || entry.mayGrant)
        }
        var asked: [(entry: Entry, privilege: Privilege)] = []
        for entry in entries {
            for privilege in duty.privileges(on: entry.object) { asked.append((entry, privilege)) }
        }
        let result = try connection.query(
            """
            SELECT x.number FROM unnest($2::text[], $3::bigint[], $4::text[]) WITH ORDINALITY x(kind, oid, privilege, number)
            WHERE NOT CASE x.kind
              WHEN 'DATABASE' THEN has_database_privilege($1, x.oid::oid, x.privilege)
              WHEN 'SCHEMA' THEN has_schema_privilege($1, x.oid::oid, x.privilege)
              WHEN 'SEQUENCE' THEN has_sequence_privilege($1, x.oid::oid, x.privilege)
              WHEN 'FUNCTION' THEN has_function_privilege($1, x.oid::oid, x.privilege)
              ELSE has_table_privilege($1, x.oid::oid, x.privilege) END
            ORDER BY x.number
            """,
            [
                .text(name), .textArray(asked.map { $0.entry.object.kind.rawValue }),
                .int8Array(asked.map { $0.entry.oid }), .textArray(asked.map { $0.privilege.rawValue }),
            ]
        )
        var missing = MissingRights(role: name)
        for row in 0..<result.rowCount {
            let (entry, privilege) = asked[Int(try result.int(row, 0) ?? 1) - 1]
            missing.add(privilege, on: entry.object)
        }
        for (entry, privilege) in asked {
            guard let policies = entry.policies else { continue }
            if !RowPolicies(commands: policies).allow(privilege) { missing.hide(entry.object) }
        }
        return missing
    }

    private func catalogue(of role: String, _ connection: isolated PostgresConnection) throws -> [Entry] {
        let result = try connection.query(
            """
            WITH ours AS (SELECT oid, nspname, nspowner FROM pg_namespace WHERE nspname IN ('lms', 'sync', 'bi')),
            me AS (SELECT oid, rolsuper OR rolbypassrls AS sees_all FROM pg_roles WHERE rolname = $1)
            SELECT 'DATABASE', '', datname, quote_ident(datname), oid::bigint, pg_has_role(datdba, 'USAGE'), NULL
            FROM pg_database WHERE datname = current_database()
            UNION ALL
            SELECT 'SCHEMA', nspname, nspname, quote_ident(nspname), oid::bigint, pg_has_role(nspowner, 'USAGE'), NULL
            FROM ours
            UNION ALL
            SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, n.nspname, c.relname,
              format('%I.%I', n.nspname, c.relname), c.oid::bigint, pg_has_role(c.relowner, 'USAGE'),
              CASE WHEN c.relrowsecurity AND NOT me.sees_all
                AND (c.relforcerowsecurity OR NOT pg_has_role(me.oid, c.relowner, 'USAGE'))
              THEN (SELECT coalesce(string_agg(p.polcmd::text, ''), '') FROM pg_policy p WHERE p.polrelid = c.oid
                AND p.polpermissive AND EXISTS (
                  SELECT FROM unnest(p.polroles) r WHERE r = 0 OR pg_has_role(me.oid, r, 'USAGE'))) END
            FROM pg_class c JOIN ours n ON n.oid = c.relnamespace CROSS JOIN me
            WHERE c.relkind IN ('r', 'p', 'v', 'S') AND NOT c.relispartition
            UNION ALL
            SELECT 'FUNCTION', n.nspname, p.proname,
              format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), p.oid::bigint,
              pg_has_role(p.proowner, 'USAGE'), NULL
            FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace WHERE p.prokind = 'f'
            """,
            [.text(role)]
        )
        return try (0..<result.rowCount).compactMap { row in
            guard let kind = WarehouseObject.Kind(rawValue: try result.string(row, 0) ?? "") else { return nil }
            return Entry(
                object: WarehouseObject(
                    kind: kind,
                    schema: try result.string(row, 1) ?? "",
                    name: try result.string(row, 2) ?? "",
                    sql: try result.string(row, 3) ?? ""
                ),
                oid: try result.int(row, 4) ?? 0,
                mayGrant: try result.bool(row, 5) ?? false,
                policies: try result.string(row, 6)
            )
        }
    }
}

/// For which commands policies let a role through row security: the letters of `pg_policy.polcmd`.
struct RowPolicies {
    let commands: String

    func allow(_ privilege: Privilege) -> Bool {
        let letter: Character
        switch privilege {
        case .select: letter = "r"
        case .insert: letter = "a"
        case .update: letter = "w"
        case .delete: letter = "d"
        default: return true
        }
        return commands.contains("*") || commands.contains(letter)
    }
}
