/// Reads the dates of HTTP headers.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ].map { Array($0.utf8) }

    /// Returns µs since 1970 UTC for `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that may be sent today.
    static func microseconds(_ text: String) -> Int64? {
        var text = text
        return text.withUTF8 { bytes -> Int64? in
            guard bytes.count == 29, bytes[3] == 0x2C, bytes[4] == 0x20, bytes[7] == 0x20, bytes[11] == 0x20,
                bytes[16] == 0x20, bytes[19] == 0x3A, bytes[22] == 0x3A,
                bytes[25...].elementsEqual(" GMT".utf8),
                let month = months.firstIndex(where: { bytes[8..<11].elementsEqual($0) }),
                let day = number(bytes[5..<7]), let year = number(bytes[12..<16]),
                let hour = number(bytes[17..<19]), let minute = number(bytes[20..<22]),
                let second = number(bytes[23..<25]),
                (1...31).contains(day), hour < 24, minute < 60, second <= 60, year >= 1970
            else { return nil }
            let days = daysSinceEpoch(year: year, month: month + 1, day: day)
            return Int64(((days * 24 + hour) * 60 + minute) * 60 + min(second, 59)) * 1_000_000
        }
    }

    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return value
    }

    /// Days from 1 January 1970 in the proleptic Gregorian calendar.
    private static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
