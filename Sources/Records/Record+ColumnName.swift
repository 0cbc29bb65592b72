extension Record {
    /// The name of the column that keeps a property; `nil` where the property is none.
    package static func columnName(of property: PartialKeyPath<Self>) -> String? {
        guard let offset = MemoryLayout<Self>.offset(of: property) else { return nil }
        let table = Self.table
        return table.rowLayout.fields.firstIndex { $0.offset == offset }.map { table.columns[$0].name }
    }
}
