/// Durations as people write them: `90s`, `15m`, `6h`, `30d`, a bare number is seconds.
package enum DurationText {
    /// The duration that `text` says, or `nil` where it says none.
    package static func parse(_ text: String) -> Duration? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        var digits = Substring(text)
        var factor = 1
        if let last = text.last, let unit = units[last] {
            digits = text.dropLast()
            factor = unit
        }
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let count = Int(digits)
        else { return nil }
        // A hundred years: beyond it arithmetic on dates has no meaning.
        let seconds = count.multipliedReportingOverflow(by: factor)
        guard !seconds.overflow, seconds.partialValue <= 3_155_760_000 else { return nil }
        return .seconds(seconds.partialValue)
    }

    /// The shortest way to write `duration` that ``parse(_:)`` reads back; parts of a second are dropped.
    package static func text(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        for (unit, factor) in [("d", Int64(86_400)), ("h", 3600), ("m", 60)]
        where seconds > 0 && seconds.isMultiple(of: factor) {
            return "\(seconds / factor)\(unit)"
        }
        return "\(seconds)s"
    }
}
