/// The PostgreSQL type of a column.
package enum ColumnType: Hashable, Sendable, CaseIterable {
    case text
    case timestamptz
    case numeric
    case bigint
    case integer
    case boolean
    case jsonb
    case textArray

    /// The type as SQL spells it.
    package var sql: String {
        switch self {
        case .text: "text"
        case .timestamptz: "timestamptz"
        case .numeric: "numeric"
        case .bigint: "bigint"
        case .integer: "integer"
        case .boolean: "boolean"
        case .jsonb: "jsonb"
        case .textArray: "text[]"
        }
    }
}
