/// What every `lms` table and column means, written from the records.
package enum DataDictionary {
    /// The statements that bring the comments in the database's catalogue up to date; safe to repeat.
    package static var commentStatements: [String] { Table.all.flatMap(\.commentStatements) }

    /// The dictionary as a Markdown page.
    ///
    /// - Parameter filledBy: Says which kinds of source fill a column of a table.
    package static func markdown(filledBy: (Column, Table) -> String) -> String {
        var text = """
            # Data dictionary

            Every table of the schema `lms` begins with `source_id` and ends with the bookkeeping columns
            `first_seen_at`, `updated_at`, `run_id` and `deleted_at`. Times are `timestamptz`, ids are `text`,
            percentages are `numeric` from 0 to 100, durations are `bigint` seconds. Key columns are marked with ●;
            every primary key begins with `source_id`. "Filled by" names the kinds of source that fill a column; a
            reserved one is null on all of them.

            """
        for table in Table.all {
            text +=
                "\n## \(table.qualifiedName)\n\n\(table.comment)\n\n| column | type | filled by | meaning |\n|---|---|---|---|\n"
            for column in table.columns {
                text += row(column, isKey: column.isRequired, filledBy: filledBy(column, table))
            }
        }
        text += "\n## In every table\n\n| column | type | meaning |\n|---|---|---|\n"
        text += row(Table.sourceColumn, isKey: true)
        for column in Table.bookkeeping { text += row(column, isKey: false) }
        return text
    }

    private static func row(_ column: Column, isKey: Bool, filledBy: String? = nil) -> String {
        let comment = column.comment.split(separator: "|", omittingEmptySubsequences: false).joined(separator: "\\|")
        let kinds = filledBy.map { " \($0) |" } ?? ""
        return "| `\(column.name)`\(isKey ? " ●" : "") | \(column.type.sql) |\(kinds) \(comment) |\n"
    }
}
