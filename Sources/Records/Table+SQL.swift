extension Table {
    /// What the warehouse's table consists of, as SQL defines it: every column, then the primary key.
    package var definitions: [String] {
        warehouseColumns.map { "\($0.name) \($0.type.sql)\($0.isRequired ? " NOT NULL" : "")" }
            + ["PRIMARY KEY (\((["source_id"] + key).joined(separator: ", ")))"]
    }

    /// The statements that put the meaning of the table and of each column into the database's catalogue.
    package var commentStatements: [String] {
        ["COMMENT ON TABLE \(qualifiedName) IS \(Self.literal(comment))"]
            + warehouseColumns.map { "COMMENT ON COLUMN \(qualifiedName).\($0.name) IS \(Self.literal($0.comment))" }
    }

    private static func literal(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
