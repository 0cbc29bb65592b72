internal import CSimdJSON

/// Writes text as JSON that PostgreSQL's `jsonb` takes: only what must be escaped is, and U+0000 is never written.
package enum JSONWriter {
    /// Returns `string` as a JSON string.
    package static func quoted(_ string: String) -> String {
        var text: [UInt8] = []
        var string = string
        string.withUTF8 { append(string: UnsafeRawBufferPointer($0), to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func append(string: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        var rest = string[...]
        while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress {
            let plain = json_escape_position(base.assumingMemoryBound(to: UInt8.self), rest.count)
            text.append(contentsOf: UnsafeRawBufferPointer(start: base, count: plain))
            rest = rest.dropFirst(plain)
            guard let byte = rest.popFirst() else { break }
            append(escaped: byte, to: &text)
        }
        text.append(UInt8(ascii: "\""))
    }

    private static func append(escaped byte: UInt8, to text: inout [UInt8]) {
        switch byte {
        case 0: text.append(contentsOf: "\u{FFFD}".utf8)
        case 0x08: text.append(contentsOf: #"\b"#.utf8)
        case 0x09: text.append(contentsOf: #"\t"#.utf8)
        case 0x0A: text.append(contentsOf: #"\n"#.utf8)
        case 0x0C: text.append(contentsOf: #"\f"#.utf8)
        case 0x0D: text.append(contentsOf: #"\r"#.utf8)
        case 0..<0x20:
            text.append(contentsOf: #"\u00"#.utf8)
            text.append(hexDigit(byte >> 4))
            text.append(hexDigit(byte & 0xF))
        default:
            text.append(UInt8(ascii: "\\"))
            text.append(byte)
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
