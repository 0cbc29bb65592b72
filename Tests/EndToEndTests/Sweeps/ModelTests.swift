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
        arguments: zip(SweepCase.all + [.matrix], [9_001, 9_002, 9_003, 9_004] as [UInt64])
    )
    func model(platform: SweepCase, seed: UInt64) async throws {
        try await withSchool(platform.school(seed)) { harness in
            let harness = harness.believing
            #expect(await harness.baseline().exitCode == 0)
            // A course goes now and then, and everything else often.
            let kinds = platform.life.filter { $0 != .courseDeleted }
            var made = 0
            for round in 0..<6 {
                for step in 0..<3 {
                    let number = seed &* 100 + UInt64(round * 10 + step)
                    made +=
                        harness.simulator.change(
                            ChangeRequest(seed: number, count: 30, kinds: kinds, secondsBetween: 20)
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
                try harness.simulator.setFaults(json: Array(platform.moving.utf8))
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
            #expect(made >= 500, "seed \(seed)")
        }
    }

    @Test(
        "deletions that are undone keep when the row was first seen",
        .timeLimit(.minutes(3)),
        arguments: SweepCase.all
    )
    func comesBack(platform: SweepCase) async throws {
        try await withSchool(platform.school(77)) { harness in
            let harness = harness.believing
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
            harness.simulator.change(ChangeRequest(seed: 2, count: 9, kinds: platform.restorations))
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
            #expect(try await harness.sql(first) == seen)
        }
    }
}
