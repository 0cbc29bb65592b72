import Records

/// Reads back what a row of a COPY buffer holds: its key, its stream, its month.
struct CopyRow {
    private let fields: [UnsafeRawBufferPointer?]

    /// Microseconds from 1970 to 2000, where PostgreSQL's clock begins.
    private static let epochShift: Int64 = 946_684_800_000_000

    /// Walks the rows of a buffer in order.
    static func forEach(in buffer: CopyBuffer, _ body: (CopyRow) -> Void) {
        buffer.withUnsafeBytes { bytes in
            var position = 0
            while position < bytes.count { body(CopyRow(bytes, &position)) }
        }
    }

    private init(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) {
        let count = Int16(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Int16.self))
        position += 2
        var fields: [UnsafeRawBufferPointer?] = []
        fields.reserveCapacity(Int(count))
        for _ in 0..<count {
            let length = Int(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: Int32.self)))
            position += 4
            fields.append(length < 0 ? nil : UnsafeRawBufferPointer(rebasing: bytes[position..<position + length]))
            position += max(0, length)
        }
        self.fields = fields
    }

    /// The number of the stream the row was appended for.
    var stream: Int64 {
        (bigint(fields.count - 1) ?? 0) >> ArrivalOrdinal.streamShift & Int64(ArrivalOrdinal.streamMask)
    }

    /// The key as one text, its parts separated by slashes.
    func naturalKey(of table: Table) -> String {
        table.columns.enumerated().filter { table.key.contains($0.element.name) }.map { index, column in
            if column.type == .timestamptz { return timestamp(index)?.iso8601 ?? "" }
            return fields[index].map { String(decoding: $0.prefix(Self.longestKey), as: UTF8.self) } ?? ""
        }.joined(separator: "/")
    }

    private static let longestKey = 200

    /// The text in a field.
    func text(_ index: Int) -> String? {
        fields.indices.contains(index) ? fields[index].map { String(decoding: $0, as: UTF8.self) } : nil
    }

    /// The time in a field.
    func timestamp(_ index: Int) -> Timestamp? {
        bigint(index).map { Timestamp(microsecondsSinceEpoch: $0 &+ Self.epochShift) }
    }

    private func bigint(_ index: Int) -> Int64? {
        guard fields.indices.contains(index), let field = fields[index], field.count == 8 else { return nil }
        return Int64(bigEndian: field.loadUnaligned(as: Int64.self))
    }
}
