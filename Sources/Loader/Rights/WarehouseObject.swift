/// An object of the catalogue that rights are granted on.
package struct WarehouseObject: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case database = "DATABASE"
        case schema = "SCHEMA"
        case table = "TABLE"
        case view = "VIEW"
        case sequence = "SEQUENCE"
        case function = "FUNCTION"

        /// How GRANT names the kind: tables and views need no word.
        var grantWord: String {
            switch self {
            case .table, .view: ""
            default: rawValue + " "
            }
        }
    }

    package let kind: Kind
    /// The schema it lies in; its own name for a schema, empty for the database.
    package let schema: String
    /// The name alone.
    package let name: String
    /// The name as a statement spells it: `lms.courses`, `sync.ensure_indexes()`.
    package let sql: String

    package init(kind: Kind, schema: String, name: String, sql: String) {
        (self.kind, self.schema, self.name, self.sql) = (kind, schema, name, sql)
    }

    /// The name as a sentence has it: `lms.courses`, `schema sync`.
    package var title: String {
        switch kind {
        case .table, .view, .function: sql
        case .database, .schema, .sequence: "\(kind.rawValue.lowercased()) \(sql)"
        }
    }
}
