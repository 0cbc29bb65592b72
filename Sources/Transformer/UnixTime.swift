package import Records

/// Reads Unix seconds as JSON writes them, to the microsecond.
package enum UnixTime {
    /// Reads the text of a JSON number as seconds since 1970-01-01 00:00 UTC, rounded to microseconds.
    ///
    /// Plain decimals are read exactly; an exponent or a sign by way of a Double.
    /// - Returns: `nil` where the text is no number or no timestamptz can hold it.
    package static func read(_ token: UnsafeRawBufferPointer) -> Timestamp? {
        var seconds: Int64 = 0
        var index = 0
        while index < token.count, token[index] &- UInt8(ascii: "0") < 10, index < 15 {
            seconds = seconds * 10 + Int64(token[index] &- UInt8(ascii: "0"))
            index += 1
        }
        guard index > 0, index <= 12 else { return viaDouble(token) }
        if index == token.count { return Timestamp(microsecondsSinceEpoch: seconds * 1_000_000) }
        guard token[index] == UInt8(ascii: ".") else { return viaDouble(token) }
        index += 1
        let start = index
        var fraction: Int64 = 0
        while index < token.count, token[index] &- UInt8(ascii: "0") < 10 {
            let digit = Int64(token[index] &- UInt8(ascii: "0"))
            switch index - start {
            case 0..<6: fraction = fraction * 10 + digit
            case 6: fraction += digit >= 5 ? 1 : 0
            default: break
            }
            index += 1
        }
        let digits = index - start
        guard index == token.count, digits > 0 else { return viaDouble(token) }
        for _ in min(digits, 6)..<6 { fraction *= 10 }
        return Timestamp(microsecondsSinceEpoch: seconds * 1_000_000 + fraction)
    }

    private static func viaDouble(_ token: UnsafeRawBufferPointer) -> Timestamp? {
        // The grammar first: Double also reads "nan", "inf" and "0x1p4".
        let text = String(decoding: token, as: UTF8.self)
        guard Numeric(token: text) != nil, let seconds = Double(text), seconds.magnitude < 1e12 else { return nil }
        return Timestamp(secondsSinceEpoch: seconds)
    }
}
