/// An instant, in whole microseconds: what PostgreSQL's timestamptz can hold.
///
/// Never a `Date`: its Double loses microseconds, and calendars read 30 February as 2 March.
package struct Timestamp: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01 00:00 UTC, leap seconds not counted.
    package var microseconds: Int64

    /// Makes the instant that many microseconds after 1970-01-01 00:00 UTC.
    package init(microsecondsSinceEpoch microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Makes the instant nearest to a number of Unix seconds, as JSON numbers give it.
    ///
    /// What no timestamptz holds (infinite, not a number, beyond 292,000 years) becomes the nearest end of
    /// the range or 0; whoever reads outside data checks its window first.
    package init(secondsSinceEpoch seconds: Double) {
        let scaled = seconds * 1_000_000
        if abs(scaled) < 0x1p63 {
            microseconds = Int64(scaled + (scaled < 0 ? -0.5 : 0.5))
        } else {
            microseconds = scaled.isNaN ? 0 : scaled < 0 ? Int64.min : Int64.max
        }
    }

    /// Unix seconds; exact to the microsecond for any date a learning platform has.
    package var secondsSinceEpoch: Double { Double(microseconds) / 1_000_000 }

    /// The instant in ISO 8601, UTC: `2026-11-19T08:30:00Z`, with six decimals where the second is not whole.
    package var iso8601: String {
        let (seconds, fraction) = microseconds.flooredQuotientAndRemainder(dividingBy: 1_000_000)
        let (days, secondOfDay) = seconds.flooredQuotientAndRemainder(dividingBy: 86_400)
        var text = CivilDate(daysSinceEpoch: days).text
        text += "T" + (secondOfDay / 3_600).padded(to: 2)
        text += ":" + (secondOfDay / 60 % 60).padded(to: 2)
        text += ":" + (secondOfDay % 60).padded(to: 2)
        if fraction != 0 {
            text += "." + fraction.padded(to: 6)
        }
        return text + "Z"
    }

    /// The instant's date in UTC.
    package var date: CivilDate {
        CivilDate(daysSinceEpoch: microseconds.flooredQuotientAndRemainder(dividingBy: 86_400_000_000).quotient)
    }

    /// The first day of the instant's month in UTC, as `YYYY-MM-01`: the name a monthly partition goes by.
    package var month: String {
        var date = date
        date.day = 1
        return date.text
    }

    package static func < (lhs: Timestamp, rhs: Timestamp) -> Bool { lhs.microseconds < rhs.microseconds }
}
