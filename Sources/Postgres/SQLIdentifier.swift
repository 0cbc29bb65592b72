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

    /// The name as a person would write it: in quotes only where SQL needs them.
    package var shortest: String {
        let isPlain = name.utf8.enumerated().allSatisfy { index, byte in
            (97...122).contains(byte) || byte == 95 || index > 0 && (48...57).contains(byte)
        }
        return isPlain && !Self.reserved.contains(name) ? name : description
    }

    /// The words that PostgreSQL takes for no name.
    private static let reserved: Set<String> = [
        "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization", "binary",
        "both",
        "case", "cast", "check", "collate", "collation", "column", "concurrently", "constraint", "create", "cross",
        "current_catalog", "current_date", "current_role", "current_schema", "current_time", "current_timestamp",
        "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch",
        "for", "foreign", "freeze", "from", "full", "grant", "group", "having", "ilike", "in", "initially", "inner",
        "intersect", "into", "is", "isnull", "join", "lateral", "leading", "left", "like", "limit", "localtime",
        "localtimestamp", "natural", "not", "notnull", "null", "offset", "on", "only", "or", "order", "outer",
        "overlaps",
        "placing", "primary", "public", "references", "returning", "right", "select", "session_user", "similar", "some",
        "symmetric", "system_user", "table", "tablesample", "then", "to", "trailing", "true", "union", "unique", "user",
        "using", "variadic", "verbose", "when", "where", "window", "with",
    ]
}
