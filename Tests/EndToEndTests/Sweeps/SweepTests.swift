import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("A full sweep")
struct SweepTests {
    @Test(
        "finds every silent change and every deletion, and a second one writes nothing",
        .timeLimit(.minutes(5)),
        arguments: zip(LearnWorldsProduct.allCases, [811, 812] as [UInt64])
    )
    func findsEverything(kind: LearnWorldsProduct, seed: UInt64) async throws {
        let school = GeneratedSchool.make(
            .init(courses: 14, learners: 120, unlistedAssessments: 1, hasNullUnitIDs: true),
            seed: seed
        )
        try await withSchool(SchoolOptions(kind: kind, school: school)) { harness in
            // Of so few courses one is a large part.
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            let made = harness.simulator.change(
                ChangeRequest(seed: seed, count: 80, kinds: LearnWorldsChange.all, secondsBetween: 15)
            )
            #expect(Set(made.map(\.kind)).count > 15, "seed \(seed)")
            harness.simulator.advance(seconds: 4_000)
            let report = await harness.sweep()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(report.sources.map(\.mode) == ["full"])
            #expect(report.sources[0].rowsDeleted > 0)
            try await expectTruth(harness)
            #expect(try await harness.bookkeepingFaults() == [])
            let versions = try await harness.rowVersions()
            harness.simulator.advance(seconds: 600)
            #expect(await harness.sweep().exitCode == 0)
            #expect(try await harness.rowVersions().differing(from: versions) == [])
        }
    }
}
