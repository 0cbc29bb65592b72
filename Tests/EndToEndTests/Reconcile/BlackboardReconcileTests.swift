import LMSSimulator
import Platforms
import Records
import RegistrarTesting
import Sync
import Testing

@Suite("reconcile of a Blackboard Learn site")
struct BlackboardReconcileTests {
    private static let school = GeneratedBlackboardSchool.make(
        .init(courses: 8, learners: 60, membersPerCourse: 12, columnsPerCourse: 6, mergedShare: 0.5),
        seed: 17
    )

    private func withLoadedSite(_ body: (SchoolHarness) async throws -> Void) async throws {
        let options = SchoolOptions(blackboard: Self.school, sourceLines: ["requests_per_day: 1000000"])
        try await withSchool(options) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 60)
            harness.simulator.resetRequests(recent: 10_000)
            try await body(harness)
        }
    }

    /// What walks of terms, courses, users, memberships and columns show.
    private func plantKeys(_ planting: inout Planting) async throws {
        try await planting.lose(Term.table)
        try await planting.lose(Course.table, where: "parent_course_id IS NULL", at: 1)
        try await planting.lose(Learner.table, at: 4)
        try await planting.lose(Enrollment.table, where: "parent_course_id IS NOT NULL", at: 2)
        try await planting.bury(Enrollment.table, where: "parent_course_id IS NULL", at: 3)
        try await planting.lose(Assessment.table, where: "scope = 'assessment'", at: 5)
        try await planting.invent(Term.table, ["term_id": "_99901_1"])
        try await planting.invent(Course.table, ["course_id": "_99902_1"], where: "parent_course_id IS NULL")
        try await planting.invent(Learner.table, ["learner_id": "_99903_1"])
        try await planting.invent(Enrollment.table, ["learner_id": "_99904_1"], at: 6)
        try await planting.invent(Assessment.table, ["assessment_id": "_99905_1"], where: "scope = 'assessment'", at: 9)
        try await planting.change(Learner.table, "last_name", to: "'Nobody'", at: 9)
        try await planting.change(
            Course.table,
            "title",
            to: "'no such title'",
            where: "parent_course_id IS NULL",
            at: 3
        )
        try await planting.change(Enrollment.table, "role", to: "'janitor'", where: "parent_course_id IS NULL", at: 11)
        try await planting.change(Assessment.table, "points_possible", to: "77", where: "scope = 'assessment'", at: 12)
    }

    private func plantCells(_ planting: inout Planting) async throws {
        try await planting.lose(Grade.table, where: "parent_course_id IS NOT NULL AND status = 'graded'")
        try await planting.lose(Progress.table, at: 7)
        try await planting.invent(Grade.table, ["learner_id": "_99906_1"], where: "parent_course_id IS NULL", at: 20)
        try await planting.invent(Progress.table, ["learner_id": "_99907_1"], where: "parent_course_id IS NULL", at: 9)
        try await planting.change(Grade.table, "score", to: "77.5", where: "status = 'graded'", at: 40)
        try await planting.change(Progress.table, "total_units", to: "77", at: 20)
    }

    @Test("in full it names every planted difference, and repairs these and nothing else", .timeLimit(.minutes(3)))
    func full() async throws {
        try await withLoadedSite { harness in
            try await expectFullReconcile(harness) { planting in
                try await plantKeys(&planting)
                try await plantCells(&planting)
                #expect(planting.expected.count > 20)
            }
        }
    }

    @Test("alone it compares keys and asks for no grade; of a named course it does", .timeLimit(.minutes(3)))
    func keys() async throws {
        try await withLoadedSite { harness in
            var planting = Planting(harness)
            try await plantKeys(&planting)
            let keys = planting.expected
            try await plantCells(&planting)
            harness.simulator.resetRequests(recent: 10_000)
            let found = try await harness.reconcile()
            #expect(found.names == keys, "\(found.names.symmetricDifference(keys).sorted())")
            #expect(found.exitCode == 1)
            let asked = harness.simulator.requests.recent
            #expect(!asked.contains { $0.contains("/gradebook/columns/") && $0.contains("/users") }, "\(asked)")
            let lost = try #require(planting.expected.first { $0.hasPrefix("missing_here grades") })
            let course = try #require(lost.split(separator: " ").last?.split(separator: "/").first.map(String.init))
            let ofCourse = try await harness.reconcile(courses: [course])
            #expect(ofCourse.names.contains(lost), "\(ofCourse.names.sorted())")
        }
    }
}
