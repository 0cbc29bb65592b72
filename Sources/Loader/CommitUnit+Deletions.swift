package import Records

/// Rows to be marked with `deleted_at`, named by some columns of their key.
package struct DeletedRows: Sendable {
    package let table: Table
    /// The stream they are counted under.
    package let stream: String
    package let columns: [String]
    /// Values in the order of `columns`; each names one row or more.
    package let keys: [[String]]
    /// Only rows in which these columns are null.
    package let unset: [String]
    /// The table that has `columns`, where it is another one: its rows, live or not, name the rows by its key.
    package let through: Table?
    /// Of enrollments, when they were found to be gone: the status says whether access had run out by then or was ended.
    package let accessEnded: Timestamp?

    package init(
        _ table: Table,
        stream: String,
        columns: [String],
        keys: [[String]],
        unset: [String] = [],
        through: Table? = nil,
        accessEnded: Timestamp? = nil
    ) {
        self.table = table
        self.stream = stream
        self.columns = columns
        self.keys = keys
        self.unset = unset
        self.through = through
        self.accessEnded = accessEnded
    }
}

/// Rows to be copied under another key; the old ones are marked with `deleted_at`.
package struct RekeyedRows: Sendable {
    package let table: Table
    /// The stream they are counted under.
    package let stream: String
    /// Which rows: column to value.
    package let from: [String: String]
    /// What changes: column to value.
    package let to: [String: String?]

    package init(_ table: Table, stream: String, from: [String: String], to: [String: String?]) {
        self.table = table
        self.stream = stream
        self.from = from
        self.to = to
    }
}

extension CommitUnit {
    /// Marks rows as deleted, after the commit unit's rows are stored.
    package mutating func delete(_ rows: DeletedRows) {
        guard !rows.keys.isEmpty else { return }
        state.deletions.append(rows)
    }

    /// Gives rows another key, after the commit unit's rows are stored and before any is deleted.
    package mutating func rekey(_ rows: RekeyedRows) {
        state.rekeyings.append(rows)
    }
}
