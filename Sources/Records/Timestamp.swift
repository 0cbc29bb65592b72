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
        let (year, month, day) = Self.civilDate(daysSinceEpoch: days)
        var text = Self.padded(year, to: 4) + "-" + Self.padded(month, to: 2) + "-" + Self.padded(day, to: 2)
        text += "T" + Self.padded(secondOfDay / 3_600, to: 2)
        text += ":" + Self.padded(secondOfDay / 60 % 60, to: 2)
        text += ":" + Self.padded(secondOfDay % 60, to: 2)
        if fraction != 0 {
            text += "." + Self.padded(fraction, to: 6)
        }
        return text + "Z"
    }

    /// The first day of the instant's month in UTC, as `YYYY-MM-01`: the name a monthly partition goes by.
    package var month: String {
        let days = microseconds.flooredQuotientAndRemainder(dividingBy: 86_400_000_000).quotient
        let (year, month, _) = Self.civilDate(daysSinceEpoch: days)
        return Self.padded(year, to: 4) + "-" + Self.padded(month, to: 2) + "-01"
    }

    package static func < (lhs: Timestamp, rhs: Timestamp) -> Bool { lhs.microseconds < rhs.microseconds }

    /// The proleptic Gregorian date of a day number, by eras of 400 years that begin on 1 March.
    private static func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (daysSinceEpoch + 719_468).flooredQuotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func padded(_ number: Int64, to width: Int) -> String {
        let digits = String(number.magnitude)
        let zeros = String(repeating: "0", count: max(0, width - digits.utf8.count))
        return (number < 0 ? "-" : "") + zeros + digits
    }
}

extension Int64 {
    /// Divides so that the remainder is never negative, which instants before 1970 need.
    fileprivate func flooredQuotientAndRemainder(dividingBy divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
