/// A date with a time of day, without a zone: the Gregorian calendar counted by hand.
///
/// Days to civil dates and back by Howard Hinnant's algorithms, with eras of 400 years that begin in March.
struct CivilTime {
    var year: Int
    var month: Int
    var day: Int
    /// Microseconds since midnight.
    var time: Int64

    init(year: Int, month: Int, day: Int, time: Int64 = 0) {
        (self.year, self.month, self.day, self.time) = (year, month, day, time)
    }

    /// What clocks that are so many minutes ahead of UTC show at a moment.
    init(_ moment: Instant, offsetMinutes: Int) {
        let local = moment.microseconds + Int64(offsetMinutes) * 60 * Instant.second
        let days = Int((Double(local) / Double(Instant.day)).rounded(.down))
        time = local - Int64(days) * Instant.day
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// The moment at which clocks so many minutes ahead of UTC show this.
    func instant(offsetMinutes: Int) -> Instant {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        let days = era * 146_097 + dayOfEra - 719_468
        return Instant(
            microseconds: Int64(days) * Instant.day + time - Int64(offsetMinutes) * 60 * Instant.second
        )
    }

    /// Calendar months later; a day that the month does not have becomes its last.
    func adding(months: Int) -> CivilTime {
        let count = year * 12 + month - 1 + months
        var later = self
        (later.year, later.month) = (count / 12, count % 12 + 1)
        let isLeap = later.year % 4 == 0 && (later.year % 100 != 0 || later.year % 400 == 0)
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        later.day = min(day, lengths[later.month - 1])
        return later
    }

    /// Reads `YYYY-MM-DD`, alone or in front of a time; nil where that is not what the text begins with.
    init?(date text: some StringProtocol) {
        let parts = text.prefix(10).split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }
}
