/// An exact decimal number, as PostgreSQL's numeric holds it.
///
/// Two numbers of equal value are equal and write the same bytes, however a platform spelt them
/// (`37`, `37.0`, `3.70e1`, `37.00000`): otherwise an unchanged record would look changed.
package struct Numeric: Hashable, Sendable {
    /// The number in plain decimal: no exponent, no leading or trailing zeros that say nothing, no negative zero.
    package let token: String

    /// Reads a number written as JSON writes them.
    ///
    /// - Returns: `nil` for anything else, and for numbers that no platform means: beyond the range of a
    ///   Double (`1e400`, `1e-400`) or of more than 1,000 digits.
    package init?(token: String) {
        if Self.isCanonical(token) {
            self.token = token
        } else if let parts = DecimalParts(token), let plain = parts.plainText {
            self.token = plain
        } else {
            return nil
        }
    }

    /// Makes a whole number.
    package init(_ value: Int) {
        token = String(value)
    }

    /// The sum, or `nil` where it needs more than 38 digits.
    package func adding(_ other: Numeric) -> Numeric? {
        guard let left = scaled, let right = other.scaled else { return nil }
        let scale = max(left.scale, right.scale)
        guard let leftUnits = Self.raise(left.units, by: scale - left.scale),
            let rightUnits = Self.raise(right.units, by: scale - right.scale)
        else { return nil }
        let (sum, overflow) = leftUnits.addingReportingOverflow(rightUnits)
        return overflow ? nil : Numeric(token: "\(sum)e-\(scale)")
    }

    /// The number as a count of units of 10 to the power of −scale, or `nil` where it has too many digits.
    var scaled: (units: Int128, scale: Int)? {
        guard let units = Int128(token.filter { $0 != "." }) else { return nil }
        let decimals = token.utf8.reversed().firstIndex(of: UInt8(ascii: ".")).map {
            token.utf8.distance(from: $0.base, to: token.utf8.endIndex)
        }
        return (units, decimals ?? 0)
    }

    static func raise(_ units: Int128, by zeros: Int) -> Int128? {
        var raised = units
        for _ in 0..<zeros {
            let (product, overflow) = raised.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            raised = product
        }
        return raised
    }

    /// Whether the text is already in the form `token` promises; the usual case, found without an allocation.
    private static func isCanonical(_ text: String) -> Bool {
        let checked = text.utf8.withContiguousStorageIfAvailable { bytes -> Bool in
            var index = 0
            let isNegative = bytes.first == UInt8(ascii: "-")
            if isNegative { index = 1 }
            let whole = index
            while index < bytes.count, bytes[index].isDigit { index += 1 }
            let wholeCount = index - whole
            guard wholeCount > 0, wholeCount <= 300 else { return false }
            guard wholeCount == 1 || bytes[whole] != UInt8(ascii: "0") else { return false }
            if index == bytes.count { return !(isNegative && bytes[whole] == UInt8(ascii: "0")) }
            guard bytes[index] == UInt8(ascii: ".") else { return false }
            index += 1
            let fraction = index
            while index < bytes.count, bytes[index].isDigit { index += 1 }
            let isWhole = index == bytes.count && (1...300).contains(index - fraction)
            return isWhole && bytes[index - 1] != UInt8(ascii: "0")
        }
        return checked ?? false
    }
}

extension Numeric: CustomStringConvertible {
    package var description: String { token }
}

extension UInt8 {
    /// Whether the byte is an ASCII digit.
    var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
}
