import Postgres

/// Rights that a role lacks, as sentences and as the GRANTs that give them.
package struct MissingRights: Hashable, Sendable {
    /// Who lacks them.
    package let role: String
    /// What is lacking on each object.
    package private(set) var lacking: [WarehouseObject: Set<Privilege>] = [:]
    /// Tables whose row security hides rows from the role.
    package private(set) var hidden: Set<WarehouseObject> = []

    package init(role: String) { self.role = role }

    package var isEmpty: Bool { lacking.isEmpty && hidden.isEmpty }

    package mutating func add(_ privilege: Privilege, on object: WarehouseObject) {
        lacking[object, default: []].insert(privilege)
    }

    package mutating func hide(_ object: WarehouseObject) { hidden.insert(object) }

    /// `registrar_x lacks USAGE on schema sync; INSERT, UPDATE on lms.courses`.
    package var description: String {
        var parts = groups.map { group in
            let names = group.objects.map(\.title)
            let shown = names.count > 4 ? names.prefix(3) + ["\(names.count - 3) more"] : names[...]
            return "\(group.privileges.map(\.rawValue).joined(separator: ", ")) on \(shown.joined(separator: ", "))"
        }
        if !hidden.isEmpty {
            let names = hidden.map(\.title).sorted()
            let shown = names.count > 4 ? names.prefix(3) + ["\(names.count - 3) more"] : names[...]
            parts.append("a row security policy on \(shown.joined(separator: ", "))")
        }
        return "the role \(role) lacks \(parts.joined(separator: "; "))"
    }

    /// The statements that give what is lacking: the grants, then the policies.
    package var statements: [String] { grants + policies }

    /// The GRANTs, one for each set of rights.
    package var grants: [String] {
        let name = Self.quoted(role)
        return groups.map { group in
            let kind = group.objects.first?.kind.grantWord ?? ""
            let privileges = group.privileges.map(\.rawValue).joined(separator: ", ")
            return "GRANT \(privileges) ON \(kind)\(group.objects.map(\.sql).joined(separator: ", ")) TO \(name)"
        }
    }

    /// What lets the role through row security.
    private var policies: [String] {
        let name = Self.quoted(role)
        return hidden.map(\.sql).sorted().map { table in
            "CREATE POLICY registrar_loads ON \(table) TO \(name) USING (true) WITH CHECK (true)"
        }
    }

    /// A role's name as a statement spells it.
    static func quoted(_ role: String) -> String { SQLIdentifier(role)?.shortest ?? "\"\"" }

    private struct Group {
        let privileges: [Privilege]
        let objects: [WarehouseObject]
    }

    /// Objects of a kind that lack the same rights, in an order that never changes.
    private var groups: [Group] {
        struct Key: Hashable {
            let kind: String
            let privileges: [Privilege]
        }
        let grouped = Dictionary(grouping: lacking.keys) { object in
            Key(kind: object.kind.grantWord, privileges: (lacking[object] ?? []).sorted())
        }
        let kinds = WarehouseObject.Kind.allCases.map(\.grantWord)
        return grouped.map { Group(privileges: $0.privileges, objects: $1.sorted { $0.sql < $1.sql }) }.sorted {
            first,
            second in
            let (a, b) = (first.objects[0], second.objects[0])
            let (kindA, kindB) = (
                kinds.firstIndex(of: a.kind.grantWord) ?? 0, kinds.firstIndex(of: b.kind.grantWord) ?? 0
            )
            return (kindA, a.sql) < (kindB, b.sql)
        }
    }
}
