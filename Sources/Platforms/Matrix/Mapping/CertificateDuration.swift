import Records

/// How long a certificate is valid, as `certificates[].duration` says it: `2 years`.
///
/// The format is not documented: what does not read plainly as a number of days, weeks, months or years is none.
enum CertificateDuration {
    /// The end of a certificate issued at `start`; `nil` where the text names no plain duration.
    ///
    /// Months and years go by the calendar (UTC); a day that the month lacks becomes its last one.
    static func end(of text: String, from start: Timestamp) -> Timestamp? {
        let words = text.lowercased().split { $0.isWhitespace }
        guard words.count == 2, let count = Int64(words[0]), (1...10_000).contains(count) else { return nil }
        switch words[1] {
        case "day", "days": return start.advanced(by: .seconds(86_400 * count))
        case "week", "weeks": return start.advanced(by: .seconds(7 * 86_400 * count))
        case "month", "months": return start.adding(months: count)
        case "year", "years": return start.adding(months: 12 * count)
        default: return nil
        }
    }
}

extension Timestamp {
    /// The same time of day `months` later (UTC); a day that the month lacks becomes its last one.
    func adding(months: Int64) -> Timestamp? {
        var date = date
        guard date.year >= 0 else { return nil }
        let index = date.year * 12 + date.month - 1 + months
        (date.year, date.month) = (index / 12, index % 12 + 1)
        guard (1...9_999).contains(date.year) else { return nil }
        date.day = min(date.day, CivilDate.days(inMonth: date.month, of: date.year))
        let timeOfDay = microseconds - startOfDay.microseconds
        return Timestamp(microsecondsSinceEpoch: date.daysSinceEpoch * 86_400_000_000 + timeOfDay)
    }

    /// `YYYY-MM-DD` of the instant in UTC.
    var dateText: String { date.text }
}
