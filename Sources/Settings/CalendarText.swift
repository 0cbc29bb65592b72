import Records

/// Dates and instants of the configuration: `2024-08-01`, `2024-08-01T09:30:00Z`.
enum CalendarText {
    /// Whether `text` is a date that exists, alone or with a time and its offset.
    static func isValid(_ text: String) -> Bool {
        let halves = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let date = halves.first, isDate(date) else { return false }
        return halves.count == 1 || isTime(halves[1])
    }

    private static func isDate(_ text: Substring) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2] else { return false }
        let numbers = parts.compactMap(number)
        guard numbers.count == 3, (1970...9999).contains(numbers[0]), (1...12).contains(numbers[1]) else {
            return false
        }
        return (1...CivilDate.days(inMonth: numbers[1], of: numbers[0])).contains(numbers[2])
    }

    private static func isTime(_ text: Substring) -> Bool {
        var clock = text
        if clock.last == "Z" {
            clock = clock.dropLast()
        } else if let sign = clock.lastIndex(where: { $0 == "+" || $0 == "-" }) {
            let offset = clock[clock.index(after: sign)...].split(separator: ":", omittingEmptySubsequences: false)
            guard offset.map(\.utf8.count) == [2, 2], let hours = number(offset[0]), let minutes = number(offset[1]),
                hours <= 15, minutes <= 59
            else { return false }
            clock = clock[..<sign]
        } else {
            return false
        }
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts.allSatisfy({ $0.utf8.count == 2 }) else { return false }
        let numbers = parts.compactMap(number)
        return numbers.count == parts.count && numbers[0] <= 23 && numbers.dropFirst().allSatisfy { $0 <= 59 }
    }

    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(text) : nil
    }
}
