/// Where the fields of a COPY row lie in a record's memory.
struct RowLayout: Hashable, Sendable {
    struct Field: Hashable, Sendable {
        let encoding: FieldEncoding
        let offset: Int
    }

    let fields: [Field]
    let isVersioned: Bool

    /// Fields of a row: own columns, three of the version, the ordinal.
    var fieldCount: Int16 { Int16(fields.count + (isVersioned ? 3 : 0) + 1) }
}
