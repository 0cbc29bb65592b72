import Postgres

/// Why a role may not bring the schema up to date.
package struct MigrationObstacle: Hashable, Sendable {
    package let role: String
    /// What is in the way, and what to do, in one sentence each.
    package let reason: String
    package let remedy: String

    /// What the catalogue says of a role and the schema.
    struct Facts: Hashable, Sendable {
        var role: String
        var database: String
        /// The database's owner.
        var databaseOwner: String
        /// Whether the role may make schemas in the database.
        var mayCreateSchemas: Bool
        /// Schemas of ours that do not exist.
        var missingSchemas: [String]
        /// Owners of our schemas and of what is in them whose rights the role does not have.
        var foreignOwners: [String]
    }

    /// - Returns: `nil` where nothing is in the way.
    init?(_ facts: Facts) {
        role = facts.role
        let (name, database) = (MissingRights.quoted(facts.role), MissingRights.quoted(facts.database))
        if !facts.foreignOwners.isEmpty {
            let owners = facts.foreignOwners.joined(separator: ", ")
            reason = "the role \(facts.role) does not own the schema, which belongs to \(owners)"
            remedy = "run registrar migrate as \(facts.foreignOwners.count == 1 ? owners : "a member of each")"
        } else if !facts.missingSchemas.isEmpty, !facts.mayCreateSchemas {
            reason = "the role \(facts.role) lacks CREATE on database \(facts.database)"
            remedy =
                "GRANT CREATE ON DATABASE \(database) TO \(name), or run registrar migrate as \(facts.databaseOwner)"
        } else {
            return nil
        }
    }

    /// Asks the catalogue about the session's role.
    static func facts(_ connection: isolated PostgresConnection) throws -> Facts {
        let result = try connection.query(
            """
            WITH ours AS (SELECT oid, nspname, nspowner FROM pg_namespace WHERE nspname IN ('lms', 'sync', 'bi')),
            owners AS (
              SELECT nspowner AS owner FROM ours
              UNION SELECT c.relowner FROM pg_class c JOIN ours n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v')
              UNION SELECT p.proowner FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace)
            SELECT current_user::text, current_database()::text, pg_get_userbyid(d.datdba)::text,
              has_database_privilege(d.oid, 'CREATE'),
              array_to_string(ARRAY(SELECT x FROM unnest(ARRAY['lms', 'sync', 'bi']) x
                WHERE x NOT IN (SELECT nspname FROM ours)), ','),
              array_to_string(ARRAY(SELECT pg_get_userbyid(owner)::text FROM owners WHERE NOT pg_has_role(owner, 'USAGE')
                ORDER BY 1), ',')
            FROM pg_database d WHERE d.datname = current_database()
            """
        )
        func list(_ column: Int) throws -> [String] {
            (try result.string(0, column) ?? "").split(separator: ",").map(String.init)
        }
        return Facts(
            role: try result.string(0, 0) ?? "",
            database: try result.string(0, 1) ?? "",
            databaseOwner: try result.string(0, 2) ?? "",
            mayCreateSchemas: try result.bool(0, 3) ?? false,
            missingSchemas: try list(4),
            foreignOwners: try list(5)
        )
    }
}
