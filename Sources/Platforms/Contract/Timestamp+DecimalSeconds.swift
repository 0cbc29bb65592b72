package import Records

extension Timestamp {
    /// Reads `1751290000.512044`; more than six fraction digits or anything but digits is refused.
    package init?(decimalSeconds token: String) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole = Int64(parts[0]), !token.hasPrefix("-") else { return nil }
        var fraction: Int64 = 0
        if parts.count == 2 {
            guard (1...6).contains(parts[1].utf8.count), let digits = Int64(parts[1]), digits >= 0 else { return nil }
            fraction = (0..<(6 - parts[1].utf8.count)).reduce(digits) { value, _ in value * 10 }
        }
        let (micros, overflow) = whole.multipliedReportingOverflow(by: 1_000_000)
        guard !overflow else { return nil }
        self.init(microsecondsSinceEpoch: micros + fraction)
    }

    /// Seconds since 1970 as exact decimal text, without a zero fraction: what the platform's filters accept.
    package var decimalSeconds: String {
        let (whole, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        guard fraction != 0 else { return String(whole) }
        let digits = String(abs(fraction))
        var text = String(repeating: "0", count: 6 - digits.utf8.count) + digits
        while text.hasSuffix("0") { text.removeLast() }
        return "\(whole).\(text)"
    }

    /// The instant `duration` later.
    package func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(microsecondsSinceEpoch: microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }

    /// The time from `earlier` to this instant.
    package func since(_ earlier: Timestamp) -> Duration {
        .microseconds(microseconds - earlier.microseconds)
    }
}
