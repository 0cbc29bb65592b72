/// Some columns of a table, a bit for each in the table's order.
///
/// A record says with it which columns the platform's answer had nothing about. That is not the same as null: an absent
/// field leaves the stored value as it is, null clears it.
package struct ColumnSet: OptionSet, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The columns of a table with these names.
    ///
    /// - Precondition: The table has them, and at most 64 columns.
    package init(_ names: String..., of table: Table) {
        var bits: UInt64 = 0
        for name in names {
            guard let index = table.columns.firstIndex(where: { $0.name == name }), index < 64 else {
                preconditionFailure("\(table.name) has no column \(name)")
            }
            bits |= 1 << UInt64(index)
        }
        rawValue = bits
    }
}
