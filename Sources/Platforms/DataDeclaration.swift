package import Records

/// What a kind brings into the warehouse: the one place that says which columns it fills.
///
/// Tests hold it against loaded schools; the dictionary's "filled by" and what the platforms' pages say of empty columns
/// are written from it.
package struct DataDeclaration: Sendable {
    /// Columns of a table that are filled; those of the key are wherever there are rows.
    package struct Filled: Sendable {
        package var table: String
        package var columns: [String]

        package init(_ table: String, _ columns: String) {
            self.table = table
            self.columns = columns.split(separator: " ").map(String.init)
        }
    }

    /// Something that needs a sentence: a column that is filled under a condition, or empty for a reason.
    package struct Remark: Sendable {
        /// Tables (`lms.certificates`) and columns (`grades.submitted_at`), or fields of the platform.
        package var names: [String]
        package var text: String

        package init(_ names: String, _ text: String) {
            self.names = names.split(separator: " ").map(String.init)
            self.text = text
        }
    }

    /// What is filled, table by table.
    package var filled: [Filled]
    /// Columns that are filled only where something is configured or named.
    package var conditions: [Remark]
    /// Why tables and columns are empty, where it is not simply that the platform has nothing of the kind.
    package var reasons: [Remark]
    /// What the platform sends and no column holds, and why; the names are the platform's own.
    package var dropped: [Remark]
    /// Tables whose rows of the same course and learner go with an enrollment; others outlive it, or have lists of their own
    /// that tell.
    package var goesWithEnrollments: [Table]

    package init(
        filled: [Filled] = [],
        conditions: [Remark] = [],
        reasons: [Remark] = [],
        dropped: [Remark] = [],
        goesWithEnrollments: [Table] = []
    ) {
        self.filled = filled
        self.conditions = conditions
        self.reasons = reasons
        self.dropped = dropped
        self.goesWithEnrollments = goesWithEnrollments
    }

    /// Whether the kind fills a column; a column of a key wherever it fills the table.
    package func fills(_ column: Column, of table: Table) -> Bool {
        guard let entry = filled.first(where: { $0.table == table.name }) else { return false }
        return column.isRequired || entry.columns.contains(column.name)
    }

    /// Whether the kind has rows for a table.
    package func fills(_ table: Table) -> Bool { filled.contains { $0.table == table.name } }

    /// Tables, as `lms.events`, and columns of the filled ones, as `events.unit_id`, that stay empty.
    package var empty: [String] {
        Table.all.flatMap { table in
            fills(table)
                ? table.columns.filter { !fills($0, of: table) }.map { "\(table.name).\($0.name)" }
                : [table.qualifiedName]
        }
    }
}
