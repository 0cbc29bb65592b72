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
        arguments: models
    )
    func model(_ model: SchoolModel) async throws { try await model.run() }

    private static let models = [
        make(.grow, seed: 9_001, LearnWorldsChange.all + LearnWorldsChange.restorations + LearnWorldsChange.visible),
        make(
            .learnworlds,
            seed: 9_002,
            LearnWorldsChange.all + LearnWorldsChange.restorations + LearnWorldsChange.visible
        ),
        // Once left the progress of somebody who came back, studied and vanished again.
        make(
            .learnworlds,
            seed: 9_002,
            LearnWorldsChange.all + LearnWorldsChange.visible + LearnWorldsChange.restorations,
            changesAStep: 30
        ),
    ]

    private static func make(
        _ kind: LearnWorldsProduct,
        seed: UInt64,
        _ kinds: [ChangeKind],
        changesAStep: Int = 60
    ) -> SchoolModel {
        let shape = GeneratedSchool.Shape(courses: 14, learners: 110, unlistedAssessments: 1, hasNullUnitIDs: true)
        return SchoolModel(
            seed: seed,
            options: SchoolOptions(kind: kind, school: GeneratedSchool.make(shape, seed: seed)),
            // Changes of courses are rare: every kind comes often, a course goes now and then.
            kinds: kinds.filter { $0 != .courseDeleted },
            rare: [.courseDeleted],
            // A row arrives in front of a list while the sweep reads it.
            unrest:
                #"{"page_size_caps": {"users": 40, "grades": 20}, "shifts": [{"list": "users", "afterPage": 1, "times": 1}]}"#,
            changesAStep: changesAStep,
            least: changesAStep * 50 / 3
        )
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
