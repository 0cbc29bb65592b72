package import Records

/// Reads ISO 8601 times strictly, to the microsecond.
///
/// Accepts dates with and without a time, times without seconds, fractions of up to 12 digits, `T`, `t` or a space
/// between date and time, and the zones `Z`, `z`, `+05`, `+0530` and `+05:30`. What names no instant (30 February,
/// 24:00, two digits of a year) is refused, never moved to another day.
package enum ISOTime {
    /// A date and time of day that names no zone.
    package struct Local: Hashable, Sendable {
        /// Days since 1970-01-01.
        package var daysSinceEpoch: Int64
        /// Microseconds since midnight.
        package var microsecondsOfDay: Int64
        /// Whether only a date was given.
        package var isBareDate: Bool

        /// Makes a local time.
        package init(daysSinceEpoch: Int64, microsecondsOfDay: Int64, isBareDate: Bool) {
            self.daysSinceEpoch = daysSinceEpoch
            self.microsecondsOfDay = microsecondsOfDay
            self.isBareDate = isBareDate
        }

        /// The instant this time names where clocks show UTC.
        package var asUTC: Timestamp {
            Timestamp(microsecondsSinceEpoch: daysSinceEpoch * 86_400_000_000 + microsecondsOfDay)
        }
    }

    /// What a text says.
    package enum Reading: Hashable, Sendable {
        /// An instant; `normalized` when it was a leap second.
        case instant(Timestamp, normalized: Bool)
        /// A time of some zone that the text does not name.
        case local(Local, normalized: Bool)
        case invalid
    }

    /// Reads the whole text.
    package static func read(_ text: UnsafeRawBufferPointer) -> Reading {
        var scanner = Scanner(text: text)
        guard let days = scanner.date() else { return .invalid }
        if scanner.isAtEnd {
            return .local(Local(daysSinceEpoch: days, microsecondsOfDay: 0, isBareDate: true), normalized: false)
        }
        guard scanner.skip("T") || scanner.skip("t") || scanner.skip(" ") else { return .invalid }
        guard let (time, isLeap) = scanner.timeOfDay() else { return .invalid }
        let local = Local(daysSinceEpoch: days, microsecondsOfDay: time, isBareDate: false)
        if scanner.isAtEnd { return .local(local, normalized: isLeap) }
        guard let offset = scanner.zoneOffset(), scanner.isAtEnd else { return .invalid }
        let instant = local.asUTC.microseconds - offset * 60_000_000
        return .instant(Timestamp(microsecondsSinceEpoch: instant), normalized: isLeap)
    }

    /// Reads the whole text.
    package static func read(_ text: String) -> Reading {
        var text = text
        return text.withUTF8 { read(UnsafeRawBufferPointer($0)) }
    }
}

/// Walks over the parts of a time.
private struct Scanner {
    let text: UnsafeRawBufferPointer
    var position = 0

    init(text: UnsafeRawBufferPointer) {
        self.text = text
    }

    var isAtEnd: Bool { position == text.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < text.count, text[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// A number of exactly `count` digits.
    mutating func number(digits count: Int) -> Int64? {
        guard position + count <= text.count else { return nil }
        var value: Int64 = 0
        for index in position..<position + count {
            let digit = text[index] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value * 10 + Int64(digit)
        }
        position += count
        return value
    }

    /// Days since 1970-01-01 of `YYYY-MM-DD`.
    mutating func date() -> Int64? {
        guard let year = number(digits: 4), skip("-"), let month = number(digits: 2), skip("-"),
            let day = number(digits: 2)
        else { return nil }
        guard year >= 1, (1...12).contains(month), (1...CivilDate.days(inMonth: month, of: year)).contains(day)
        else { return nil }
        return CivilDate(year: year, month: month, day: day).daysSinceEpoch
    }

    /// Microseconds of `hh:mm`, `hh:mm:ss` or `hh:mm:ss.f`, and whether it was a leap second.
    mutating func timeOfDay() -> (microseconds: Int64, isLeap: Bool)? {
        guard let hour = number(digits: 2), hour < 24, skip(":"), let minute = number(digits: 2), minute < 60 else {
            return nil
        }
        let minutes = (hour * 60 + minute) * 60_000_000
        guard skip(":") else { return (minutes, false) }
        guard let second = number(digits: 2), second <= 60 else { return nil }
        guard let fraction = skip(".") || skip(",") ? fraction() : 0 else { return nil }
        if second == 60 {
            // A leap second has no place in PostgreSQL's day: the last instant before it stands for it.
            guard hour == 23, minute == 59 else { return nil }
            return (minutes + 59_999_999, true)
        }
        return (minutes + second * 1_000_000 + fraction, false)
    }

    /// A fraction of a second of 1 to 12 digits, rounded to microseconds.
    private mutating func fraction() -> Int64? {
        let start = position
        var value: Int64 = 0
        while position < text.count, text[position] &- UInt8(ascii: "0") < 10 {
            guard position - start < 12 else { return nil }
            value = value * 10 + Int64(text[position] &- UInt8(ascii: "0"))
            position += 1
        }
        let digits = position - start
        guard digits > 0 else { return nil }
        for _ in digits..<12 { value *= 10 }
        return (value + 500_000) / 1_000_000
    }

    /// Minutes east of Greenwich.
    mutating func zoneOffset() -> Int64? {
        if skip("Z") || skip("z") { return 0 }
        let isEast = skip("+")
        guard isEast || skip("-"), let hours = number(digits: 2), hours <= 15 else { return nil }
        var minutes: Int64 = 0
        if !isAtEnd {
            _ = skip(":")
            guard let read = number(digits: 2), read < 60 else { return nil }
            minutes = read
        }
        return (isEast ? 1 : -1) * (hours * 60 + minutes)
    }
}
