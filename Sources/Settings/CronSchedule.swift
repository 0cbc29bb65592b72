import Records

/// When a cron expression is due: five fields, minute, hour, day of the month, month, day of the week.
///
/// As usual, where both days are restricted either one is enough.
package struct CronSchedule: Sendable, Equatable {
    /// The minutes of a day at which it is due, rising.
    private let minutes: [Int]
    private let daysOfMonth: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    private let restrictsDayOfMonth: Bool
    private let restrictsWeekday: Bool

    /// Reads an expression; `nil` where its form is wrong.
    package init?(_ expression: String) {
        guard let fields = CronSyntax.values(of: expression) else { return nil }
        let hours = fields[1].sorted()
        let minutesOfHour = fields[0].sorted()
        minutes = hours.flatMap { hour in minutesOfHour.map { hour * 60 + $0 } }
        (daysOfMonth, months) = (fields[2], fields[3])
        // Sunday is 0 and 7.
        weekdays = Set(fields[4].map { $0 % 7 })
        let parts = expression.split(whereSeparator: { $0 == " " || $0 == "\t" })
        (restrictsDayOfMonth, restrictsWeekday) = (!parts[2].hasPrefix("*"), !parts[4].hasPrefix("*"))
    }

    /// The longest time from one due minute to the next, in seconds, changes of the clock for summer left out; `nil` for a
    /// day that never comes, such as the 30th of February.
    package var longestGap: Int? {
        guard let first = minutes.first, let last = minutes.last else { return nil }
        var longest = zip(minutes, minutes.dropFirst()).map { $1 - $0 }.max() ?? 0
        let days = (0..<Self.daysOfCycle).filter { isDue(onDay: $0) }
        guard let firstDay = days.first else { return nil }
        for (day, next) in zip(days, days.dropFirst() + [firstDay + Self.daysOfCycle]) {
            longest = max(longest, (next - day) * 1_440 - last + first)
        }
        return longest * 60
    }

    /// The days after which the calendar repeats itself: 400 years, 20,871 weeks.
    private static let daysOfCycle = 146_097

    /// - Parameter day: Days since 1970-01-01, which was a Thursday.
    private func isDue(onDay day: Int) -> Bool {
        let date = CivilDate(daysSinceEpoch: Int64(day))
        guard months.contains(Int(date.month)) else { return false }
        let isDate = daysOfMonth.contains(Int(date.day))
        let isWeekday = weekdays.contains((day + 4) % 7)
        switch (restrictsDayOfMonth, restrictsWeekday) {
        case (true, true): return isDate || isWeekday
        case (true, false): return isDate
        case (false, true): return isWeekday
        case (false, false): return isDate && isWeekday
        }
    }
}
