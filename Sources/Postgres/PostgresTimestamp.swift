/// Reads the times PostgreSQL writes with `datestyle = ISO`.
enum PostgresTimestamp {
    /// Returns microseconds since 1970-01-01 UTC, or `nil` where the text is no time of years 1 to 9999.
    ///
    /// Accepts `2026-01-02 03:04:05.678901+00`, with or without fraction and with any offset.
    static func microseconds(parsing bytes: UnsafeRawBufferPointer) -> Int64? {
        if bytes.elementsEqual("infinity".utf8) { return .max }
        if bytes.elementsEqual("-infinity".utf8) { return .min }
        var reader = Reader(bytes: bytes)
        guard
            let year = reader.number(digits: 4), reader.take("-"),
            let month = reader.number(digits: 2), reader.take("-"),
            let day = reader.number(digits: 2), reader.take(" "),
            let hour = reader.number(digits: 2), reader.take(":"),
            let minute = reader.number(digits: 2), reader.take(":"),
            let second = reader.number(digits: 2),
            let fraction = reader.fraction(),
            let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        let seconds = daysSinceEpoch(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
        return (seconds - offset) * 1_000_000 + fraction
    }

    /// Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
    private static func daysSinceEpoch(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year  // years begin in March, so that a leap day comes last
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private struct Reader {
        let bytes: UnsafeRawBufferPointer
        var position = 0

        var isAtEnd: Bool { position == bytes.count }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(truncatingIfNeeded: character.value) else {
                return false
            }
            position += 1
            return true
        }

        mutating func digit() -> Int64? {
            guard position < bytes.count, (48...57).contains(bytes[position]) else { return nil }
            defer { position += 1 }
            return Int64(bytes[position]) - 48
        }

        mutating func number(digits: Int) -> Int64? {
            var value: Int64 = 0
            for _ in 0..<digits {
                guard let next = digit() else { return nil }
                value = value * 10 + next
            }
            return value
        }

        /// Up to six digits after a point, as microseconds.
        mutating func fraction() -> Int64? {
            guard take(".") else { return 0 }
            var value: Int64 = 0
            for place in 0..<6 {
                guard let next = digit() else {
                    guard place > 0 else { return nil }
                    value *= 10
                    continue
                }
                value = value * 10 + next
            }
            return value
        }

        /// `+00`, `-03:30` or nothing, in seconds east of UTC.
        mutating func offset() -> Int64? {
            guard !isAtEnd else { return 0 }
            let sign: Int64 = take("-") ? -1 : 1
            guard sign < 0 || take("+"), let hours = number(digits: 2) else { return nil }
            guard take(":") else { return sign * hours * 3600 }
            guard let minutes = number(digits: 2) else { return nil }
            guard take(":") else { return sign * (hours * 3600 + minutes * 60) }
            guard let seconds = number(digits: 2) else { return nil }
            return sign * (hours * 3600 + minutes * 60 + seconds)
        }
    }
}
