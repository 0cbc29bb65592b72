package import Records

/// Which members of a platform's object a column is made of, so that their absence is told from their being null.
package struct ColumnSource<R: Record>: Sendable {
    fileprivate let column: ColumnSet
    fileprivate let isNull: @Sendable (R) -> Bool
    fileprivate let members: [StaticString]

    /// - Parameter members: The column is absent where the object has none of them.
    package init<Value>(
        _ column: String,
        _ property: any KeyPath<R, Value?> & Sendable,
        _ members: StaticString...
    ) {
        self.column = ColumnSet(column, of: R.table)
        isNull = { $0[keyPath: property] == nil }
        self.members = members
    }
}

extension RecordReader {
    /// The columns of a record that was read from this object which the object had nothing about.
    ///
    /// Only where the record is null a look at the object is needed.
    package mutating func absentColumns<R: Record>(of record: R, from sources: [ColumnSource<R>]) -> ColumnSet {
        var absent: ColumnSet = []
        for source in sources where source.isNull(record) {
            if !source.members.contains(where: { has($0) }) { absent.insert(source.column) }
        }
        return absent
    }

    /// The columns, unless the object has one of these members: for columns that are never null.
    package mutating func absent(_ columns: ColumnSet, without members: StaticString...) -> ColumnSet {
        members.contains { has($0) } ? [] : columns
    }
}
