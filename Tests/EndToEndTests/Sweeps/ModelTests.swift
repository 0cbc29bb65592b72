import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("A school that changes at random")
struct ModelTests {
    /// Increments in between, sweeps now and then; restorations happen among the other changes.
    @Test(
        "equals the truth in every table after each full sweep",
        .timeLimit(.minutes(10)),
        arguments: zip(LearnWorldsProduct.allCases, [9_001, 9_002] as [UInt64])
    )
    func model(kind: LearnWorldsProduct, seed: UInt64) async throws {
        let shape = GeneratedSchool.Shape(courses: 14, learners: 110, unlistedAssessments: 1, hasNullUnitIDs: true)
        let options = SchoolOptions(kind: kind, school: GeneratedSchool.make(shape, seed: seed))
        try await withSchool(options) { harness in
            // Of so few courses one is a large part.
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            // Changes of courses are rare: every kind comes often, a course goes now and then.
            let kinds = (LearnWorldsChange.all + LearnWorldsChange.restorations + LearnWorldsChange.visible)
                .filter { $0 != .courseDeleted }
            var made = 0
            for round in 0..<6 {
                for step in 0..<3 {
                    let number = seed &* 100 + UInt64(round * 10 + step)
                    made +=
                        harness.simulator.change(
                            ChangeRequest(seed: number, count: 60, kinds: kinds, secondsBetween: 20)
                        ).count
                    harness.simulator.advance(seconds: 5_000)
                    let report = await harness.sync()
                    #expect(report.exitCode == 0, "seed \(seed), round \(round): \(report.story)")
                }
                made +=
                    harness.simulator.change(
                        ChangeRequest(seed: seed &* 7 + UInt64(round), count: 1, kinds: [.courseDeleted])
                    ).count
                // A row arrives in front of a list while the sweep reads it.
                harness.simulator.faults.pageSizeCaps = ["users": 40, "grades": 20]
                harness.simulator.faults.shifts = [ListShift(list: "users", afterPage: 1)]
                harness.simulator.advance(seconds: 40_000)
                var report = await harness.sweep()
                #expect(report.exitCode == 0, "seed \(seed), round \(round): \(report.story)")
                harness.simulator.resetFaults()
                harness.simulator.advance(seconds: 4_000)
                report = await harness.sweep()
                #expect(report.exitCode == 0, "seed \(seed), round \(round): \(report.story)")
                let differences = try await harness.compareWithTruth()
                #expect(differences.isEmpty, "seed \(seed), round \(round): \(differences.map(\.description))")
                #expect(try await harness.bookkeepingFaults() == [])
            }
            #expect(made >= 1_000, "seed \(seed)")
        }
    }

    @Test("deletions that are undone keep when the row was first seen", .timeLimit(.minutes(3)))
    func comesBack() async throws {
        let school = GeneratedSchool.make(.init(courses: 6, learners: 40), seed: 77)
        try await withSchool(SchoolOptions(school: school)) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            let first = "SELECT learner_id || first_seen_at::text FROM lms.learners ORDER BY 1"
            let seen = try await harness.sql(first)
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.change(ChangeRequest(seed: 1, count: 5, kinds: [.learnerDeleted, .courseDeleted]))
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
            let ended = "SELECT count(*) FROM lms.enrollments WHERE deleted_at IS NOT NULL"
            #expect(try await harness.count(ended) > 0)
            #expect(try await harness.count(ended + " AND status NOT IN ('ended', 'expired')") == 0)
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.change(ChangeRequest(seed: 2, count: 9, kinds: LearnWorldsChange.restorations))
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
            #expect(try await harness.sql(first) == seen)
        }
    }
}
