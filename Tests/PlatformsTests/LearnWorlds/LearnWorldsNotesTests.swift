import Records
import Testing

@testable import Platforms

@Suite("What LearnWorlds' answers tell later steps")
struct LearnWorldsNotesTests {
    private static let now = Timestamp(microsecondsSinceEpoch: 1_751_328_000_000_000)

    private func at(_ seconds: Int64) -> Timestamp { Self.now.advanced(by: .seconds(seconds)) }

    private func note(_ log: ReadLog, _ list: LearnWorldsList, _ partition: String, items: Int, isComplete: Bool = true) {
        log.note(
            ListResult(
                list: list.rawValue,
                partition: partition,
                items: items,
                isComplete: isComplete,
                isWhole: true,
                asOf: Self.now
            )
        )
    }

    @Test("courses are there until the whole list has shown that they are not")
    func courses() {
        let log = ReadLog()
        log.add(ListedCourse(key: "a"))
        #expect(log.listedCourses == nil && log.presentCourses(among: ["a", "b"]) == ["a", "b"])
        note(log, .courses, "", items: 1, isComplete: false)
        #expect(log.listedCourses == nil)
        note(log, .courses, "", items: 1)
        #expect(log.listedCourses == ["a"] && log.presentCourses(among: ["a", "b"]) == ["a"])
    }

    @Test("a roster proves something once it was read whole and every entry of it could be read")
    func rosters() {
        let log = ReadLog()
        log.add(RosterMembers(course: "c", learners: ["1"], hasUnreadable: false))
        #expect(log.isOnRoster("1", of: "c") == nil)
        note(log, .roster, "c", items: 2)
        log.add(RosterMembers(course: "c", learners: ["2"], hasUnreadable: false))
        #expect(log.isOnRoster("1", of: "c") == true && log.isOnRoster("2", of: "c") == true)
        #expect(log.isOnRoster("3", of: "c") == false && log.isOnRoster("1", of: "d") == nil)
        let slice = ReadSlice(notes: ReadNotes([RosterIDs(key: "c", learners: ["1", "2"])]))
        #expect(log.roster(of: "c", in: slice) == ["1", "2"] && log.roster(of: "d", in: slice) == nil)
        note(log, .roster, "empty", items: 0)
        #expect(log.isOnRoster("1", of: "empty") == false && log.roster(of: "empty", in: slice) == [])
        log.add(RosterMembers(course: "c", learners: [], hasUnreadable: true))
        #expect(log.isOnRoster("3", of: "c") == nil && log.roster(of: "c", in: slice) == nil)
    }

    @Test("units know their course, and when somebody was last seen to hand in")
    func units() {
        let log = ReadLog()
        log.add(UnitCourse(key: "u1", course: "c"))
        log.add(HandedInUnit(key: "u1", newest: at(10)))
        log.add(HandedInUnit(key: "u1", newest: at(5)))
        log.add(HandedInUnit(key: "u2", newest: at(7)))
        #expect(log.course(ofUnit: "u1") == "c" && log.course(ofUnit: "u2") == nil)
        #expect(log.unitsHandedIn(since: nil) == ["u1", "u2"] && log.unitsHandedIn(since: at(8)) == ["u1"])
        log.add(CourseContents(key: "c", units: 0))
        #expect(log.hasEmptyContents("c") && !log.hasEmptyContents("d"))
    }

    @Test("new entries of the log are counted by whole days")
    func events() {
        let log = ReadLog()
        let day = Self.now.startOfDay
        log.add(NewEvents(key: day, count: 2))
        log.add(NewEvents(key: day, count: 1))
        log.add(NewEvents(key: day.advanced(by: .seconds(86_400)), count: 5))
        #expect(log.newEvents(from: day, to: day.advanced(by: .seconds(86_400))) == 3)
        #expect(log.newEvents(from: day, to: day.advanced(by: .seconds(2 * 86_400))) == 8)
    }

    @Test("the next stretch begins at the last entries of the one before, or reads deeper where there was nothing new")
    func stretches() {
        let first = EventStretch(after: at(0), remembersFrom: at(50))
        let next = first.next(after: at(90), known: ["x"])
        #expect(next.after == at(90) && next.known == ["x"] && next.pages == EventStretch.pages)
        #expect(next.remembersFrom == at(50))
        let deeper = next.next(after: nil, known: [])
        #expect(deeper.after == at(90) && deeper.known == ["x"] && deeper.pages == 2 * EventStretch.pages)
    }

    @Test("a walk that was made again keeps what the former one had shown beside, where that was not complete")
    func walks() {
        func walk(_ ids: [String], isComplete: Bool) -> StretchWalk {
            var walk = StretchWalk()
            let events = ids.map { Event(eventID: $0, occurredAt: at(1), activity: "a") }
            walk.shown.note(events)
            walk.note(events, remembersFrom: at(0))
            walk.isComplete = isComplete
            return walk
        }
        let both = walk(["a", "b"], isComplete: false).joined(with: walk(["a"], isComplete: true))
        #expect(both.isComplete && both.shown.ids == ["a"] && both.former == ["a", "b"])
        #expect(both.rows.count == 3 && both.remembered == ["a", "b", "a"])
        #expect(walk(["a"], isComplete: true).joined(with: walk(["a"], isComplete: true)).former.isEmpty)
    }
}
