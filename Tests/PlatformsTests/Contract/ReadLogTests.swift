import Extractor
import Records
import Testing

@testable import Platforms

@Suite("What a run has read")
struct ReadLogTests {
    private struct Sighting: ReadNote {
        let key: String
        var count = 1

        func joined(with later: Self) -> Self { Self(key: key, count: count + later.count) }
    }

    private struct Passing: ReadNote {
        let key: Int
        static var lifetime: ReadNoteLifetime { .reading }
    }

    private func result(_ list: String, _ partition: String, items: Int, isWhole: Bool = true) -> ListResult {
        let now = Timestamp(microsecondsSinceEpoch: 1)
        return ListResult(list: list, partition: partition, items: items, isComplete: true, isWhole: isWhole, asOf: now)
    }

    @Test("notes about the same are one, joined in their order; the later one counts where a kind says nothing else")
    func joins() {
        var notes = ReadNotes([Sighting(key: "a"), Sighting(key: "b")])
        notes.add(Sighting(key: "a", count: 5))
        notes.add(Passing(key: 1))
        notes.add(Passing(key: 1))
        #expect(notes[Sighting.self, "a"]?.count == 6 && notes[Sighting.self, "b"]?.count == 1)
        #expect(notes.all(Passing.self).count == 1 && notes[Sighting.self, "c"] == nil)
        var others = ReadNotes([Sighting(key: "b", count: 2), Sighting(key: "c")])
        others.merge(notes)
        #expect(others.all(Sighting.self).mapValues(\.count) == ["a": 6, "b": 3, "c": 1])
        #expect(others.take(Sighting.self).count == 3 && others.all(Sighting.self).isEmpty && !others.isEmpty)
    }

    @Test("the log keeps what is kept for the run, a slice what is kept for its reading")
    func lifetimes() {
        var page = ReadNotes([Sighting(key: "a")])
        page.add(Passing(key: 7))
        let log = ReadLog()
        log.add(page)
        #expect(log.note(Sighting.self, "a") != nil && log.notes(Passing.self).isEmpty)
        var slice = ReadSlice()
        slice.notes.merge(page, keptFor: .reading)
        slice.join(ReadSlice(isComplete: false, notes: ReadNotes([Passing(key: 8)])))
        #expect(slice.notes.all(Passing.self).keys.sorted() == [7, 8] && slice.notes.all(Sighting.self).isEmpty)
        #expect(!slice.isComplete)
    }

    @Test("a list was read, read whole, or empty, by its name and part")
    func lists() {
        let log = ReadLog()
        #expect(!log.hasRead("roster", "1") && !log.wasEmpty("roster", "1") && !log.hasItems("roster"))
        log.note(result("roster", "1", items: 0))
        log.note(result("grades", "1", items: 3, isWhole: false))
        #expect(log.hasRead("roster", "1") && log.wasEmpty("roster", "1") && !log.hasItems("roster"))
        #expect(!log.hasRead("grades", "1") && log.hasItems("grades") && log.result(of: "grades", "1")?.items == 3)
        log.note(result("roster", "2", items: 4))
        #expect(log.results(of: "roster").mapValues(\.items) == ["1": 0, "2": 4] && !log.hasRead("roster", "3"))
    }

    @Test("a list left after its first page, or without a name, is not in the log")
    func unlogged() {
        let request = APIRequest("/x", stream: "courses")
        var list = ListRead(
            stream: "courses",
            partition: "7",
            request: request,
            paging: SingleAnswer(first: request),
            rules: StatusRules(),
            makeReader: { preconditionFailure("nothing is read") }
        )
        func outcome(isPart: Bool = false, isResumed: Bool = false) -> WalkOutcome {
            WalkOutcome(
                isComplete: true,
                expected: nil,
                items: 2,
                asOf: Timestamp(microsecondsSinceEpoch: 1),
                position: MarkPosition(),
                isResumed: isResumed,
                isPart: isPart
            )
        }
        #expect(list.result(outcome()) == nil)
        list.logName = "list"
        #expect(list.result(outcome()) == result("list", "7", items: 2))
        #expect(list.result(outcome(isPart: true)) == nil)
        #expect(list.result(outcome(isResumed: true))?.isWhole == false)
        list.asksAll = false
        #expect(list.result(outcome())?.isWhole == false)
        #expect(list.result(outcome(isPart: true))?.isWhole == false, "its newest part was all that was wanted")
    }
}
