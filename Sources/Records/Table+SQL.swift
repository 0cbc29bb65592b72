extension Table {
    /// The statement that creates the table in the warehouse, primary key included.
    package var createStatement: String {
        var lines = warehouseColumns.map { "    \($0.name) \($0.type.sql)\($0.isRequired ? " NOT NULL" : "")" }
        lines.append("    PRIMARY KEY (\((["source_id"] + key).joined(separator: ", ")))")
        let partitioning = monthlyPartitionColumn.map { " PARTITION BY RANGE (\($0))" } ?? ""
        return "CREATE TABLE \(qualifiedName) (\n\(lines.joined(separator: ",\n"))\n)\(partitioning);"
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
