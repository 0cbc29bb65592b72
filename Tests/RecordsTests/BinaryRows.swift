import Records

/// Reads PostgreSQL's binary COPY rows back, byte by byte, as the protocol's documentation describes them.
struct BinaryRows {
    private var bytes: [UInt8]
    private var position = 0

    init(_ buffer: CopyBuffer) {
        bytes = buffer.withUnsafeBytes { Array($0) }
    }

    var isAtEnd: Bool { position == bytes.count }

    /// The fields of the next row; nil for a null.
    mutating func nextRow() -> [[UInt8]?] {
        let count = Int(take(2))
        return (0..<count).map { _ in
            let length = Int(Int32(truncatingIfNeeded: take(4)))
            return length < 0 ? nil : takeBytes(length)
        }
    }

    private mutating func take(_ count: Int) -> Int64 {
        takeBytes(count).reduce(0) { $0 << 8 | Int64($1) }
    }

    private mutating func takeBytes(_ count: Int) -> [UInt8] {
        defer { position += count }
        return Array(bytes[position..<position + count])
    }
}

/// The bytes of a big-endian integer.
func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

/// The bytes of a text field.
func text(_ value: String) -> [UInt8] { Array(value.utf8) }

/// The bytes of a jsonb field.
func json(_ value: String) -> [UInt8] { [1] + Array(value.utf8) }

/// The bytes of a timestamptz field, from seconds after 2000-01-01.
func time(_ secondsSince2000: Int64) -> [UInt8] { bigEndian(secondsSince2000 * 1_000_000) }

/// The timestamp that many seconds after 2000-01-01.
func instant(_ secondsSince2000: Int64) -> Timestamp {
    Timestamp(microsecondsSinceEpoch: (secondsSince2000 + 946_684_800) * 1_000_000)
}
