import Testing

@testable import LMSSimulator

@Suite("Event log")
struct EventLogTests {
    @Test("bounds are exclusive unless switched, and both orders hold the same rows")
    func bounds() async throws {
        try await withSimulator { simulator, caller in
            let times = caller.walk("eventlogs?sort=asc").compactMap { $0["created"] as? Double }
            #expect(times == times.sorted())
            #expect(caller.walk("eventlogs").compactMap { $0["created"] as? Double } == times.reversed())
            let (low, high) = (times[10], times[20])
            let window = "eventlogs?created_after=\(low)&created_before=\(high)"
            #expect(caller.walk(window).count == 9)
            simulator.faults.createdAfterInclusive = true
            #expect(caller.walk(window).count == 10)
            simulator.faults.createdBeforeInclusive = true
            #expect(caller.walk(window).count == 11)
        }
    }

    @Test("activity and user filters combine")
    func filters() async throws {
        try await withSimulator { _, caller in
            let all = caller.walk("eventlogs")
            let completions = caller.walk("eventlogs?activity=complete_course")
            #expect(!completions.isEmpty)
            #expect(completions.count == all.count { $0["activity"] as? String == "complete_course" })
            let user = try #require((completions.first?["user"] as? [String: Any])?["id"] as? String)
            let theirs = caller.walk("eventlogs?activity=complete_course&user_id=\(user)")
            #expect(theirs.allSatisfy { ($0["user"] as? [String: Any])?["id"] as? String == user })
            #expect(!theirs.isEmpty && theirs.count < completions.count)
        }
    }

    @Test("late events show after their delay, twins twice, activities with a stray comma")
    func switches() async throws {
        try await withSimulator { simulator, caller in
            let before = caller.get("eventlogs").meta["totalItems"] ?? 0
            simulator.faults.lateEventsSeconds = 600
            simulator.faults.twinEvents = true
            simulator.faults.strayCommaActivities = true
            simulator.change(ChangeRequest(seed: 3, count: 1, kinds: [.visit]))
            #expect(caller.get("eventlogs").meta["totalItems"] == before)
            simulator.advance(seconds: 601)
            let rows = caller.get("eventlogs").rows
            #expect(caller.get("eventlogs").meta["totalItems"] == before + 2)
            #expect(rows.prefix(2).allSatisfy { $0["activity"] as? String == "visit_course," })
            #expect(rows[0]["created"] as? Double == rows[1]["created"] as? Double)
            let truth = try caller.truth("events").suffix(2)
            #expect(truth.allSatisfy { $0["activity"] as? String == "visit_course" })
        }
    }

    @Test("the Date header tells the school's time")
    func date() {
        var date = HTTPDate()
        #expect(date.text(for: Instant(seconds: 1_767_600_000)) == "Mon, 05 Jan 2026 08:00:00 GMT")
        #expect(date.text(for: Instant(seconds: 951_782_399)) == "Mon, 28 Feb 2000 23:59:59 GMT")
        #expect(date.text(for: Instant(microseconds: 951_868_799_999_999)) == "Tue, 29 Feb 2000 23:59:59 GMT")
    }
}
