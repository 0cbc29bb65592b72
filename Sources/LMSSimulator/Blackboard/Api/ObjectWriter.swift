/// Writes the members of one JSON object as the platform would: the fields asked for, nulls and false by its habits.
struct ObjectWriter {
    let writer: ByteWriter
    /// The fields asked for; nil for all.
    private let fields: FieldSet?
    /// Fields that the account may not see.
    private let hidden: FieldSet?
    private let style: Style

    /// How values are written.
    struct Style: Sendable {
        var explicitNulls = false
        var omitsFalse = false
        var plainDecimals = false
    }

    init(_ writer: ByteWriter, fields: FieldSet?, hidden: FieldSet?, style: Style) {
        self.writer = writer
        self.fields = fields
        self.hidden = hidden
        self.style = style
    }

    private func starts(_ name: StaticString) -> Bool {
        if let fields, !fields.isWhole, fields[name] == nil { return false }
        if let hidden = hidden?[name], hidden.isWhole { return false }
        writer.raw("\"")
        writer.raw(name)
        writer.raw("\":")
        return true
    }

    private func comma() {
        writer.byte(UInt8(ascii: ","))
    }

    /// A text; nil is a null.
    func text(_ name: StaticString, _ text: String?) {
        guard text != nil || style.explicitNulls, starts(name) else { return }
        writer.string(text)
        comma()
    }

    /// A word that needs no escaping.
    func word(_ name: StaticString, _ word: StaticString) {
        guard starts(name) else { return }
        writer.raw("\"")
        writer.raw(word)
        writer.raw("\",")
    }

    /// A primary id.
    func id(_ name: StaticString, _ number: Int?) {
        guard number != nil || style.explicitNulls, starts(name) else { return }
        if let number { writer.learnID(number) } else { writer.raw("null") }
        comma()
    }

    func time(_ name: StaticString, _ moment: Instant) {
        guard !moment.isNone || style.explicitNulls, starts(name) else { return }
        writer.isoTime(moment)
        comma()
    }

    func bool(_ name: StaticString, _ value: Bool) {
        guard value || !style.omitsFalse, starts(name) else { return }
        writer.bool(value)
        comma()
    }

    func integer(_ name: StaticString, _ value: Int64) {
        guard starts(name) else { return }
        writer.integer(value)
        comma()
    }

    /// Hundredths with padding zeros up to so many digits; negative is a null.
    func decimal(_ name: StaticString, _ hundredths: Int32, digits: Int = 5) {
        guard hundredths >= 0 || style.explicitNulls, starts(name) else { return }
        if hundredths < 0 {
            writer.raw("null")
        } else if style.plainDecimals {
            writer.hundredths(Int(hundredths))
        } else {
            writer.padded(hundredths: hundredths, digits: digits)
        }
        comma()
    }

    func texts(_ name: StaticString, _ texts: [String]) {
        guard starts(name) else { return }
        writer.raw("[")
        for text in texts {
            writer.string(text)
            comma()
        }
        writer.close(UInt8(ascii: "]"))
        comma()
    }

    /// A nested object.
    func object(_ name: StaticString, _ write: (ObjectWriter) -> Void) {
        guard starts(name) else { return }
        writer.raw("{")
        write(
            ObjectWriter(
                writer,
                fields: fields.flatMap { $0.isWhole ? nil : $0[name].flatMap { $0.isWhole ? nil : $0 } },
                hidden: hidden?[name],
                style: style
            )
        )
        writer.close(UInt8(ascii: "}"))
        comma()
    }
}

extension ByteWriter {
    /// A primary id: `"_310_1"`, the number in its table and the database's.
    func learnID(_ number: Int) {
        raw("\"_")
        integer(number)
        raw("_1\"")
    }

    /// ISO 8601 in UTC with milliseconds, quoted; `none` is null.
    func isoTime(_ moment: Instant) {
        guard !moment.isNone else { return raw("null") }
        let milliseconds = Int((Double(moment.microseconds) / 1000).rounded(.down))
        let (days, rest) = (Self.floored(milliseconds, 86_400_000), Self.remainder(milliseconds, 86_400_000))
        let date = CivilDate(day: days)
        byte(UInt8(ascii: "\""))
        digits(date.year, 4)
        raw("-")
        digits(date.month, 2)
        raw("-")
        digits(date.dayOfMonth, 2)
        raw("T")
        digits(rest / 3_600_000, 2)
        raw(":")
        digits(rest / 60_000 % 60, 2)
        raw(":")
        digits(rest / 1000 % 60, 2)
        raw(".")
        digits(rest % 1000, 3)
        raw("Z\"")
    }

    /// 850 with five digits is `8.50000`.
    func padded(hundredths: Int32, digits count: Int) {
        integer(Int(hundredths) / 100)
        raw(".")
        digits(Int(hundredths) % 100, 2)
        for _ in 2..<max(count, 2) { raw("0") }
    }

    private func digits(_ value: Int, _ count: Int) {
        var place = 1
        for _ in 1..<count { place *= 10 }
        while place > 0 {
            byte(UInt8(ascii: "0") + UInt8(value / place % 10))
            place /= 10
        }
    }

    private static func floored(_ value: Int, _ divisor: Int) -> Int {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }

    private static func remainder(_ value: Int, _ divisor: Int) -> Int {
        value - floored(value, divisor) * divisor
    }
}

/// A day of the Gregorian calendar, by Howard Hinnant's algorithms: eras of 400 years that begin in March.
struct CivilDate: Sendable, Equatable {
    var year: Int
    var month: Int
    var dayOfMonth: Int

    init(year: Int, month: Int, dayOfMonth: Int) {
        self.year = year
        self.month = month
        self.dayOfMonth = dayOfMonth
    }

    /// The date so many days after 1970-01-01.
    init(day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01.
    var day: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + dayOfMonth - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Instant {
    /// A moment from ISO 8601 in UTC, `2025-10-05T16:40:00Z` with or without a fraction; nil where it is none.
    init?(iso text: String) {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasSuffix("Z") else { return nil }
        let date = parts[0].split(separator: "-").compactMap { Int($0) }
        let clock = parts[1].dropLast().split(separator: ":")
        guard date.count == 3, (1...12).contains(date[1]), (1...31).contains(date[2]), clock.count == 3,
            let hour = Int(clock[0]), let minute = Int(clock[1]), let seconds = Double(clock[2]),
            (0..<24).contains(hour), (0..<60).contains(minute), (0..<61).contains(seconds)
        else { return nil }
        let day = CivilDate(year: date[0], month: date[1], dayOfMonth: date[2]).day
        let whole = Int64(day) * Self.day + Int64(hour) * Self.hour + Int64(minute) * 60 * Self.second
        self.init(microseconds: whole + Int64((seconds * 1_000_000).rounded()))
    }
}
