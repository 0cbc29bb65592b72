import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("A Blackboard Learn site that changes at random")
struct BlackboardModelTests {
    /// Rows that move, and a member more, while a sweep reads.
    private static let unrest = """
        {"page_size_caps": {"users": 40, "memberships": 15, "grades": 11, "courses": 7},
         "shifts": [{"list": "users", "afterPage": 1, "times": 1}, {"list": "memberships", "afterPage": 1, "times": 2}],
         "changes_between_pages": [{"list": "grades", "afterPage": 1, "kind": "regrade", "times": 2}]}
        """

    @Test(
        "equals the truth in every table after each full sweep",
        .timeLimit(.minutes(10)),
        arguments: [9_101, 9_102] as [UInt64]
    )
    func model(seed: UInt64) async throws {
        let shape = GeneratedBlackboardSchool.Shape(
            courses: 16,
            learners: 110,
            membersPerCourse: 18,
            columnsPerCourse: 7
        )
        let kinds = (BlackboardChanges.all + BlackboardChanges.restorations + BlackboardChanges.visible)
            .filter { $0 != .courseDeleted && $0 != .termDeleted }
        try await SchoolModel(
            seed: seed,
            options: SchoolOptions(
                blackboard: GeneratedBlackboardSchool.make(shape, seed: seed),
                sourceLines: ["requests_per_day: 1000000"]
            ),
            kinds: kinds,
            rare: [.courseDeleted, .termDeleted],
            unrest: Self.unrest
        ).run()
    }

    @Test(
        "shows every silent change within the bound by the rolling share alone, a few calls at a time",
        .timeLimit(.minutes(5)),
        arguments: [32_001, 32_002] as [UInt64]
    )
    func rollingShare(seed: UInt64) async throws {
        let shape = GeneratedBlackboardSchool.Shape(
            courses: 12,
            learners: 80,
            membersPerCourse: 15,
            columnsPerCourse: 6
        )
        try await SchoolModel(
            seed: seed,
            options: SchoolOptions(
                blackboard: GeneratedBlackboardSchool.make(shape, seed: seed),
                sourceLines: ["requests_per_day: 1000000"],
                optionLines: ["column_max_age: 2d", "cold_max_age: 8d"]
            ),
            kinds: []
        ).findsSilentChanges(
            BlackboardChanges.silent + BlackboardChanges.restorations,
            count: 60,
            within: 8,
            mostCalls: 150
        )
    }

    @Test("deletions that are undone keep when the row was first seen", .timeLimit(.minutes(3)))
    func comesBack() async throws {
        let options = SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: 78))
        try await withSchool(options) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            let first = "SELECT learner_id || first_seen_at::text FROM lms.learners ORDER BY 1"
            let seen = try await harness.sql(first)
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.change(
                ChangeRequest(seed: 1, count: 9, kinds: [.learnerDeleted, .courseDeleted, .quietColumnDeletion])
            )
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
            let ended = "SELECT count(*) FROM lms.enrollments WHERE deleted_at IS NOT NULL"
            #expect(try await harness.count(ended) > 0)
            #expect(try await harness.count(ended + " AND status IS DISTINCT FROM 'ended'") == 0)
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.change(ChangeRequest(seed: 2, count: 12, kinds: BlackboardChanges.restorations))
            #expect(await harness.sweep(maxAge: .seconds(3_600)).exitCode == 0)
            try await expectTruth(harness)
            #expect(try await harness.sql(first) == seen)
        }
    }
}
