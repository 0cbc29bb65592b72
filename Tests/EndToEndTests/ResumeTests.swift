import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("A baseline again")
struct ResumeTests {
    static let shape = GeneratedSchool.Shape(courses: 16, learners: 480, enrollmentsPerLearner: 2)

    @Test(
        "goes on where it was interrupted, again and again, at the cost of few calls more",
        .timeLimit(.minutes(5))
    )
    func goesOn() async throws {
        let school = GeneratedSchool.make(Self.shape, seed: 61)
        let undisturbed = try await withSchool(SchoolOptions(school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            return (contents: try await harness.contents(), requests: harness.simulator.requests.total)
        }
        #expect(undisturbed.requests >= 1_000)
        try await withSchool(SchoolOptions(school: school)) { harness in
            for number in [3, 12, 25, 60, 150, 200, 200] {
                let report = await harness.interruptedBaseline(atCall: number)
                #expect(report.exitCode == 130, "call \(number)")
                #expect(report.sources.first?.status == "interrupted", "call \(number)")
            }
            #expect(await harness.baseline().exitCode == 0)
            #expect(try await harness.contents().differing(from: undisturbed.contents) == [])
            try await expectTruth(harness)
            let total = harness.simulator.requests.total
            #expect(Double(total) <= 1.15 * Double(undisturbed.requests), "\(total) of \(undisturbed.requests)")
            #expect(try await harness.bookkeepingFaults() == [])
            harness.simulator.resetRequests()
            harness.simulator.advance(seconds: 300)
            await harness.sync()
            #expect(harness.simulator.requests.total == 3, "nothing was left for later")
        }
    }

    @Test("catches up in its first sync with what happened while it was interrupted", .timeLimit(.minutes(5)))
    func catchesUp() async throws {
        let school = GeneratedSchool.make(.init(courses: 8, learners: 160), seed: 62)
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school)) { harness in
            for (step, number) in [30, 60, 90].enumerated() {
                _ = await harness.interruptedBaseline(atCall: number)
                harness.simulator.change(ChangeRequest(seed: 620 + UInt64(step), count: 20, secondsBetween: 30))
                harness.simulator.advance(seconds: 1_800)
            }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
        }
    }

    @Test("with --restart reads everything anew and writes nothing that is the same", .timeLimit(.minutes(5)))
    func restarts() async throws {
        let school = GeneratedSchool.make(.init(courses: 6, learners: 60), seed: 63)
        try await withSchool(SchoolOptions(school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let formula = RequestFormula(baselineOf: harness.simulator)
            let versions = try await harness.rowVersions()
            harness.simulator.resetRequests()
            #expect(await harness.baseline(restart: true).exitCode == 0)
            #expect(harness.servedRequests() == formula.byStream)
            #expect(try await harness.rowVersions().differing(from: versions) == [])
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test("of a stream that is switched on later reads that stream by itself", .timeLimit(.minutes(5)))
    func addsStreams() async throws {
        let school = GeneratedSchool.make(.init(courses: 6, learners: 60), seed: 64)
        let options = SchoolOptions(school: school, sourceLines: ["streams: [courses, learners, enrollments]"])
        try await withSchool(options) { harness in
            #expect(await harness.sync().sources.map(\.mode) == ["baseline", "incremental"])
            #expect(Set(try await harness.liveRows().keys) == ["courses", "learners", "enrollments"])
            harness.simulator.change(ChangeRequest(seed: 640, count: 10, secondsBetween: 10))
            harness.simulator.advance(seconds: 3_600)

            let wider = harness.configured { $0.streams += ["grades", "certificates", "course_units"] }
            harness.simulator.resetRequests()
            let report = await wider.sync()
            #expect(report.exitCode == 0)
            // What was on before is followed first: a course that the new baseline stores would be no news to it then.
            #expect(report.sources.map(\.mode) == ["incremental", "baseline", "incremental"])
            let tables = [
                "courses", "learners", "enrollments", "grades", "certificates", "course_units", "assessments",
            ]
            try await expectTruth(wider, tables, leavingOut: ["learners.last_login_at"])
            let baseline = try #require(report.sources.dropFirst().first).streams
            let requests = Dictionary(uniqueKeysWithValues: baseline.map { ($0.name, $0.requests) })
            #expect(
                requests == ["courses": 1, "course_units": 0, "assessments": 8, "certificates": 8, "grades": 8],
                "what was read before is followed, not read anew"
            )
            #expect(await wider.sync().sources.map(\.mode) == ["incremental"])
        }
    }

    @Test("reads no more than the streams it is asked for, and what they need", .timeLimit(.minutes(5)))
    func selects() async throws {
        let school = GeneratedSchool.make(.init(courses: 6, learners: 60), seed: 65)
        try await withSchool(SchoolOptions(school: school)) { harness in
            #expect(await harness.baseline(streams: ["certificates"]).exitCode == 0)
            #expect(harness.servedRequests() == ["courses": 1, "certificates": 6])
            try await expectTruth(harness, ["courses", "certificates"])
            #expect(Set(try await harness.liveRows().keys) == ["courses", "certificates"])
            harness.simulator.resetRequests()
            #expect(await harness.sync(streams: ["learners"]).sources.map(\.mode) == ["baseline", "incremental"])
            try await expectTruth(harness, ["courses", "certificates", "learners"])
            #expect(harness.servedRequests()["certificates"] == nil)
        }
    }

    @Test(
        "of the event log, switched on later, misses neither old rows nor their consequences",
        .timeLimit(.minutes(5))
    )
    func addsTheLog() async throws {
        let school = GeneratedSchool.make(.init(courses: 6, learners: 60), seed: 66)
        let streams =
            "streams: [courses, course_units, learners, enrollments, progress, certificates, assessments, grades]"
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school, sourceLines: [streams])) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.change(ChangeRequest(seed: 660, count: 15, secondsBetween: 60))
            harness.simulator.advance(seconds: 3_600)
            let wider = harness.configured { $0.streams += ["events", "assessment_responses"] }
            #expect(await wider.sync().exitCode == 0)
            try await expectTruth(wider, leavingOut: ["learners.last_login_at"])
        }
    }

    @Test("of some streams leaves no hole in the others", .timeLimit(.minutes(5)))
    func selectsWithoutHoles() async throws {
        let school = GeneratedSchool.make(.init(courses: 6, learners: 60), seed: 67)
        try await withSchool(SchoolOptions(school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.change(ChangeRequest(seed: 670, count: 15, secondsBetween: 60))
            harness.simulator.advance(seconds: 3_600)
            #expect(await harness.sync(streams: ["certificates"]).exitCode == 0)
            harness.simulator.advance(seconds: 3_600)
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
        }
    }
}
