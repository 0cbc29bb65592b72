/// A number that stands for a row's key, for sets of keys far smaller than the keys themselves.
///
/// FNV-1a over the key's parts: stable between processes. Two keys of ten million clash with a chance of one in 370,000;
/// whoever compares by it must be on the safe side when they do.
package struct KeyHash: Sendable {
    package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    package init() {}

    /// The hash of bytes alone, which are no part of a longer key.
    package init(of bytes: UnsafeRawBufferPointer) {
        for byte in bytes { step(byte) }
    }

    /// The hash of a text alone, which is no part of a longer key.
    package init(of text: String) {
        for byte in text.utf8 { step(byte) }
    }

    /// Adds one part of the key, as text; a time as its microseconds since 1970.
    package mutating func add(_ part: String) {
        for byte in part.utf8 { step(byte) }
        step(0)
    }

    private mutating func step(_ byte: UInt8) {
        value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
}

extension Record {
    /// The hashes of the records' keys, in order.
    package static func keyHashes(of records: [Self]) -> [UInt64] {
        let fields = table.rowLayout.fields.prefix(table.key.count)
        return records.withUnsafeBytes { bytes in
            records.indices.map { index in
                let record = bytes.baseAddress! + index * MemoryLayout<Self>.stride
                var hash = KeyHash()
                for field in fields {
                    let value = record + field.offset
                    switch field.encoding {
                    case .requiredTimestamp:
                        hash.add(String(value.assumingMemoryBound(to: Timestamp.self).pointee.microseconds))
                    default: hash.add(value.assumingMemoryBound(to: String.self).pointee)
                    }
                }
                return hash.value
            }
        }
    }
}
