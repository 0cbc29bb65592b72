import Testing

@testable import LMSSimulator

@Suite("MATRIX: calendar and durations")
struct MatrixCalendarTests {
    private func moment(_ year: Int, _ month: Int, _ day: Int, hour: Int64 = 0) -> Instant {
        CivilTime(year: year, month: month, day: day, time: hour * Instant.hour).instant(offsetMinutes: 0)
    }

    @Test("civil times and moments are each other's inverse, before 1970 and over leap days too")
    func civil() {
        #expect(moment(1970, 1, 1) == Instant(seconds: 0))
        #expect(moment(2026, 1, 5, hour: 8) == Instant(seconds: 1_767_600_000))
        for seconds in stride(from: Int64(-40_000_000), to: 2_000_000_000, by: 9_999_991) {
            let civil = CivilTime(Instant(seconds: seconds), offsetMinutes: 330)
            #expect(civil.instant(offsetMinutes: 330) == Instant(seconds: seconds))
        }
        #expect(CivilTime(date: "2026-11-19T10:00Z")?.day == 19)
        #expect(CivilTime(date: "soon") == nil)
        #expect(CivilTime(date: "2026-13-01") == nil)
    }

    @Test("a duration is plain days, weeks, months or years, and nothing else")
    func durations() {
        let start = moment(2024, 2, 29, hour: 9)
        func end(_ text: String?) -> Instant? { MatrixDuration(text)?.end(from: start) }
        #expect(end("2 years") == moment(2026, 2, 28, hour: 9))
        #expect(end("1 Year") == moment(2025, 2, 28, hour: 9))
        #expect(end("6 months") == moment(2024, 8, 29, hour: 9))
        #expect(end("11 months") == moment(2025, 1, 29, hour: 9))
        #expect(end("90 days") == moment(2024, 5, 29, hour: 9))
        #expect(end("2 weeks") == moment(2024, 3, 14, hour: 9))
        for text in [nil, "", "until revoked", "0 days", "2.5 years", "two years", "2 years or so"] {
            #expect(end(text) == nil)
        }
        #expect(MatrixDuration("2 weeks")?.end(from: .none) == Instant.none)
    }

    @Test("certificates expire by their design's duration, and the truth says so as time goes by")
    func certificates() async throws {
        try await withMatrix(MatrixShape(users: 60, classes: 12, certificateShare: 1)) { simulator, caller in
            func expired() throws -> Int {
                try caller.truth("certificates").count { $0["status"] as? String == "expired" }
            }
            let rows = try caller.truth("certificates")
            #expect(rows.contains { $0["expires_at"] is Int })
            #expect(rows.allSatisfy { $0["expires_at"] is Int || $0["status"] as? String == "issued" })
            let before = try expired()
            #expect(before > 0)
            simulator.advance(seconds: 800 * 86_400)
            #expect(try expired() > before)
        }
    }
}
