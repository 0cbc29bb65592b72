/// A typed row of one `lms` table.
///
/// A record writes each of its columns down once, in `columns`; the table, the COPY row, the staging table, the
/// merge, the comments and the data dictionary are made from that.
///
/// A record is a struct whose columns are stored properties. Those that are not optional form the key and come first.
package protocol Record: Sendable, Equatable {
    /// The columns, in the table's order.
    static var columns: [RecordColumn<Self>] { get }

    /// The table these records live in.
    static var table: Table { get }

    /// Whether the source numbers the versions of a record, so that the newest one wins and not the last to arrive.
    static var isVersioned: Bool { get }

    /// The source's own version of this record; read only where `isVersioned`.
    var version: RecordVersion { get }

    /// The columns that the platform's answer had nothing about: a stored row keeps its values in them.
    var absentColumns: ColumnSet { get }
}

extension Record {
    package static var isVersioned: Bool { false }
    package var version: RecordVersion { .none }
    package var absentColumns: ColumnSet { [] }

    /// Appends this record as one row: own columns, the version where there is one, then `ordinal`.
    ///
    /// The ordinal is the order of arrival within a commit unit: of two equal versions the higher one wins.
    package func encode(into buffer: inout CopyBuffer, ordinal: Int64) {
        let layout = Self.table.rowLayout
        let version = Self.isVersioned ? self.version : nil
        withUnsafeBytes(of: self) { record in
            buffer.appendRow(layout, of: record, version: version, ordinal: ordinal)
        }
    }

    /// Appends records as rows, numbering them upwards from `firstOrdinal`.
    ///
    /// The way for many records: they are read where they lie.
    package static func encode(_ records: [Self], into buffer: inout CopyBuffer, firstOrdinal: Int64) {
        let layout = table.rowLayout
        let isVersioned = isVersioned
        records.withUnsafeBytes { bytes in
            var ordinal = firstOrdinal
            for index in records.indices {
                let start = index * MemoryLayout<Self>.stride
                let record = UnsafeRawBufferPointer(rebasing: bytes[start..<start + MemoryLayout<Self>.size])
                let version = isVersioned ? records[index].version : nil
                buffer.appendRow(layout, of: record, version: version, ordinal: ordinal)
                ordinal += 1
            }
        }
    }
}
