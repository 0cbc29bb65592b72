import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("The rolling share")
struct RollingShareTests {
    @Test(
        "alone finds every silent change within the bound, a few calls at a time",
        .timeLimit(.minutes(5)),
        arguments: zip([SweepCase.learnWorlds(.grow), .learnWorlds(.grow), .matrix, .matrix], 31_001...31_004 as ClosedRange<UInt64>)
    )
    func findsWithinTheBound(platform: SweepCase, seed: UInt64) async throws {
        var options = platform.school(seed)
        options.optionLines += platform.shortBounds.lines
        try await withSchool(options) { harness in
            let harness = harness.believing
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 21_600)
            #expect(await harness.sync().exitCode == 0)
            let made = harness.simulator.change(
                ChangeRequest(seed: seed, count: 60, kinds: platform.silent, secondsBetween: 30)
            )
            #expect(made.count == 60, "seed \(seed)")
            var most = 0
            // The longest bound, and two intervals more.
            for _ in 0..<platform.shortBounds.days * 4 + 2 {
                harness.simulator.advance(seconds: 21_600)
                harness.simulator.resetRequests()
                let report = await harness.sync()
                #expect(report.exitCode == 0, "seed \(seed): \(report.story)")
                most = max(most, harness.simulator.requests.total)
            }
            let differences = try await harness.compareWithTruth()
            #expect(differences.isEmpty, "seed \(seed): \(differences.map(\.description))")
            // Everything again would be three hundred; a share is a sixteenth, with what its findings cost.
            #expect(most < 120, "\(most) calls in one run")
            let status = try await harness.service("status").status()
            let oldest = status.sources[0].streams.compactMap(\.oldestVerifiedAt)
            #expect(oldest.count >= 5)
        }
    }

    @Test("costs nothing in runs soon after one another, and the remainder is not lost", .timeLimit(.minutes(3)))
    func carriesOver() async throws {
        let school = GeneratedSchool.make(.init(courses: 10, learners: 60), seed: 5)
        try await withSchool(SchoolOptions(school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            var calls = 0
            for _ in 0..<48 {
                harness.simulator.advance(seconds: 1_800)
                harness.simulator.resetRequests()
                #expect(await harness.sync().exitCode == 0)
                let served = harness.servedRequests()
                calls += served.values.reduce(0, +) - 3
            }
            // A day: a seventh of the open people and courses, a thirtieth of the rest, and the day's two dailies.
            #expect(calls >= 5 && calls <= 30, "\(calls)")
        }
    }
}
