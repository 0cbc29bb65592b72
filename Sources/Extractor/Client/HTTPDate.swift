import Records

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
            let date = CivilDate(year: year, month: Int64(month) + 1, day: day)
            return (((date.daysSinceEpoch * 24 + hour) * 60 + minute) * 60 + min(second, 59)) * 1_000_000
        }
    }

    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Int64? {
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int64(digit - 0x30)
        }
        return value
    }
}
