import Records

/// What a role is for, and so what it must be allowed.
package enum RoleDuty: Hashable, Sendable, CaseIterable {
    /// Runs baselines and syncs.
    case loading
    /// Receives webhooks into `sync.inbox`.
    case receiving

    /// The role that `migrate` grants the duty's rights to by itself, where it exists.
    package var customaryRole: String {
        switch self {
        case .loading: "registrar_loader"
        case .receiving: "registrar_inbox"
        }
    }

    /// The tables whose rows a run removes.
    static let emptied: Set = ["checkpoints", "inbox", "pending"]
    /// Written by migrations alone.
    static let ledger = "schema_migrations"

    /// The rights the duty takes on one object.
    package func privileges(on object: WarehouseObject) -> [Privilege] {
        switch self {
        case .loading: Self.loading(object)
        case .receiving: Self.receiving(object)
        }
    }

    private static func loading(_ object: WarehouseObject) -> [Privilege] {
        switch (object.kind, object.schema) {
        case (.database, _): [.temporary]
        case (.schema, "lms"), (.schema, "sync"), (.schema, "bi"): [.usage]
        // Somebody's own table beside ours is none of ours.
        case (.table, "lms") where Table.all.contains { $0.name == object.name }: [.select, .insert, .update]
        case (.table, "sync") where object.name == ledger: [.select]
        case (.table, "sync") where emptied.contains(object.name): [.select, .insert, .update, .delete]
        case (.table, "sync"): [.select, .insert, .update]
        case (.view, "bi"): [.select]
        case (.sequence, "sync"): [.usage]
        case (.function, "sync"): [.execute]
        default: []
        }
    }

    private static func receiving(_ object: WarehouseObject) -> [Privilege] {
        switch (object.kind, object.schema, object.name) {
        case (.schema, "sync", _): [.usage]
        case (.table, "sync", "inbox"): [.insert]
        default: []
        }
    }

    /// The GRANTs for a role, as text for `psql`: what a role needs that comes after the schema.
    package func script(role: String) -> String {
        let name = MissingRights.quoted(role)
        switch self {
        case .loading:
            let tables = Table.all.map(\.qualifiedName).joined(separator: ", ")
            let emptied = Self.emptied.sorted().map { "sync.\($0)" }.joined(separator: ", ")
            return """
                -- What the role \(name) needs for baseline and sync. Run it as the schema's owner, in the warehouse's
                -- database. A role that owns the schema needs none of it. Temporary tables are every role's by default.
                GRANT USAGE ON SCHEMA lms, sync, bi TO \(name);
                GRANT SELECT, INSERT, UPDATE ON \(tables) TO \(name);
                GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA sync TO \(name);
                REVOKE INSERT, UPDATE ON sync.\(Self.ledger) FROM \(name);
                GRANT DELETE ON \(emptied) TO \(name);
                GRANT USAGE ON ALL SEQUENCES IN SCHEMA sync TO \(name);
                GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA sync TO \(name);
                GRANT SELECT ON ALL TABLES IN SCHEMA bi TO \(name);

                """
        case .receiving:
            return """
                GRANT USAGE ON SCHEMA sync TO \(name);
                GRANT INSERT ON sync.inbox TO \(name);

                """
        }
    }
}
