/// Reads `Retry-After`.
enum RetryAfter {
    private static let longest = Duration.seconds(86_400)

    /// Returns how long to wait, or `nil` where no value is usable.
    ///
    /// Negative, no number, or a date in the past counts as absent; more than a day counts as a day; of several values
    /// the longest counts.
    static func parse(_ values: [String], nowMicroseconds: Int64) -> Duration? {
        values.compactMap { parse($0.trimmingSpaces(), nowMicroseconds: nowMicroseconds) }.max()
    }

    private static func parse(_ text: String, nowMicroseconds: Int64) -> Duration? {
        if let instant = HTTPDate.microseconds(text) {
            guard instant >= nowMicroseconds else { return nil }
            return min(.microseconds(instant - nowMicroseconds), longest)
        }
        guard !text.isEmpty, text.utf8.count <= 40, text.utf8.allSatisfy({ $0 == 0x2E || (0x30...0x39).contains($0) }),
            let seconds = Double(text)
        else { return nil }
        return seconds >= 86_400 ? longest : .milliseconds(Int64((seconds * 1_000).rounded(.up)))
    }
}

extension Duration {
    /// Whole microseconds.
    var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    /// Seconds with their fraction.
    var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
