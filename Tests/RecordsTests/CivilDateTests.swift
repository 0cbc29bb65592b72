import Records
import Testing

@Suite("Dates of the calendar")
struct CivilDateTests {
    @Test(
        "a date and its day number name each other",
        arguments: [
            (0, "1970-01-01"), (-1, "1969-12-31"), (59, "1970-03-01"), (789, "1972-02-29"), (790, "1972-03-01"),
            (11_016, "2000-02-29"), (47_540, "2100-02-28"), (47_541, "2100-03-01"), (20_783, "2026-11-26"),
            (-719_468, "0000-03-01"), (-719_469, "0000-02-29"), (-719_162, "0001-01-01"), (-719_528, "0000-01-01"),
            (-719_529, "-0001-12-31"), (-719_834, "-0001-03-01"), (-865_565, "-0400-03-01"), (-865_566, "-0400-02-29"),
            (2_932_896, "9999-12-31"), (2_932_897, "10000-01-01"), (106_751_991, "294247-01-10"),
            (-106_751_992, "-290308-12-21"),
        ] as [(Int64, String)]
    )
    func table(days: Int64, text: String) {
        let date = CivilDate(daysSinceEpoch: days)
        #expect(date.text == text)
        #expect(date.daysSinceEpoch == days)
    }

    @Test("each day of three thousand years follows the day before")
    func inverse() {
        var expected = CivilDate(daysSinceEpoch: -1_000_000)
        var isRight = true
        for days in Int64(-1_000_000)...100_000 {
            let date = CivilDate(daysSinceEpoch: days)
            isRight = isRight && date == expected && date.daysSinceEpoch == days
            expected.day += 1
            if expected.day > CivilDate.days(inMonth: expected.month, of: expected.year) {
                (expected.month, expected.day) = (expected.month + 1, 1)
            }
            if expected.month > 12 { (expected.year, expected.month) = (expected.year + 1, 1) }
        }
        #expect(isRight)
    }

    @Test(
        "a leap year is every fourth one, but of the full centuries only every fourth",
        arguments: [
            (2024, 29), (2023, 28), (1900, 28), (2000, 29), (2100, 28), (2400, 29), (0, 29), (-4, 29), (-1, 28),
            (-100, 28), (-400, 29),
        ] as [(Int64, Int64)]
    )
    func february(year: Int64, days: Int64) {
        #expect(CivilDate.days(inMonth: 2, of: year) == days)
        let months = (1...12).map { CivilDate.days(inMonth: $0, of: year) }
        #expect(months == [31, days, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    }

    @Test("a day beyond the end of its month counts into the next one")
    func overflow() {
        let march = CivilDate(year: 2023, month: 3, day: 3).daysSinceEpoch
        #expect(CivilDate(year: 2023, month: 2, day: 31).daysSinceEpoch == march)
    }

    @Test("the date of an instant is that of UTC, before 1970 too")
    func instants() {
        #expect(Timestamp(microsecondsSinceEpoch: 86_399_999_999).date.text == "1970-01-01")
        #expect(Timestamp(microsecondsSinceEpoch: -1).date.text == "1969-12-31")
    }
}
