import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("A MATRIX sync", .serialized)
struct MatrixIncrementTests {
    private static func options(seed: UInt64, _ faults: MatrixFaults = MatrixFaults()) -> SchoolOptions {
        SchoolOptions(
            matrix: GeneratedMatrixSchool.make(MatrixShape(users: 160, classes: 14, learnersPerClass: 16), seed: seed),
            faults: faults
        )
    }

    @Test("a day later costs the guide's formula and writes nothing", .timeLimit(.minutes(2)))
    func idleDay() async throws {
        try await withSchool(Self.options(seed: 5)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let versions = try await harness.rowVersions()
            for _ in 0..<3 {
                harness.simulator.advance(seconds: 86_400)
                harness.simulator.resetRequests()
                #expect(await harness.sync().exitCode == 0)
                let formula = MatrixFormula(harness.simulator)
                let calls = harness.simulator.requests
                // Shares of a week and a month come out whole only now and then.
                let least = formula.idleDay - 2 * ((formula.activeClasses + 6) / 7) - 2
                #expect(
                    (least...formula.idleDay).contains(calls.total),
                    "\(calls.total) of \(formula.idleDay): \(calls.routes)"
                )
                #expect(try await harness.rowVersions().differing(from: versions).filter { $0 != "certificates" } == [])
            }
        }
    }

    @Test("no watermark ever goes back: the load stores the date that the first sync asks for", .timeLimit(.minutes(2)))
    func completionsMoveOn() async throws {
        try await withSchool(Self.options(seed: 6)) { harness in
            let query = "SELECT position ->> 'completed_after' FROM sync.watermarks WHERE stream = 'certificates'"
            #expect(await harness.baseline().exitCode == 0)
            var last = try #require(try await harness.value(query))
            // Two days before the load began: completions may show late.
            let isOverlapping = """
                SELECT (position ->> 'completed_after')::date = (data_as_of AT TIME ZONE 'UTC')::date - 2
                FROM sync.watermarks WHERE stream = 'certificates'
                """
            #expect(try await harness.value(isOverlapping) == "t", "\(last)")
            for _ in 0..<3 {
                harness.simulator.advance(seconds: 4_000)
                #expect(await harness.sync().exitCode == 0)
                let date = try #require(try await harness.value(query))
                #expect(date >= last)
                last = date
            }
            #expect(await harness.sweep().exitCode == 0)
            #expect(try #require(try await harness.value(query)) >= last)
        }
    }

    @Test("silent changes show within their age bounds", .timeLimit(.minutes(3)), arguments: [7, 8] as [UInt64])
    func silentChanges(seed: UInt64) async throws {
        let options = Self.options(seed: seed)
        try await withSchool(options) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let kinds: [ChangeKind] = [
                .quietStudy, .quietRegrade, .enrollment, .reenrollment, .unenrollment, .deactivation, .uncompletion,
                .assignmentEdited, .assignmentDeleted, .teacherAssigned, .organizationCreated, .organizationEdited,
                .learnerDeleted, .courseDeleted,
            ]
            let changes = harness.simulator.change(
                ChangeRequest(seed: seed, count: 25, kinds: kinds, secondsBetween: 30)
            )
            #expect(changes.count > 15)
            for _ in 0..<8 {
                harness.simulator.advance(seconds: 86_400)
                let report = await harness.sync()
                #expect(report.exitCode == 0, "\(report.story)")
            }
            try await expectTruth(harness)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test("rosters that drop history: who is missing twice is gone, with the state ended", .timeLimit(.minutes(2)))
    func droppedHistory() async throws {
        var faults = MatrixFaults()
        faults.dropsHistory = true
        try await withSchool(Self.options(seed: 9, faults)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            try await expectTruth(harness)
            let changes = harness.simulator.change(ChangeRequest(seed: 4, count: 2, kinds: [.unenrollment]))
            harness.simulator.advance(seconds: 90_000)
            #expect(await harness.sync().exitCode == 0)
            let gone = try await harness.sql(
                "SELECT status FROM lms.enrollments WHERE deleted_at IS NOT NULL ORDER BY course_id, learner_id"
            )
            #expect(gone == Array(repeating: ["ended"], count: changes.count))
            try await expectTruth(harness, ["enrollments", "progress", "learners", "courses"])
        }
    }

    @Test("a class comes back from the trash with everything in it", .timeLimit(.minutes(2)))
    func trash() async throws {
        try await withSchool(Self.options(seed: 11)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            #expect(harness.simulator.change(ChangeRequest(seed: 1, count: 1, kinds: [.courseDeleted])).count == 1)
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness)
            #expect(harness.simulator.change(ChangeRequest(seed: 1, count: 1, kinds: [.courseUndeleted])).count == 1)
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test("sessions are followed once a day", .timeLimit(.minutes(2)))
    func sessions() async throws {
        var options = Self.options(seed: 12)
        options.sourceLines = ["streams: [learners, events]"]
        try await withSchool(options) { harness in
            #expect(await harness.baseline().exitCode == 0)
            try await expectTruth(harness, ["learners", "events"])
            #expect(harness.simulator.change(ChangeRequest(seed: 3, count: 10, kinds: [.login])).count == 10)
            harness.simulator.advance(seconds: 90_000)
            harness.simulator.resetRequests()
            #expect(await harness.sync().exitCode == 0)
            #expect(harness.simulator.requests.routes["get_session_details"] == 1)
            // What the platform has forgotten meanwhile stays here.
            let stored = try await harness.count("SELECT count(*) FROM lms.events")
            #expect(stored >= harness.simulator.truthCount("events"))
            let missing = try await harness.compareWithTruth(["events"]).filter { $0.stored == nil }
            #expect(missing.isEmpty, "\(missing)")
            // A full sweep asks again about everybody whom the platform remembers, whatever the logins say.
            try await harness.sql(
                "DELETE FROM lms.events WHERE occurred_at > to_timestamp(\(harness.simulator.now.seconds - 20 * 86_400))"
            )
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sweep(maxAge: .seconds(86_400)).exitCode == 0)
            #expect(try await !harness.compareWithTruth(["events"]).isEmpty)
            #expect(await harness.sweep().exitCode == 0)
            let left = try await harness.compareWithTruth(["events"]).filter { $0.stored == nil }
            #expect(left.isEmpty, "\(left)")
        }
    }
}
