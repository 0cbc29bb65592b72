/// One column of a table in the warehouse.
package struct Column: Hashable, Sendable {
    /// The column's name: lower-case letters, digits and underscores, so it needs no quoting in SQL.
    package let name: String
    /// Its PostgreSQL type.
    package let type: ColumnType
    /// What it means, in which unit, and what the education standards call it.
    package let comment: String
    /// Whether it is NOT NULL.
    package let isRequired: Bool

    /// Describes a column.
    package init(_ name: String, _ type: ColumnType, _ comment: String, isRequired: Bool = false) {
        self.name = name
        self.type = type
        self.comment = comment
        self.isRequired = isRequired
    }
}
