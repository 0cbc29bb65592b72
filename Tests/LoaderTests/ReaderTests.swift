import Loader
import Postgres
import Records
import Testing

@Suite struct ReaderTests {
    @Test func differencesAreSeenBeforeAnythingIsStored() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish([
                Learner(learnerID: "a", username: "x", createdAt: instant(1)), Learner(learnerID: "b"),
            ])
            var unit = run.unit
            unit.append(
                [
                    Learner(learnerID: "a", username: "y", createdAt: instant(2)), Learner(learnerID: "b"),
                    Learner(learnerID: "c"),
                ],
                stream: "learners"
            )
            let columns = ["learner_id", "created_at", "email"]
            for _ in 0..<2 {
                let found = try await run.writer.differences(of: Learner.self, in: unit, returning: columns)
                    .sorted { $0.values["learner_id"] ?? "" < $1.values["learner_id"] ?? "" }
                #expect(found.map(\.isNew) == [false, true])
                #expect(found.first?.values == ["learner_id": "a", "created_at": "1735689602000000"])
                #expect(found.last?.values == ["learner_id": "c"])
            }
            #expect(try await test.value("SELECT count(*)::text FROM lms.learners") == "2")
            #expect(
                try await run.writer.publish(unit).tables["learners"] == counts(inserted: 1, updated: 1, unchanged: 1)
            )
            #expect(try await run.writer.differences(of: Learner.self, in: unit, returning: columns).isEmpty)
            #expect(try await run.writer.differences(of: Course.self, in: unit, returning: []).isEmpty)
        }
    }

    @Test func whatTimeAloneHasChangedExpires() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish(
                [
                    Enrollment(courseID: "c", learnerID: "past", status: "active", expiresAt: instant(10)),
                    Enrollment(courseID: "c", learnerID: "future", status: "active", expiresAt: instant(30)),
                    Enrollment(courseID: "c", learnerID: "off", status: "suspended", expiresAt: instant(10)),
                ],
                stream: "enrollments"
            )
            try await run.publish(
                [Certificate(learnerID: "past", certificateID: "x", expiresAt: instant(10), status: "issued")],
                stream: "certificates"
            )
            let expired = try await run.writer.expire(runID: run.lease.runID, at: instant(20))
            #expect(expired.streams == ["enrollments": counts(updated: 1), "certificates": counts(updated: 1)])
            #expect(
                try await test.sql("SELECT learner_id, status FROM lms.enrollments ORDER BY 1")
                    == [["future", "active"], ["off", "suspended"], ["past", "expired"]]
            )
            #expect(try await run.writer.expire(runID: run.lease.runID, at: instant(20)).total == RowCounts())
            try await test.sql("UPDATE sync.leases SET epoch = epoch + 1")
            await #expect(throws: LoadError.self) {
                try await run.writer.expire(runID: run.lease.runID, at: instant(40))
            }
        }
    }

    @Test func factsAnswerWhatAPlatformAsks() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            let reader = test.warehouse.reader
            try await run.publish(
                [Course(courseID: "b"), Course(courseID: "A"), Course(courseID: "gone")],
                stream: "courses"
            )
            try await test.sql("UPDATE lms.courses SET deleted_at = now() WHERE course_id = 'gone'")
            #expect(try await reader.courseIDs("acme") == ["A", "b"])
            #expect(try await reader.courseIDs("acme", after: "A") == ["b"])
            #expect(try await reader.courseIDs("other").isEmpty)

            try await run.publish(
                [Assessment(assessmentID: "a1", courseID: "b"), Assessment(assessmentID: "a2")],
                stream: "assessments"
            )
            #expect(try await reader.courses("acme", ofAssessments: ["a1", "a2", "a3"]) == ["a1": "b"])
            try await run.publish([CourseUnit(courseID: "b", unitID: "u", assessmentID: "a1")], stream: "course_units")
            #expect(try await reader.assessments("acme", ofUnits: ["u", "v"]) == ["u": "a1"])

            try await run.publish([
                Learner(learnerID: "l1", lastLoginAt: instant(100)), Learner(learnerID: "l2", lastLoginAt: instant(50)),
                Learner(learnerID: "l3"),
            ])
            #expect(try await reader.unknownLearners("acme", among: ["l1", "z", "y"]) == ["y", "z"])
            #expect(try await reader.strayLearners("acme").isEmpty)
            try await run.publish([
                Enrollment(courseID: "A", learnerID: "l3"), Enrollment(courseID: "A", learnerID: "x"),
            ])
            try await run.publish([Progress(courseID: "A", learnerID: ""), Progress(courseID: "A", learnerID: "w")])
            try await test.sql("UPDATE lms.learners SET deleted_at = now() WHERE learner_id = 'l3'")
            #expect(try await reader.unknownLearners("acme", among: ["l3", "z"]) == ["z"])
            #expect(try await reader.learnersNotLive("acme", among: ["l1", "l3", "z"]) == ["l3", "z"])
            #expect(try await reader.strayLearners("acme") == ["l3", "w", "x"])
            #expect(try await reader.strayLearners("acme", limit: 2).count == 2)
            let reject = "INSERT INTO sync.rejects (source_id, stream, natural_key, reason) VALUES "
            try await test.sql(reject + "('acme', 'learners', 'w', 'r'), ('acme', 'grades', 'x', 'r')")
            #expect(try await reader.strayLearners("acme") == ["l3", "x"])
            try await test.sql("UPDATE sync.rejects SET resolved_at = now()")
            try await run.publish([Learner(learnerID: "l4"), Learner(learnerID: "l5"), Learner(learnerID: "l6")])
            try await run.publish([Enrollment(courseID: "A", learnerID: "l4")])
            try await run.publish([Progress(courseID: "A", learnerID: "l5")])
            #expect(try await reader.activeLearners("acme").sorted() == ["l1", "l2", "l4", "l5"])
            try await test.sql("UPDATE lms.enrollments SET deleted_at = now() WHERE learner_id = 'x'")
            #expect(try await reader.strayLearners("acme") == ["l3", "w"])
            try await run.publish(
                [
                    Event(eventID: "1", occurredAt: instant(60), learnerID: "l1"),
                    Event(eventID: "2", occurredAt: instant(50), learnerID: "l2"),
                    Event(eventID: "3", occurredAt: instant(5), learnerID: "l2"),
                ],
                stream: "events"
            )
            #expect(
                try await reader.lastEventTimes("acme", ofLearners: ["l1", "l2", "l3"]) == [
                    "l1": instant(60), "l2": instant(50),
                ]
            )
            #expect(try await reader.eventCount("acme", from: instant(5), to: instant(60)) == 2)

            let live = try await reader.liveRowCounts("acme")
            #expect(live["courses"] == 2)
            #expect(live["grades"] == 0)
            #expect(live.count == Table.all.count)
            #expect(try await reader.hasRows("acme", in: Course.table))
            #expect(try await !reader.hasRows("acme", in: Grade.table))
        }
    }

    @Test func enrollmentsThatExpiredUnreadAreFound() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            var unit = run.unit
            for id in ["read", "unread", "never"] {
                unit.append([Enrollment(courseID: "c", learnerID: id, expiresAt: instant(10))], stream: "enrollments")
            }
            unit.append([Enrollment(courseID: "c", learnerID: "open")], stream: "enrollments")
            let seconds = instant().microseconds / 1_000_000
            unit.setWatermark("enrollments", "read", position: #"{"verified_at": \#(seconds + 11)}"#, dataAsOf: nil)
            unit.setWatermark("enrollments", "unread", position: #"{"verified_at": \#(seconds + 9)}"#, dataAsOf: nil)
            _ = try await run.writer.publish(unit)
            let reader = test.warehouse.reader
            #expect(
                try await reader.learnersWithUnreadExpiry("acme", from: instant(0), to: instant(11)) == [
                    "never", "unread",
                ]
            )
            #expect(try await reader.learnersWithUnreadExpiry("acme", from: instant(11), to: instant(20)).isEmpty)
        }
    }
}
