/// A table or column name, quoted for SQL.
///
/// A plain `String` never reaches a statement: values are parameters, names are of this type.
package struct SQLIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// The name as the catalogue knows it, unquoted.
    package let name: String

    /// Fails when PostgreSQL would refuse the name, or silently shorten it.
    package init?(_ name: String) {
        guard !name.isEmpty, name.utf8.count <= 63, !name.utf8.contains(0) else { return nil }
        self.name = name
    }

    /// The name in double quotes, ready to stand in a statement.
    package var description: String {
        "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
