import Loader
import Postgres
import Records
import Testing

@Suite struct RejectingTests {
    @Test func rowsTheDatabaseRefusesAreFoundAndRejected() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            var learners = (0..<300).map { Learner(learnerID: "l\($0)") }
            learners[17].customFields = JSONText("{broken")
            learners[255].customFields = JSONText("")
            var unit = run.unit
            unit.append(learners, stream: "learners")
            unit.append(
                [Course(courseID: "c", customFields: JSONText("nope")), Course(courseID: "d")],
                stream: "courses"
            )
            unit.setWatermark("learners", position: #"{"n": 1}"#, dataAsOf: instant())
            let counted = try await run.writer.publish(unit)
            #expect(counted.streams["learners"] == counts(inserted: 298, rejected: 2))
            #expect(counted.streams["courses"] == counts(inserted: 1, rejected: 1))
            let rejects = try await test.warehouse.reader.rejects("acme")
            #expect(Set(rejects.map(\.naturalKey)) == ["l17", "l255", "c"])
            #expect(rejects.allSatisfy { $0.reason.contains("SQLSTATE 22P02") })
            #expect(try await test.warehouse.reader.watermark("acme", "learners") != nil)
        }
    }

    @Test func aKeyTooLongForItsIndexIsRejected() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            var random = SystemRandomNumberGenerator()
            let long = (0..<4_000).map { _ in String(random.next(), radix: 36) }.joined()
            let counted = try await run.publish([Learner(learnerID: long), Learner(learnerID: "a")])
            #expect(counted.tables["learners"] == counts(inserted: 1))
            #expect(counted.streams["learners"] == counts(inserted: 1, rejected: 1))
            let reject = try #require(try await test.warehouse.reader.rejects("acme").first)
            #expect(reject.naturalKey.map { long.hasPrefix($0) } == true)
        }
    }

    @Test func anEventOutsideEveryPartitionIsRejected() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            let counted = try await run.publish(
                [
                    Event(eventID: "early", occurredAt: Timestamp(microsecondsSinceEpoch: -86_400_000_000)),
                    Event(eventID: "good", occurredAt: instant()),
                ],
                stream: "events"
            )
            #expect(counted.streams["events"] == counts(inserted: 1, rejected: 1))
            #expect(try await test.warehouse.reader.rejects("acme").map(\.naturalKey) == ["early/1969-12-31T00:00:00Z"])
        }
    }
}
