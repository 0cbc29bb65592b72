import Platforms
import Records
import Testing

@Suite("What platforms share")
struct SharingTests {
    private func time(_ seconds: Int64) -> Timestamp { Timestamp(microsecondsSinceEpoch: seconds * 1_000_000) }

    @Test("a share by age reads every partition within its bound, never many at once", arguments: [900, 3_600, 7_200])
    func share(every seconds: Int64) {
        var readAt = Dictionary(uniqueKeysWithValues: (0..<100).map { ("c\($0)", Timestamp?.some(time(0))) })
        var carry: Int64 = 0
        var now: Int64 = 0
        var most = 0
        while now < 3 * 86_400 {
            now += seconds
            let due = RollingRefresh.due(
                readAt,
                bound: .seconds(86_400),
                now: time(now),
                since: time(now - seconds),
                carry: &carry
            )
            most = max(most, due.count)
            for name in due { readAt[name] = time(now) }
            #expect(readAt.values.allSatisfy { now - ($0?.microseconds ?? 0) / 1_000_000 <= 86_400 })
        }
        #expect(Int64(most) <= 100 * seconds / 86_400 + 2)
    }

    @Test("what was never read, or is past its bound, is due whatever the share; oldest first")
    func late() {
        var carry: Int64 = 0
        let readAt: [String: Timestamp?] = ["new": nil, "old": time(0), "older": time(-5), "fresh": time(99_000)]
        let due = RollingRefresh.due(readAt, bound: .seconds(86_400), now: time(100_000), since: nil, carry: &carry)
        #expect(due == ["new", "older", "old"])
        #expect(RollingRefresh.due([:], bound: .seconds(1), now: time(5), since: time(0), carry: &carry).isEmpty)
    }

    @Test("a tally sees a key that comes twice, and a page that comes twice")
    func tally() {
        var tally = KeyTally()
        tally.note(page: ["a", "b"])
        tally.note(page: ["c", "d"])
        #expect(tally.items == 4 && !tally.hasRepeats && !tally.repeatsPage)
        tally.note(page: ["d", "e"])
        #expect(tally.hasRepeats && !tally.repeatsPage)
        tally.note(page: ["d", "e"])
        #expect(tally.repeatsPage)
        tally.note(page: [])
        #expect(!tally.repeatsPage)
    }

    @Test("of two entries of a partition the earlier one counts, and reads all of it where either does")
    func joins() {
        func entry(_ reason: String, _ due: Int64) -> PendingEntry {
            PendingEntry(stream: "grades", partition: "c", reason: reason, dueAt: time(due))
        }
        let whole = PendingEntry.whole
        let table: [(PendingEntry, PendingEntry, PendingEntry)] = [
            (entry("event", 1), entry("visit", 2), entry("event", 1)),
            (entry("event", 2), entry("visit", 1), entry("visit", 1)),
            (entry("event", 1), entry("visit", 1), entry("event", 1)),
            (entry("event", 1), entry(whole, 2), entry(whole, 1)),
            (entry(whole, 2), entry("visit", 1), entry(whole, 1)),
            (entry(whole, 1), entry("visit", 2), entry(whole, 1)),
        ]
        for (first, second, joined) in table { #expect(first.joined(with: second) == joined) }
    }

    @Test("a stream that cannot be read holds back itself, and the courses hold back all that is found through them")
    func loaded() throws {
        func loaded(_ kind: String, _ streams: [String], without gaps: Set<String>) throws -> [String] {
            let kind = try #require(PlatformRegistry.kinds.first { $0.kind == kind })
            return kind.loaded(of: streams, without: gaps)
        }
        let grow = ["courses", "learners", "enrollments", "events"]
        #expect(try loaded("grow", grow, without: []) == grow)
        #expect(try loaded("grow", grow, without: ["learners"]) == ["courses", "enrollments", "events"])
        #expect(try loaded("grow", grow, without: ["events"]) == ["courses", "learners", "enrollments"])
        #expect(try loaded("grow", grow, without: ["courses"]) == ["learners", "events"])
        #expect(try loaded("blackboard", ["terms", "courses", "grades"], without: ["terms"]) == ["courses", "grades"])
        #expect(try loaded("matrix", ["courses", "organizations"], without: ["courses"]) == ["organizations"])
        #expect(try loaded("grow", grow, without: Set(grow)) == [])
    }

    @Test("terms are read with the courses where they are on, and left out where they are not")
    func accompanying() throws {
        let kind = try #require(PlatformRegistry.kinds.first { $0.kind == "blackboard" })
        #expect(kind.chosen([], from: ["courses"]) == ["courses"])
        #expect(kind.chosen(["courses"], from: ["terms", "courses"]) == ["terms", "courses"])
        #expect(kind.chosen(["courses"], from: ["courses"]) == ["courses"])
        #expect(kind.chosen(["terms"], from: ["terms", "courses"]) == ["terms"])
    }

    @Test("a position keeps whole numbers of any size")
    func integers() {
        var position = MarkPosition()
        for number in [0, 7_904_733, Int64.max] {
            position.set("change_index", integer: number)
            #expect(MarkPosition(json: position.json).integer("change_index") == number)
        }
        #expect(MarkPosition(json: #"{"x": 1.5}"#).integer("x") == nil)
    }
}
