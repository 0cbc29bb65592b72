import Records

/// A row in which the platform and the warehouse do not agree.
package struct RowDifference: Sendable, Hashable {
    /// How they disagree.
    package enum Kind: String, Sendable, CaseIterable {
        /// The platform has it, and no live row of the warehouse stands for it.
        case missingHere = "missing_here"
        /// The warehouse has it live, and the platform does not.
        case goneThere = "gone_there"
        /// Both have it, with other values.
        case different
    }

    /// The table's name.
    package let table: String
    /// The row's key, `source_id` left out: column to value; times as microseconds since 1970.
    package let key: [String: String]
    package let kind: Kind
    /// The columns whose values differ; empty but for ``Kind/different``.
    package let columns: [String]

    package init(table: String, key: [String: String], kind: Kind, columns: [String] = []) {
        self.table = table
        self.key = key
        self.kind = kind
        self.columns = columns
    }

    /// Stands for table and key, as good as unique.
    package var hash: UInt64 {
        var hash = KeyHash()
        hash.add(table)
        for (column, value) in key.sorted(by: { $0.key < $1.key }) {
            hash.add(column)
            hash.add(value)
        }
        return hash.value
    }
}

/// What a comparison is about: rows of other tables or courses are neither named nor stored.
package struct ComparisonScope: Sendable {
    /// The tables by name; `nil` for all.
    package var tables: Set<String>?
    /// The courses, children of theirs among them; `nil` for all.
    package var courses: Set<String>?

    package init(tables: Set<String>? = nil, courses: Set<String>? = nil) {
        (self.tables, self.courses) = (tables, courses)
    }

    func covers(_ table: Table) -> Bool { tables?.contains(table.name) ?? true }

    /// The columns that say which course a row of the table belongs to, where the scope is one of courses.
    func courseColumns(of table: Table) -> [String] {
        guard courses != nil else { return [] }
        return ["course_id", "parent_course_id"].filter { name in table.columns.contains { $0.name == name } }
    }
}
