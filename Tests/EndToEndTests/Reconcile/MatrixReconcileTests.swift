import LMSSimulator
import Platforms
import Records
import RegistrarTesting
import Sync
import Testing

@Suite("reconcile of a MATRIX site", .serialized)
struct MatrixReconcileTests {
    private static let school = GeneratedMatrixSchool.make(
        MatrixShape(users: 120, classes: 10, learnersPerClass: 16),
        seed: 27
    )

    private func withLoadedSite(_ body: (SchoolHarness) async throws -> Void) async throws {
        try await withSchool(SchoolOptions(matrix: Self.school)) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 60)
            harness.simulator.resetRequests(recent: 10_000)
            try await body(harness)
        }
    }

    @Test("in full it names every planted difference, and repairs these and nothing else", .timeLimit(.minutes(3)))
    func full() async throws {
        try await withLoadedSite { harness in
            try await expectFullReconcile(harness) { planting in
                try await planting.lose(Learner.table, at: 30)
                try await planting.lose(Course.table, at: 1)
                try await planting.lose(Organization.table)
                try await planting.lose(Enrollment.table, where: "role = 'learner'", at: 3)
                try await planting.bury(Enrollment.table, where: "role = 'learner'", at: 20)
                try await planting.lose(Enrollment.table, where: "role = 'instructor'", at: 1)
                try await planting.lose(Progress.table, at: 9)
                try await planting.lose(Assessment.table, where: "scope = 'assessment'", at: 4)
                try await planting.lose(Grade.table, at: 15)
                try await planting.lose(Certificate.table, at: 1)
                try await planting.invent(Learner.table, ["learner_id": "99999901"])
                try await planting.invent(Course.table, ["course_id": "99999902"])
                try await planting.invent(Organization.table, ["organization_id": "99999903"])
                try await planting.invent(
                    Enrollment.table,
                    ["learner_id": "99999904"],
                    where: "role = 'learner'",
                    at: 9
                )
                try await planting.invent(Progress.table, ["learner_id": "99999905"], at: 30)
                try await planting.invent(
                    Assessment.table,
                    ["assessment_id": "99999906"],
                    where: "scope = 'assessment'"
                )
                try await planting.invent(Certificate.table, ["certificate_id": "ghost"], at: 2)
                try await planting.change(Learner.table, "last_name", to: "'Nobody'", at: 60)
                try await planting.change(Course.table, "title", to: "'no such title'", at: 4)
                try await planting.change(Enrollment.table, "role", to: "'janitor'", where: "role = 'learner'", at: 40)
                try await planting.change(Progress.table, "progress_rate", to: "7.77", at: 50)
                try await planting.change(Grade.table, "score", to: "7.77", where: "status = 'graded'", at: 60)
                #expect(planting.expected.count > 20)
            }
        }
    }

    @Test("of named classes it reads their lists and no others", .timeLimit(.minutes(3)))
    func classes() async throws {
        try await withLoadedSite { harness in
            let course = try #require(
                try await harness.value("SELECT course_id FROM lms.grades GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
            )
            var planting = Planting(harness)
            try await planting.lose(Grade.table, where: "course_id = '\(course)'", at: 2)
            try await planting.change(
                Progress.table,
                "progress_rate",
                to: "7.77",
                where: "course_id = '\(course)'",
                at: 3
            )
            var elsewhere = Planting(harness)
            try await elsewhere.lose(Grade.table, where: "course_id <> '\(course)'", at: 2)
            try await elsewhere.lose(Learner.table, at: 3)
            harness.simulator.resetRequests()
            let found = try await harness.reconcile(courses: [course])
            #expect(found.names == planting.expected, "\(found.names.sorted())")
            // The version, the class by its id, roster, gradebook, teachers and assignments.
            #expect(harness.simulator.requests.total == 6, "\(harness.simulator.requests.routes)")
            let all = try await harness.reconcile()
            #expect(all.names == planting.expected.union(elsewhere.expected), "\(all.names.sorted())")
        }
    }
}
