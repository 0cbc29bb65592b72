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
        let date = iso8601.prefix(10).split(separator: "-").compactMap { Int64($0) }
        guard date.count == 3 else { return nil }
        let index = date[0] * 12 + date[1] - 1 + months
        let (year, month) = (index / 12, index % 12 + 1)
        guard year <= 9_999 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days: [Int64] = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        let day = min(date[2], days[Int(month - 1)])
        guard let midnight = Self.midnight(year: year, month: month, day: day) else { return nil }
        return Timestamp(microsecondsSinceEpoch: midnight.microseconds + (microseconds - startOfDay.microseconds))
    }

    /// `YYYY-MM-DD` of the instant in UTC.
    var dateText: String { String(iso8601.prefix(10)) }

    private static func midnight(year: Int64, month: Int64, day: Int64) -> Timestamp? {
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return Timestamp(isoDate: "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))")
    }
}
