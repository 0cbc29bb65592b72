/// Sign, significant digits and exponent of a number in JSON's grammar.
struct DecimalParts {
    private var isNegative = false
    /// ASCII digits without leading or trailing zeros; empty for zero.
    private var digits: [UInt8] = []
    /// The number is digits × 10^exponent.
    private var exponent = 0

    /// Fails where the text is not one JSON number, is beyond a Double's range or has over 1,000 digits.
    init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        if bytes.first == UInt8(ascii: "-") {
            isNegative = true
            bytes.removeFirst()
        }
        let whole = bytes.prefix { $0.isDigit }
        guard let first = whole.first, whole.count == 1 || first != UInt8(ascii: "0") else { return nil }
        bytes.removeFirst(whole.count)
        digits = Array(whole)
        if bytes.first == UInt8(ascii: ".") {
            bytes.removeFirst()
            let fraction = bytes.prefix { $0.isDigit }
            guard !fraction.isEmpty else { return nil }
            bytes.removeFirst(fraction.count)
            digits += fraction
            exponent = -fraction.count
        }
        if let mark = bytes.first, mark | 0x20 == UInt8(ascii: "e") {
            bytes.removeFirst()
            // Int reads a sign and digits only, and fails instead of overflowing.
            guard let last = bytes.last, last.isDigit else { return nil }
            guard let shift = Int(String(decoding: bytes, as: UTF8.self)) else {
                // Zero stays zero at any power; else the exponent alone puts the number out of range.
                guard Self.isSignedNumber(bytes), digits.allSatisfy({ $0 == UInt8(ascii: "0") }) else { return nil }
                (isNegative, digits, exponent) = (false, [], 0)
                return
            }
            let (sum, overflow) = exponent.addingReportingOverflow(shift)
            if overflow { return nil }
            exponent = sum
            bytes = []
        }
        guard bytes.isEmpty else { return nil }
        trim()
        guard digits.count <= 1_000 else { return nil }
        guard digits.isEmpty || (-324...308).contains(exponent + digits.count - 1) else { return nil }
    }

    /// The number without an exponent.
    var plainText: String? {
        guard !digits.isEmpty else { return "0" }
        var bytes: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        let wholeCount = digits.count + exponent
        if exponent >= 0 {
            bytes += digits
            bytes += repeatElement(UInt8(ascii: "0"), count: exponent)
        } else if wholeCount > 0 {
            bytes += digits.prefix(wholeCount)
            bytes.append(UInt8(ascii: "."))
            bytes += digits.dropFirst(wholeCount)
        } else {
            bytes += [UInt8(ascii: "0"), UInt8(ascii: ".")]
            bytes += repeatElement(UInt8(ascii: "0"), count: -wholeCount)
            bytes += digits
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func trim() {
        let zeros = digits.reversed().prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeLast(zeros)
        exponent += zeros
        digits.removeFirst(digits.prefix { $0 == UInt8(ascii: "0") }.count)
        if digits.isEmpty { (isNegative, exponent) = (false, 0) }
    }

    private static func isSignedNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
        let unsigned = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes
        return !unsigned.isEmpty && unsigned.allSatisfy(\.isDigit)
    }
}
