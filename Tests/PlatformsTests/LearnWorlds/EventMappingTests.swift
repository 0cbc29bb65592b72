import JSON
import Records
import Testing
import Transformer

@testable import Platforms

@Suite("LearnWorlds events")
struct EventMappingTests {
    private func events(_ paths: String..., mapping: LearnWorldsMapping = .plain) throws -> Batch<Event> {
        var run = EventRun()
        var batch = Batch<Event>(stream: "events")
        for path in paths {
            try Fixture("events/\(path)").document.withRoot { mapping.events($0, into: &run, &batch) }
        }
        run.finish(into: &batch)
        return batch
    }

    @Test("the guide's example, field by field")
    func guide() throws {
        let batch = try events("guide")
        let event = try #require(batch.records.first)
        #expect(
            event
                == Event(
                    eventID: ContentHash.identity(
                        at: .unix(1_751_301_000, 912_030),
                        of: "award_certificate",
                        "65f0aa00bb11cc22dd33ee44",
                        "1751301000912030"
                    ),
                    occurredAt: .unix(1_751_301_000, 912_030),
                    activity: "award_certificate",
                    learnerID: "65f0aa00bb11cc22dd33ee44",
                    courseID: "fire-safety-101",
                    description: "Awarded a certificate",
                    payload: JSONText(#"{"course":{"id":"fire-safety-101"}}"#)
                )
        )
        #expect(batch.drift.isEmpty && batch.rejects.isEmpty)
    }

    @Test("twins are told apart by their contents, whatever order they come in")
    func twins() throws {
        let batch = try events("twins")
        #expect(batch.records.count == 5)
        #expect(Set(batch.records.map(\.eventID)).count == 5)
        #expect(batch.records.filter { $0.eventID.hasSuffix("-2") }.map(\.courseID) == ["a"])
        #expect(batch.records.filter { $0.eventID.hasSuffix("-3") }.map(\.courseID) == ["b"])
        #expect(batch.records.allSatisfy { $0.activity?.contains(",") == false })
        #expect(batch.records.last?.payload == nil)
        let shuffled = try events("twins-shuffled")
        #expect(batch.records == shuffled.records)
    }

    @Test("a renamed description keeps the id")
    func rename() throws {
        func id(_ description: String) throws -> String? {
            var run = EventRun()
            var batch = Batch<Event>(stream: "events")
            let json = #"[{"user":{"id":"u"},"created":1751301000,"activity":"a","description":"\#(description)"}]"#
            try Fixture(json: json).document.withRoot { LearnWorldsMapping.plain.events($0, into: &run, &batch) }
            run.finish(into: &batch)
            return batch.records.first?.eventID
        }
        #expect(try id("before") == (try id("after")))
    }

    @Test("entries of one instant are numbered together, even over a page's end")
    func overPages() throws {
        var run = EventRun()
        var batch = Batch<Event>(stream: "events")
        let entry = #"{"user":{"id":"u"},"created":1751301000,"activity":"a","additional_info":{"n":%}}"#
        for number in ["2", "1"] {
            let json = "[\(entry.replacing("%", with: number))]"
            try Fixture(json: json).document.withRoot { LearnWorldsMapping.plain.events($0, into: &run, &batch) }
        }
        #expect(batch.records.isEmpty)
        run.finish(into: &batch)
        #expect(batch.records.map { $0.payload?.text } == [#"{"n":1}"#, #"{"n":2}"#])
        #expect(batch.records.last?.eventID.hasSuffix("-2") == true)
    }

    @Test("payloads lose what may not be stored, courses are found where they stand, bad times are rejected")
    func variants() throws {
        let batch = try events("variants")
        #expect(batch.records.map(\.courseID) == ["by-name", "flat", "outer"])
        #expect(batch.records.first?.payload?.text == #"{"a":{"ok":[true,null]},"course":"by-name","z":1}"#)
        #expect(batch.records[2].payload == nil)
        #expect(
            batch.rejects.map(\.reason) == [
                "missing key: activity", "unusable time: created", "unusable time: created", "unusable time: created",
            ]
        )
    }

    @Test("with a name or an address pseudonymised, descriptions are dropped")
    func hiddenPersons() throws {
        let batch = try events("twins", mapping: .hiding("email"))
        #expect(batch.records.allSatisfy { $0.description == nil })
        #expect(batch.records.count == 5)
        let kept = try events("twins", mapping: .hiding("external_id"))
        #expect(kept.records.contains { $0.description != nil })
    }
}

@Suite("Events that a closed window shows")
struct ShownEventsTests {
    private func shown(_ courses: [String]) throws -> (events: ShownEvents, ids: [String]) {
        var run = EventRun()
        var batch = Batch<Event>(stream: "events")
        let entries = courses.map {
            #"{"user":{"id":"u"},"created":1751301000,"activity":"a","additional_info":{"course_id":"\#($0)"}}"#
        }
        let json = "[\(entries.joined(separator: ","))]"
        try Fixture(json: json).document.withRoot { LearnWorldsMapping.plain.events($0, into: &run, &batch) }
        run.finish(into: &batch)
        var shown = ShownEvents()
        shown.note(batch.records)
        return (shown, batch.records.map(\.eventID))
    }

    @Test("what was stored beside them of the same activity, person and time is too much")
    func surplus() throws {
        // One of two, with different courses, came twice.
        let twice = try shown(["a", "b", "b"]).ids
        let (once, ids) = try shown(["a", "b"])
        #expect(Set(ids).isSubset(of: twice))
        #expect(once.surplus(among: twice) == [ids[0] + "-3"])
        #expect(once.surplus(among: ids).isEmpty)
    }

    @Test("what the platform shows nothing of stays: it forgets")
    func forgotten() throws {
        let (events, ids) = try shown(["a"])
        #expect(events.surplus(among: ["0198c0000000aaaaaaaaaaaaaaaaaaaa-2"]).isEmpty)
        #expect(events.surplus(among: [ids[0], ids[0] + "-2", ids[0] + "-3"]) == [ids[0] + "-2", ids[0] + "-3"])
        #expect(ShownEvents().surplus(among: [ids[0] + "-2"]).isEmpty)
    }
}
