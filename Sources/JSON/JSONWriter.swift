internal import CSimdJSON

/// Writes texts as JSON strings that PostgreSQL's `jsonb` takes: only what must be escaped is.
package enum JSONWriter {
    /// Returns `string` as a JSON string; U+0000, which `jsonb` refuses, becomes U+FFFD.
    package static func quoted(_ string: String) -> String {
        var text: [UInt8] = []
        var string = string
        string.withUTF8 { append(UnsafeRawBufferPointer($0), to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends UTF-8 as a JSON string; U+0000, which `jsonb` refuses, becomes U+FFFD.
    package static func append(_ string: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        var rest = string[...]
        while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress {
            let plain = json_escape_position(base.assumingMemoryBound(to: UInt8.self), rest.count)
            text.append(contentsOf: UnsafeRawBufferPointer(start: base, count: plain))
            rest = rest.dropFirst(plain)
            guard let byte = rest.popFirst() else { break }
            if byte == 0 {
                text.append(contentsOf: "\u{FFFD}".utf8)
            } else {
                append(escaped: byte, to: &text)
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    /// Appends `string` as a JSON string that a terminal may show: what it could obey is escaped too.
    package static func append(forDisplay string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        for scalar in string.unicodeScalars {
            if obeysTerminal(scalar) {
                append(code: UInt16(truncatingIfNeeded: scalar.value), to: &text)
            } else if scalar == "\"" || scalar == "\\" || scalar.value < 0x20 {
                append(escaped: UInt8(truncatingIfNeeded: scalar.value), to: &text)
            } else {
                text.append(contentsOf: scalar.utf8)
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    /// Appends the escape of a control character, a quotation mark or a backslash.
    private static func append(escaped byte: UInt8, to text: inout [UInt8]) {
        switch byte {
        case 0x09: text.append(contentsOf: #"\t"#.utf8)
        case 0x0A: text.append(contentsOf: #"\n"#.utf8)
        case 0x0D: text.append(contentsOf: #"\r"#.utf8)
        case 0..<0x20: append(code: UInt16(byte), to: &text)
        default:
            text.append(UInt8(ascii: "\\"))
            text.append(byte)
        }
    }

    private static func append(code: UInt16, to text: inout [UInt8]) {
        text.append(contentsOf: #"\u"#.utf8)
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(truncatingIfNeeded: code >> UInt16(shift)) & 0xF
            text.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    /// Controls beyond ASCII's, and what breaks lines or turns the direction of writing.
    private static func obeysTerminal(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
