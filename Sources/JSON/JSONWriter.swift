internal import CSimdJSON

/// Writes values as canonical JSON: the same value gives the same text, and PostgreSQL's `jsonb` takes all of it.
///
/// Keys are sorted by their UTF-8 bytes, without white space; only what must be escaped is. Numbers keep their
/// token, so that no digit is lost. Never writes U+0000.
package enum JSONWriter {
    /// Returns the canonical text of `value`.
    ///
    /// Of a repeated key the last member is written, as `jsonb` has it; what is `invalid` or was left out as too
    /// deep becomes `null`. Both are faults by which a record is rejected before. A number that
    /// `numeric` cannot hold becomes a string of its token.
    package static func canonical(_ value: JSONValue) -> String {
        var text: [UInt8] = []
        append(value, to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// Returns `string` as a JSON string.
    package static func quoted(_ string: String) -> String {
        var text: [UInt8] = []
        var string = string
        string.withUTF8 { append(string: UnsafeRawBufferPointer($0), to: &text) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the canonical text of `value`.
    static func append(_ value: JSONValue, to text: inout [UInt8]) {
        if let token = value.numberBytes {
            append(number: token, isStorable: !value.ownFaults.contains(.numberOutOfRange), to: &text)
        } else if let string = value.stringBytes {
            append(string: string, to: &text)
        } else if let bool = value.bool {
            append(bool: bool, to: &text)
        } else if value.ownFaults.contains(.tooDeep) {
            appendNull(to: &text)
        } else if value.isArray {
            append(elements: value.elements, to: &text)
        } else if value.isObject {
            append(members: value.members, to: &text)
        } else {
            appendNull(to: &text)
        }
    }

    static func append(bool: Bool, to text: inout [UInt8]) {
        text.append(contentsOf: bool ? "true".utf8 : "false".utf8)
    }

    static func appendNull(to text: inout [UInt8]) { text.append(contentsOf: "null".utf8) }

    static func append(number token: UnsafeRawBufferPointer, isStorable: Bool, to text: inout [UInt8]) {
        if isStorable {
            text.append(contentsOf: token)
        } else {
            append(string: token, to: &text)
        }
    }

    static func append(string: UnsafeRawBufferPointer, to text: inout [UInt8]) {
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

    private static func append(elements: JSONElements, to text: inout [UInt8]) {
        var separator = UInt8(ascii: "[")
        for element in elements {
            text.append(separator)
            separator = UInt8(ascii: ",")
            append(element, to: &text)
        }
        if separator == UInt8(ascii: "[") { text.append(separator) }
        text.append(UInt8(ascii: "]"))
    }

    private static func append(members: JSONMembers, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "{"))
        if isStrictlySorted(members) {
            for member in members { append(member, to: &text) }
        } else {
            let sorted = members.enumerated().sorted { left, right in
                let order = compare(left.element.key.bytes, right.element.key.bytes)
                return order == 0 ? left.offset < right.offset : order < 0
            }
            for (position, member) in sorted.enumerated() {
                let isReplaced =
                    position + 1 < sorted.count && member.element.key == sorted[position + 1].element.key
                if !isReplaced { append(member.element, to: &text) }
            }
        }
        text.append(UInt8(ascii: "}"))
    }

    private static func append(_ member: JSONMembers.Element, to text: inout [UInt8]) {
        if text.last != UInt8(ascii: "{") { text.append(UInt8(ascii: ",")) }
        append(string: member.key.bytes, to: &text)
        text.append(UInt8(ascii: ":"))
        append(member.value, to: &text)
    }

    private static func isStrictlySorted(_ members: JSONMembers) -> Bool {
        var previous: JSONKey?
        for (key, _) in members {
            if let previous, compare(previous.bytes, key.bytes) >= 0 { return false }
            previous = key
        }
        return true
    }

    /// Negative, zero or positive, by unsigned bytes.
    static func compare(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Int {
        for (l, r) in zip(left, right) where l != r { return Int(l) - Int(r) }
        return left.count - right.count
    }
}
