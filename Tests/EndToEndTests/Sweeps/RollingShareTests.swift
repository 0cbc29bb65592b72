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
        arguments: [31_001, 31_002] as [UInt64]
    )
    func findsWithinTheBound(seed: UInt64) async throws {
        let school = GeneratedSchool.make(.init(courses: 12, learners: 80), seed: seed)
        let lines = ["active_max_age: 4d", "cold_max_age: 8d"]
        // Everything again would be three hundred; a share is a sixteenth, with what its findings cost.
        try await SchoolModel(
            seed: seed,
            options: SchoolOptions(school: school, optionLines: lines),
            kinds: []
        ).findsSilentChanges(LearnWorldsChange.silent, count: 60, within: 8, mostCalls: 120)
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
