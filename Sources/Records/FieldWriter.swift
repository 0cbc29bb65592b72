/// Writes fields in PostgreSQL's binary format at a cursor, without looking at bounds.
///
/// Whoever makes one has reserved `maxSize(of:)` bytes for each field.
struct FieldWriter {
    var cursor: UnsafeMutableRawPointer

    init(at cursor: UnsafeMutableRawPointer) {
        self.cursor = cursor
    }

    /// Microseconds from 1970-01-01, our epoch, to 2000-01-01, PostgreSQL's.
    static let epochShift: Int64 = 946_684_800_000_000
    /// The largest field that does not depend on its value: a length and eight bytes.
    static let fixedSize = 12

    static func maxSize(ofText text: String) -> Int { 4 + text.utf8.count }
    static func maxSize(ofJSON json: JSONText) -> Int { 5 + json.text.utf8.count }
    /// Length, header, then two bytes for each group of four digits, of which the point may split one.
    static func maxSize(ofNumeric numeric: Numeric) -> Int { 12 + 2 * (numeric.token.utf8.count / 4 + 3) }
    static func maxSize(ofArray array: [String]) -> Int { array.reduce(24) { $0 + maxSize(ofText: $1) } }

    @inline(__always)
    mutating func write<Value: FixedWidthInteger>(_ value: Value) {
        cursor.storeBytes(of: value.bigEndian, as: Value.self)
        cursor += MemoryLayout<Value>.size
    }

    @inline(__always)
    mutating func writeNull() { write(Int32(-1)) }

    @inline(__always)
    mutating func writeBigint(_ value: Int64) {
        write(Int32(8))
        write(value)
    }

    @inline(__always)
    mutating func writeInteger(_ value: Int32) {
        write(Int32(4))
        write(value)
    }

    @inline(__always)
    mutating func writeBoolean(_ value: Bool) {
        write(Int32(1))
        write(UInt8(value ? 1 : 0))
    }

    /// Wraps at the ends of the range, where PostgreSQL has its infinities and no platform has a date.
    @inline(__always)
    mutating func writeTimestamp(_ value: Timestamp) { writeBigint(value.microseconds &- Self.epochShift) }

    @inline(__always)
    mutating func writeText(_ text: String) {
        write(Int32(truncatingIfNeeded: text.utf8.count))
        writeBytes(of: text)
    }

    mutating func writeJSON(_ json: JSONText) {
        write(Int32(truncatingIfNeeded: json.text.utf8.count + 1))
        write(UInt8(1))  // the version of jsonb's binary format
        writeBytes(of: json.text)
    }

    mutating func writeArray(_ array: [String]) {
        let start = cursor
        write(Int32(0))
        write(Int32(array.isEmpty ? 0 : 1))  // dimensions
        write(Int32(0))  // no nulls inside
        write(Int32(25))  // the elements' type: text
        if !array.isEmpty {
            write(Int32(truncatingIfNeeded: array.count))
            write(Int32(1))  // the first index
            for element in array { writeText(element) }
        }
        let size = Int32(truncatingIfNeeded: cursor - start - 4)
        start.storeBytes(of: size.bigEndian, as: Int32.self)
    }

    @inline(__always)
    private mutating func writeBytes(of text: String) {
        let copied: Void? = text.utf8.withContiguousStorageIfAvailable { bytes in
            guard let source = bytes.baseAddress else { return }
            cursor.copyMemory(from: source, byteCount: bytes.count)
        }
        if copied == nil {
            UnsafeMutableRawBufferPointer(start: cursor, count: text.utf8.count).copyBytes(from: text.utf8)
        }
        cursor += text.utf8.count
    }
}
