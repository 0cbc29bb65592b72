internal import CSimdJSON
internal import Glibc

/// The key of an object's member, unescaped; valid as long as the values beside it.
package struct JSONKey {
    /// The key as UTF-8; never holds a zero byte.
    package let bytes: UnsafeRawBufferPointer
    /// Whether a U+0000 or lone surrogate in the key became U+FFFD.
    package let hadReplacement: Bool

    init(_ value: JSONValue) {
        let node = value.node.pointee
        bytes = UnsafeRawBufferPointer(start: value.bytes + Int(node.first), count: Int(node.second))
        hadReplacement = value.hadReplacement
    }

    /// The key as a String.
    ///
    /// Compare bytes where it matters: Strings compare é and e + ´ as equal.
    package var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether the key has exactly these bytes.
    package static func == (key: JSONKey, literal: StaticString) -> Bool {
        literal.withUTF8Buffer { buffer in
            guard let ours = key.bytes.baseAddress, let theirs = buffer.baseAddress, buffer.count == key.bytes.count
            else { return buffer.isEmpty && key.bytes.isEmpty }
            return memcmp(ours, theirs, buffer.count) == 0
        }
    }

    /// Whether the bytes of two keys are equal.
    package static func == (left: JSONKey, right: JSONKey) -> Bool {
        left.bytes.count == right.bytes.count && left.bytes.elementsEqual(right.bytes)
    }
}
