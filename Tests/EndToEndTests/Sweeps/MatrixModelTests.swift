import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

@Suite("A MATRIX site that changes at random")
struct MatrixModelTests {
    private static let shape = MatrixShape(
        users: 130,
        classes: 14,
        learnersPerClass: 14,
        teachersPerClass: 2,
        organizations: 5
    )

    private static func options(_ seed: UInt64, _ lines: [String] = []) -> SchoolOptions {
        SchoolOptions(matrix: GeneratedMatrixSchool.make(shape, seed: seed), optionLines: lines)
    }

    /// A row arrives in front of the users while a sweep walks them, and a page is shorter than the others.
    private static let unrest =
        #"{"shifts": [{"list": "users", "after_page": 1, "times": 1}], "short_page": {"classes": 1}}"#

    @Test(
        "equals the truth in every table after each full sweep",
        .timeLimit(.minutes(10)),
        arguments: [9_003, 9_004] as [UInt64]
    )
    func model(seed: UInt64) async throws {
        // Every kind comes often, a class goes now and then.
        let kinds =
            MatrixChanges.all + MatrixChanges.restorations + MatrixChanges.sweepOnly + [.detailsCleared]
            + MatrixChanges.visible
        try await SchoolModel(
            seed: seed,
            options: Self.options(seed),
            kinds: kinds.filter { $0 != .courseDeleted },
            rare: [.courseDeleted],
            unrest: Self.unrest
        ).run()
    }

    @Test(
        "shows every silent change within the bounds by age alone, a few calls at a time",
        .timeLimit(.minutes(5)),
        arguments: [31_003, 31_004] as [UInt64]
    )
    func ages(seed: UInt64) async throws {
        // All at once would be seventy; two of three classes are active and read every day.
        try await SchoolModel(
            seed: seed,
            options: Self.options(seed, ["archived_max_age: 4d", "assignments_max_age: 3d"]),
            kinds: []
        ).findsSilentChanges(MatrixChanges.silent, count: 60, within: 4, mostCalls: 60)
    }

    @Test(
        "is found whole by one full sweep, and a second one writes nothing",
        .timeLimit(.minutes(5)),
        arguments: [813, 814] as [UInt64]
    )
    func sweep(seed: UInt64) async throws {
        try await withSchool(Self.options(seed)) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            let made = harness.simulator.change(
                ChangeRequest(
                    seed: seed,
                    count: 80,
                    kinds: MatrixChanges.all + MatrixChanges.sweepOnly + [.detailsCleared],
                    secondsBetween: 15
                )
            )
            #expect(Set(made.map(\.kind)).count > 20, "seed \(seed)")
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

    @Test("deletions that are undone keep when the row was first seen", .timeLimit(.minutes(3)))
    func comesBack() async throws {
        try await withSchool(Self.options(77)) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            let first = "SELECT learner_id || first_seen_at::text FROM lms.learners ORDER BY 1"
            let seen = try await harness.sql(first)
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.change(ChangeRequest(seed: 1, count: 6, kinds: [.learnerDeleted, .courseDeleted]))
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
            let ended = "SELECT count(*) FROM lms.enrollments WHERE deleted_at IS NOT NULL"
            #expect(try await harness.count(ended) > 0)
            #expect(try await harness.count(ended + " AND status IS DISTINCT FROM 'ended'") == 0)
            harness.simulator.advance(seconds: 4_000)
            let undone = harness.simulator.change(ChangeRequest(seed: 2, count: 9, kinds: MatrixChanges.restorations))
            #expect(Set(undone.map(\.kind)).count == 2)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
            #expect(try await harness.sql(first) == seen)
        }
    }
}
