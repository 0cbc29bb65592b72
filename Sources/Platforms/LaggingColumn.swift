package import Records

/// A column that a run brings only once in a while, because no change of it can be seen before its list is read whole.
package struct LaggingColumn: Sendable {
    /// The column's table; its name is the stream's too.
    package let table: Table
    package let column: String
    /// The member of the stream's watermark that says when the list was last read whole.
    package let readAt: String
    /// How old that reading may be for a difference in the column to be none that a run should have brought.
    package let bound: Duration

    package init(_ table: Table, _ column: String, readAt: String, bound: Duration) {
        (self.table, self.column, self.readAt, self.bound) = (table, column, readAt, bound)
    }
}
