/// Rows in PostgreSQL's binary COPY format, ready to be sent as they are.
///
/// The buffer holds rows only: whoever sends it puts `header` before and `trailer` behind. It grows by doubling and
/// keeps its memory in `removeAll(keepingCapacity:)`, so that a run of any length allocates a few times.
package struct CopyBuffer: Sendable {
    /// Signature, flags and length of the header's extension: what a binary COPY begins with.
    package static let header: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
    /// A field count of −1: what a binary COPY ends with.
    package static let trailer: [UInt8] = [0xFF, 0xFF]

    /// Memory, of which the first `byteCount` bytes are rows and the rest is room.
    private var storage: [UInt8] = []
    /// Size of the rows.
    package private(set) var byteCount = 0
    /// How many rows there are.
    package private(set) var rows = 0

    /// Makes an empty buffer.
    package init() {}

    /// Whether there is no row.
    package var isEmpty: Bool { rows == 0 }

    /// Makes room for that many bytes, rows already there included.
    package mutating func reserveCapacity(_ capacity: Int) {
        if capacity > storage.count { reserve(capacity - byteCount) }
    }

    /// Lends the bytes of the rows.
    package func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try storage.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[0..<byteCount])) }
    }

    /// Appends the rows of another buffer.
    package mutating func append(contentsOf other: CopyBuffer) {
        reserve(other.byteCount)
        let position = byteCount
        storage.withUnsafeMutableBytes { target in
            other.withUnsafeBytes { target[position...].copyBytes(from: $0) }
        }
        byteCount += other.byteCount
        rows += other.rows
    }

    /// Forgets the rows.
    package mutating func removeAll(keepingCapacity: Bool = false) {
        if !keepingCapacity { storage = [] }
        byteCount = 0
        rows = 0
    }

    /// The rows at these places as a buffer of their own, for finding the one that PostgreSQL refuses.
    package func rows(in range: Range<Int>) -> CopyBuffer {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "no such rows")
        var part = CopyBuffer()
        withUnsafeBytes { bytes in
            var position = 0
            for _ in 0..<range.lowerBound { position = Self.endOfRow(at: position, in: bytes) }
            let start = position
            for _ in range { position = Self.endOfRow(at: position, in: bytes) }
            part.storage = Array(bytes[start..<position])
        }
        part.byteCount = part.storage.count
        part.rows = range.count
        return part
    }

    /// Lends the rows in other clothes: the first `kept` fields of each, behind fields that all of them share.
    ///
    /// `shared` is one row without those fields whose field count is already that of the whole. The bytes come in chunks
    /// of about 256 KiB, so that the rows are never there twice.
    package func forEachChunk(
        sharing shared: CopyBuffer,
        keeping kept: Int,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        let head = shared.withUnsafeBytes { Array($0) }
        let limit = 256 << 10
        var chunk: [UInt8] = []
        chunk.reserveCapacity(limit + 4_096)
        try withUnsafeBytes { bytes in
            var position = 0
            while position < bytes.count {
                let start = position + 2
                chunk.append(contentsOf: head)
                chunk.append(contentsOf: bytes[start..<Self.end(ofFields: kept, at: start, in: bytes)])
                position = Self.endOfRow(at: position, in: bytes)
                if chunk.count >= limit || position == bytes.count {
                    try chunk.withUnsafeBytes(body)
                    chunk.removeAll(keepingCapacity: true)
                }
            }
        }
    }

    /// Begins a row of that many fields; the caller appends as many.
    package mutating func beginRow(fieldCount: Int16) {
        write(2) { $0.write(fieldCount) }
        rows += 1
    }

    /// Appends a null.
    package mutating func appendNull() { write(4) { $0.writeNull() } }

    /// Appends a text field.
    package mutating func append(_ value: String?) {
        guard let value else { return appendNull() }
        write(FieldWriter.maxSize(ofText: value)) { $0.writeText(value) }
    }

    /// Appends a bigint field.
    package mutating func append(_ value: Int64?) {
        guard let value else { return appendNull() }
        write(FieldWriter.fixedSize) { $0.writeBigint(value) }
    }

    /// Appends an integer field.
    package mutating func append(_ value: Int32?) {
        guard let value else { return appendNull() }
        write(FieldWriter.fixedSize) { $0.writeInteger(value) }
    }

    /// Appends a boolean field.
    package mutating func append(_ value: Bool?) {
        guard let value else { return appendNull() }
        write(FieldWriter.fixedSize) { $0.writeBoolean(value) }
    }

    /// Appends a timestamptz field.
    package mutating func append(_ value: Timestamp?) {
        guard let value else { return appendNull() }
        write(FieldWriter.fixedSize) { $0.writeTimestamp(value) }
    }

    /// Appends a numeric field.
    package mutating func append(_ value: Numeric?) {
        guard let value else { return appendNull() }
        write(FieldWriter.maxSize(ofNumeric: value)) { $0.writeNumeric(value) }
    }

    /// Appends a jsonb field.
    package mutating func append(_ value: JSONText?) {
        guard let value else { return appendNull() }
        write(FieldWriter.maxSize(ofJSON: value)) { $0.writeJSON(value) }
    }

    /// Appends a text[] field.
    package mutating func append(_ value: [String]?) {
        guard let value else { return appendNull() }
        write(FieldWriter.maxSize(ofArray: value)) { $0.writeArray(value) }
    }

    /// Appends a row whose own columns are read from a record's memory.
    mutating func appendRow(
        _ layout: RowLayout,
        of record: UnsafeRawBufferPointer,
        version: RecordVersion?,
        ordinal: Int64
    ) {
        guard let base = record.baseAddress else { return }
        var size = layout.maxSize(of: base)
        if let version { size += 2 * FieldWriter.fixedSize + FieldWriter.maxSize(ofText: version.tiebreak) }
        write(size) { writer in
            writer.write(layout.fieldCount)
            writer.write(layout, of: base)
            if let version {
                writer.writeBigint(version.primary)
                writer.writeBigint(version.secondary)
                writer.writeText(version.tiebreak)
            }
            writer.writeBigint(ordinal)
        }
        rows += 1
    }

    @inline(__always)
    private mutating func write(_ maxSize: Int, _ body: (inout FieldWriter) -> Void) {
        reserve(maxSize)
        let position = byteCount
        byteCount += storage.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            var writer = FieldWriter(at: base + position)
            body(&writer)
            return writer.cursor - (base + position)
        }
    }

    @inline(__always)
    private mutating func reserve(_ size: Int) {
        if storage.count - byteCount < size { grow(by: size) }
    }

    private mutating func grow(by size: Int) {
        let count = max(byteCount + size, storage.count * 2, 4_096)
        storage = [UInt8](unsafeUninitializedCapacity: count) { target, initialized in
            withUnsafeBytes { UnsafeMutableRawBufferPointer(target).copyBytes(from: $0) }
            // Clearing the room as well would cost a pass over the memory; nobody reads it before it is written.
            initialized = count
        }
    }

    /// Where the row that begins at `position` ends.
    private static func endOfRow(at position: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        let fieldCount = Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Int16.self))
        return end(ofFields: Int(fieldCount), at: position + 2, in: bytes)
    }

    /// Where so many fields that begin at `position` end.
    private static func end(ofFields count: Int, at position: Int, in bytes: UnsafeRawBufferPointer) -> Int {
        var end = position
        for _ in 0..<count {
            let length = Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: end, as: Int32.self))
            end += 4 + max(0, Int(length))
        }
        return end
    }
}

extension CopyBuffer: Equatable {
    package static func == (lhs: CopyBuffer, rhs: CopyBuffer) -> Bool {
        lhs.rows == rhs.rows && lhs.byteCount == rhs.byteCount
            && lhs.withUnsafeBytes { left in rhs.withUnsafeBytes { left.elementsEqual($0) } }
    }
}
