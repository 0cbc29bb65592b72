/// Percent-encoding of path segments, query values and forms.
enum PercentCoding {
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Appends `text` with every byte but the unreserved ones encoded.
    static func append(_ text: String, to output: inout [UInt8]) {
        for byte in text.utf8 {
            if isUnreserved(byte) {
                output.append(byte)
            } else {
                output.append(0x25)
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            }
        }
    }

    /// Returns `text` encoded.
    static func encode(_ text: String) -> String {
        var output: [UInt8] = []
        append(text, to: &output)
        return String(decoding: output, as: UTF8.self)
    }

    /// Returns the bytes with `%xx` decoded, or `nil` where an escape is broken.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var output: [UInt8] = []
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            guard byte == 0x25 else {
                output.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(hexValue), let low = iterator.next().flatMap(hexValue) else {
                return nil
            }
            output.append(high << 4 | low)
        }
        return output
    }

    /// The argument names of an encoded query, without their values; anything unusual is not shown.
    static func names(ofQuery query: String) -> [String] {
        query.split(separator: "&").prefix(32).map { pair in
            let name = pair.prefix { $0 != "=" }
            let isPlain = name.utf8.count <= 40 && name.utf8.allSatisfy { isUnreserved($0) || $0 == 0x5B || $0 == 0x5D }
            return isPlain ? String(name) : "…"
        }
    }

    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
