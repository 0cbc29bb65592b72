import Loader
import Postgres
import Records
import Testing

@Suite struct PublishTests {
    private let versions = "SELECT learner_id, ctid, xmin FROM lms.learners ORDER BY 1"

    private func learners(_ range: Range<Int>, name: String = "n") -> [Learner] {
        range.map { Learner(learnerID: "l\($0)", username: name, loginCount: Int32($0)) }
    }

    @Test func countsWhatHappened() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            let first = try await run.publish(learners(0..<100))
            #expect(first.tables["learners"] == counts(inserted: 100))
            let mixed =
                learners(0..<50) + learners(50..<60, name: "changed") + learners(100..<105) + learners(100..<102)
            let second = try await run.publish(mixed)
            #expect(second.tables["learners"] == counts(inserted: 5, updated: 10, unchanged: 50, duplicate: 2))
            #expect(second.streams["learners"] == second.tables["learners"])
            #expect(try await test.value("SELECT count(*)::text FROM lms.learners WHERE username = 'changed'") == "10")
            let books = try await test.sql(
                "SELECT rows_read, rows_inserted, rows_updated, rows_unchanged, rows_duplicate FROM sync.run_streams"
            )
            #expect(books == [["167", "105", "10", "50", "2"]])
            #expect(try await test.sql("SELECT rows_read, rows_written FROM sync.runs") == [["167", "115"]])
        }
    }

    @Test func unchangedRowsAreNotWritten() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish(learners(0..<5_000))
            let before = try await test.sql(versions)
            let again = try await run.publish(learners(0..<5_000))
            #expect(again.tables["learners"] == counts(unchanged: 5_000))
            #expect(try await test.sql(versions) == before)
        }
    }

    @Test func aLaterRowOfAKeyWins() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            var unit = run.unit
            unit.append([Learner(learnerID: "a", username: "first")], stream: "learners")
            var other = run.unit
            other.append([Learner(learnerID: "a", username: "second")], stream: "enrollments")
            unit.append(other)
            let counted = try await run.writer.publish(unit)
            #expect(counted.tables["learners"] == counts(inserted: 1, duplicate: 1))
            #expect(counted.streams["learners"] == counts(duplicate: 1))
            #expect(counted.streams["enrollments"] == counts(inserted: 1))
            #expect(try await test.value("SELECT username FROM lms.learners") == "second")
        }
    }

    private func grade(_ score: Int, at seconds: Int64, id: String = "") -> Grade {
        Grade(
            courseID: "c",
            learnerID: "l",
            assessmentID: "a",
            score: Numeric(score),
            submittedAt: instant(seconds),
            gradedAt: instant(seconds),
            submissionID: id
        )
    }

    @Test func theNewestVersionWinsWhateverArrivesLast() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish([grade(2, at: 20), grade(1, at: 10)], stream: "grades")
            #expect(try await test.value("SELECT score::text FROM lms.grades") == "2")
            try await run.publish([grade(4, at: 30, id: "b"), grade(3, at: 30, id: "a")], stream: "grades")
            #expect(try await test.value("SELECT score::text FROM lms.grades") == "4")
        }
    }

    @Test func anOlderGradeThanTheStoredOneIsADuplicate() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish([grade(2, at: 20)], stream: "grades")
            let older = try await run.publish([grade(1, at: 10)], stream: "grades")
            #expect(older.tables["grades"] == counts(duplicate: 1))
            #expect(try await test.value("SELECT score::text FROM lms.grades") == "2")
            var unit = run.unit
            unit.allowsOlder = true
            unit.append([grade(1, at: 10)], stream: "grades")
            #expect(try await run.writer.publish(unit).tables["grades"] == counts(updated: 1))
            #expect(try await test.value("SELECT score::text FROM lms.grades") == "1")
        }
    }

    @Test func aStubFillsAGapAndChangesNothing() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            let stub = [
                Assessment(assessmentID: "a", courseID: "c", isStub: true), Assessment(assessmentID: "b", isStub: true),
            ]
            try await run.publish([Assessment(assessmentID: "a", courseID: "c", title: "Real")], stream: "assessments")
            #expect(
                try await run.publish(stub, stream: "grades").tables["assessments"] == counts(inserted: 1, unchanged: 1)
            )
            #expect(try await test.value("SELECT title FROM lms.assessments WHERE assessment_id = 'a'") == "Real")
            let both = [Assessment(assessmentID: "b", title: "Real b"), Assessment(assessmentID: "b", isStub: true)]
            #expect(
                try await run.publish(both, stream: "grades").tables["assessments"] == counts(updated: 1, duplicate: 1)
            )
        }
    }

    @Test func aRowThatComesBackIsLiveAgain() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish(learners(0..<1))
            let seen = try await test.value("SELECT first_seen_at::text FROM lms.learners")
            try await test.sql("UPDATE lms.learners SET deleted_at = now()")
            #expect(try await run.publish(learners(0..<1)).tables["learners"] == counts(updated: 1))
            #expect(
                try await test.value("SELECT first_seen_at::text FROM lms.learners WHERE deleted_at IS NULL") == seen
            )
        }
    }

    @Test func everyValueComesOutAsItWentIn() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            let hostile = [
                "\\N", "a\tb", "back\\slash\\", "'\"$1;--", "line\r\nline", "", "é e\u{301}", "𝒳\u{202E}", "{a,b}",
            ]
            for (index, text) in hostile.enumerated() {
                try await run.publish([
                    Learner(
                        learnerID: text + "\(index)",
                        username: text,
                        tags: [text, "NULL"],
                        createdAt: instant(1),
                        loginCount: -7,
                        customFields: JSONText(#"{"a": [1.10, null, "x\\y"]}"#)
                    )
                ])
                let row = try await test.sql(
                    "SELECT username, tags[1], tags[2], login_count, custom_fields::text, created_at::text FROM lms.learners WHERE learner_id = $1",
                    [.text(text + "\(index)")]
                )
                #expect(row == [[text, text, "NULL", "-7", #"{"a": [1.10, null, "x\\y"]}"#, "2025-01-01 00:00:01+00"]])
            }
            let exact = "12345678901234567890.0123456789"
            try await run.publish(
                [Grade(courseID: "c", learnerID: "l", assessmentID: "a", score: Numeric(token: exact))],
                stream: "grades"
            )
            #expect(try await test.value("SELECT score::text FROM lms.grades") == exact)
        }
    }

    @Test func rowsAndStateAreStoredTogetherOrNotAtAll() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            var unit = run.unit
            unit.append(learners(0..<10), stream: "learners")
            unit.setWatermark("learners", position: "not json", dataAsOf: nil)
            await #expect(throws: LoadError.self) { try await run.writer.publish(unit) }
            #expect(try await test.value("SELECT count(*)::text FROM lms.learners") == "0")
            #expect(try await test.value("SELECT rows_read::text FROM sync.runs") == "0")
            unit.setWatermark("learners", position: #"{"a": 1}"#, dataAsOf: nil)
            _ = try await run.writer.publish(unit)
            #expect(try await test.value("SELECT count(*)::text FROM lms.learners") == "10")
        }
    }

    @Test func whatWasInsertedBlindlyIsComparedWhereItWasThere() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish(learners(0..<1_000))
            // The next rows are expected to be new as well; some are not.
            let overlapping = try await run.publish(learners(900..<1_900, name: "n"))
            #expect(overlapping.tables["learners"] == counts(inserted: 900, unchanged: 100))
            #expect(try await test.value("SELECT count(*)::text FROM sync.rejects") == "0")
        }
    }

    @Test func aKilledConnectionCostsNothing() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish(learners(0..<10))
            try await test.sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            let counted = try await run.publish(learners(5..<15))
            #expect(counted.tables["learners"] == counts(inserted: 5, unchanged: 5))
        }
    }

    @Test func eventsGetTheirPartitions() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            let events = (0..<14).map { Event(eventID: "e\($0)", occurredAt: instant(Int64($0) * 30 * 86_400)) }
            #expect(try await run.publish(events, stream: "events").tables["events"] == counts(inserted: 14))
            #expect(try await run.publish(events, stream: "events").tables["events"] == counts(unchanged: 14))
            let partitions = try await test.value(
                "SELECT count(*)::text FROM pg_inherits WHERE inhparent = 'lms.events'::regclass"
            )
            #expect(partitions == "12")  // none of these days lies in February
        }
    }
}
