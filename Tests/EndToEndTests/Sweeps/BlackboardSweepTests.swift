import Extractor
import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("A full sweep of Blackboard Learn")
struct BlackboardSweepTests {
    @Test(
        "finds every silent change and every deletion, and a second one writes nothing",
        .timeLimit(.minutes(5)),
        arguments: [821, 822] as [UInt64]
    )
    func findsEverything(seed: UInt64) async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: seed))) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            let made = harness.simulator.change(
                ChangeRequest(seed: seed, count: 90, kinds: BlackboardChanges.all, secondsBetween: 15)
            )
            #expect(Set(made.map(\.kind)).count > 20, "seed \(seed)")
            harness.simulator.advance(seconds: 4_000)
            let report = await harness.sweep()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(report.sources.map(\.mode) == ["full"])
            #expect(report.sources[0].rowsDeleted > 0)
            let differences = try await harness.compareWithTruth()
            #expect(
                differences.isEmpty,
                "seed \(seed): \(differences.map(\.description)) after \(made.told(about: differences))"
            )
            #expect(try await harness.bookkeepingFaults() == [])
            let versions = try await harness.rowVersions()
            harness.simulator.advance(seconds: 600)
            #expect(await harness.sweep().exitCode == 0)
            #expect(try await harness.rowVersions().differing(from: versions) == [])
        }
    }

    @Test("costs a baseline's calls, and repeated with an age only what is older", .timeLimit(.minutes(3)))
    func costs() async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: 823))) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sweep().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.resetRequests()
            #expect(await harness.sweep().exitCode == 0)
            let spent = harness.simulator.requests.total
            let formula = BlackboardFormula(harness.simulator)
            let baseline = formula.baseline.values.reduce(0, +) - formula.checks
            #expect((baseline * 95 / 100...baseline * 105 / 100).contains(spent), "\(spent) of \(baseline)")
            harness.simulator.advance(seconds: 600)
            harness.simulator.resetRequests()
            #expect(await harness.sweep(maxAge: .seconds(3_600)).exitCode == 0)
            let idle = formula.idle.values.reduce(0, +)
            #expect(harness.simulator.requests.total == idle, "\(harness.servedRequests())")
        }
    }

    @Test("finds who left a course of more than 200, which no increment reads whole", .timeLimit(.minutes(5)))
    func largeCourse() async throws {
        let shape = GeneratedBlackboardSchool.Shape(
            terms: 3,
            courses: 4,
            learners: 400,
            membersPerCourse: 230,
            columnsPerCourse: 3
        )
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(shape, seed: 824))) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            #expect(harness.simulator.change(ChangeRequest(seed: 4, count: 6, kinds: [.unenrollment])).count == 6)
            #expect(await harness.sync().exitCode == 0)
            let left = "SELECT count(*) FROM lms.enrollments WHERE deleted_at IS NOT NULL AND status = 'ended'"
            #expect(try await harness.count(left) == 0)
            harness.simulator.advance(seconds: 4_000)
            let report = await harness.sweep()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(try await harness.count(left) == 6)
            try await expectTruth(harness)
        }
    }

    @Test(
        "that meets the end of the day's quota goes on where it was, and loses nothing it had missed",
        .timeLimit(.minutes(3))
    )
    func quota() async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: 825))) { harness in
            var harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            let time = LeapingTime()
            harness.parts.time = time
            harness.parts.limiters = RateLimiterRegistry()
            func passDays(_ days: Int) {
                harness.simulator.advance(seconds: Double(days) * 90_000)
                time.leap(by: .seconds(days * 90_000))
            }
            passDays(1)
            harness.simulator.change(
                ChangeRequest(seed: 6, count: 30, kinds: BlackboardChanges.silent, secondsBetween: 5)
            )
            // All was read whole too long ago; what a stopped sweep has read counts for the next one.
            passDays(31)
            try harness.simulator.setFaults(json: Array(#"{"quota_limit": 70}"#.utf8))
            var runs = 0
            var report: RunReport
            repeat {
                report = await harness.sweep(maxAge: .seconds(25 * 90_000))
                #expect(report.exitCode == 75 || report.exitCode == 0, "\(report.story)")
                passDays(1)
                runs += 1
            } while report.exitCode == 75 && runs < 20
            #expect(runs > 2 && runs < 20, "\(runs)")
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness)
        }
    }
}
