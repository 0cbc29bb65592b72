/// One column of a record: its name and meaning, and where the record keeps the value.
package struct RecordColumn<R: Record>: Sendable {
    /// The column as the table knows it.
    package let column: Column
    /// How the value is written into a COPY row.
    let encoding: FieldEncoding
    /// Where the value lies within the record, in bytes.
    let offset: Int

    /// Declares a column; the property's type decides the column's.
    ///
    /// - Precondition: `property` is a stored property. A row is then written straight from the record's memory, with
    ///   no call and no copy for a field: a million rows pass in seconds.
    package init<Value: ColumnValue>(_ name: String, _ property: KeyPath<R, Value>, _ comment: String) {
        guard let offset = MemoryLayout<R>.offset(of: property) else {
            preconditionFailure("column \(name) of \(R.self) must be a stored property")
        }
        self.offset = offset
        encoding = Value.fieldEncoding
        column = Column(name, encoding.columnType, comment, isRequired: encoding.isRequired)
    }
}
