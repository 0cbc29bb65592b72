import Settings
import Testing

@Suite("The gaps of a schedule")
struct CronScheduleTests {
    private static let minute = 60
    private static let hour = 3_600
    private static let day = 86_400

    private static let gaps: [(String, Int)] = [
        ("*/15 * * * *", 15 * minute),
        ("* * * * *", minute),
        ("0 * * * *", hour),
        ("7,37 * * * *", 30 * minute),
        // Steps begin anew with each hour.
        ("*/25 * * * *", 25 * minute),
        ("0 6-18 * * *", 12 * hour),
        ("0 3 * * *", day),
        ("0 3 * * 0", 7 * day),
        ("0 3 * * 7", 7 * day),
        ("0 8 * * mon-fri", 3 * day),
        ("30 1 1 * *", 31 * day),
        ("0 0 1 jan *", 366 * day),
        // The years 1900 and 2100 have no such day.
        ("0 0 29 2 *", 2_921 * day),
        // Either day is enough: the 1st, and every Monday.
        ("0 0 1 * 1", 7 * day),
        ("0 0 31 * *", 61 * day),
        ("5/20 * * * *", 20 * minute),
    ]

    @Test("the longest time from one run to the next", arguments: gaps)
    func gap(expression: String, seconds: Int) throws {
        #expect(try #require(CronSchedule(expression)).longestGap == seconds)
    }

    @Test("a day that never comes has no gap; a wrong form is no schedule")
    func nothing() throws {
        #expect(try #require(CronSchedule("0 0 30 2 *")).longestGap == nil)
        for expression in ["", "* * * *", "61 * * * *", "*/0 * * * *", "a * * * *"] {
            #expect(CronSchedule(expression) == nil)
        }
    }
}
