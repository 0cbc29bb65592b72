import LMSSimulator
import Platforms
import Records
import RegistrarTesting
import Sync
import Testing

@Suite("reconcile of a Grow or LearnWorlds school")
struct ReconcileTests {
    private static let school = GeneratedSchool.make(.init(courses: 8, learners: 90, unlistedAssessments: 1), seed: 71)

    /// A school after its baseline, with nothing planted yet.
    private func withLoadedSchool(
        _ kind: LearnWorldsProduct = .grow,
        _ body: (SchoolHarness) async throws -> Void
    ) async throws {
        try await withSchool(SchoolOptions(kind: kind, school: Self.school)) { harness in
            // Of so few courses one is a large part.
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 600)
            harness.simulator.resetRequests()
            try await body(harness)
        }
    }

    /// Rows whose loss or invention changes a count that the platform gives.
    private func plantCounted(_ planting: inout Planting) async throws {
        try await planting.lose(Learner.table, at: 40)
        try await planting.lose(Course.table, at: 3)
        try await planting.lose(Enrollment.table, where: "status = 'active'", at: 5)
        try await planting.bury(Enrollment.table, where: "status = 'active'", at: 40)
        try await planting.lose(Grade.table, at: 7)
        try await planting.lose(Certificate.table, at: 2)
        try await planting.invent(Learner.table, ["learner_id": "ghost"])
        try await planting.invent(Course.table, ["course_id": "ghost-course"])
        try await planting.invent(Enrollment.table, ["learner_id": "ghost"], where: "status = 'active'")
        try await planting.invent(Grade.table, ["assessment_id": "ghost-unit"], at: 30)
        try await planting.invent(Certificate.table, ["certificate_id": "ghost-certificate"])
    }

    /// Rows that only a whole reading tells anything of.
    private func plantHidden(_ planting: inout Planting) async throws {
        try await planting.lose(Progress.table, at: 11)
        try await planting.lose(UnitProgress.table, at: 90)
        try await planting.lose(AssessmentResponse.table, at: 4)
        try await planting.lose(CourseUnit.table, at: 9)
        try await planting.invent(Progress.table, ["course_id": "ghost-course"])
        try await planting.invent(AssessmentResponse.table, ["response_id": "ghost-response"])
        try await planting.invent(CourseUnit.table, ["unit_id": "ghost-unit"])
        try await planting.change(Progress.table, "time_on_course_seconds", to: "1", at: 60)
        try await planting.change(CourseUnit.table, "title", to: "'no such title'", at: 20)
    }

    /// Changed rows of lists that give a count.
    private func plantChanged(_ planting: inout Planting) async throws {
        try await planting.change(Learner.table, "first_name", to: "'Nobody'", at: 70)
        try await planting.change(Grade.table, "percent", to: "percent + 1", where: "percent IS NOT NULL", at: 12)
        try await planting.change(Enrollment.table, "method", to: "'magic'", at: 60)
    }

    @Test("a clean one costs the first page of each list and writes nothing", .timeLimit(.minutes(3)))
    func cleanCost() async throws {
        try await withLoadedSchool { harness in
            harness.simulator.faults.pageSizeCaps = ["users": 20, "roster": 10, "grades": 10]
            let (tuples, positions) = (try await harness.tuples(), try await harness.positions())
            let result = try await harness.reconcile()
            #expect(result.exitCode == 0 && result.names == [], "\(result.names.sorted())")
            // Courses, users; and of each course roster, grades and certificates.
            #expect(harness.simulator.requests.total == 2 + 3 * 8, "\(harness.servedRequests())")
            #expect(result.source.run.requests == harness.simulator.requests.total)
            #expect(try await harness.tuples() == tuples)
            #expect(try await harness.positions() == positions)
            #expect(try await harness.value("SELECT mode || ' ' || status FROM sync.runs ORDER BY run_id DESC LIMIT 1") == "reconcile succeeded")
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test(
        "in full it names every planted difference, and repairs these and nothing else",
        .timeLimit(.minutes(3)),
        arguments: LearnWorldsProduct.allCases
    )
    func full(kind: LearnWorldsProduct) async throws {
        try await withLoadedSchool(kind) { harness in
            let clean = try await harness.reconcile(full: true)
            #expect(clean.exitCode == 0 && clean.names == [], "\(clean.names.sorted())")
            var planting = Planting(harness)
            try await plantCounted(&planting)
            try await plantHidden(&planting)
            try await plantChanged(&planting)
            #expect(planting.expected.count > 20)
            let (tuples, positions) = (try await harness.tuples(), try await harness.positions())
            let found = try await harness.reconcile(full: true)
            #expect(found.names.subtracting(planting.expected).sorted() == [])
            #expect(planting.expected.subtracting(found.names).sorted() == [])
            #expect(found.exitCode == 1 && found.source.run.status == "succeeded", "\(found.source.run)")
            #expect(found.source.total == planting.expected.count && found.source.repaired == 0)
            #expect(try await harness.tuples() == tuples)
            let mended = try await harness.reconcile(full: true, repair: true)
            #expect(mended.names == planting.expected && mended.exitCode == 0, "\(mended.source.run)")
            #expect(mended.source.repaired == planting.expected.count)
            try await expectTruth(harness)
            #expect(try await harness.positions() == positions)
            // Only rows that were named have another version.
            let after = try await harness.tuples()
            let touched = Set(after.filter { tuples[$0.key] != $0.value }.keys)
            let named = Set(planting.expected.map { $0.split(separator: " ").dropFirst().joined(separator: " ").split(separator: ":").first.map(String.init) ?? "" })
            #expect(touched.subtracting(named).sorted() == [])
            let second = try await harness.reconcile(full: true)
            #expect(second.exitCode == 0 && second.names == [], "\(second.names.sorted())")
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test("alone it names what changes a count, and repairs that", .timeLimit(.minutes(3)))
    func counts() async throws {
        try await withLoadedSchool { harness in
            harness.simulator.faults.pageSizeCaps = ["users": 20, "roster": 10, "grades": 10]
            var planting = Planting(harness)
            try await plantCounted(&planting)
            let counted = planting.expected
            try await plantHidden(&planting)
            let found = try await harness.reconcile()
            #expect(counted.subtracting(found.names).sorted() == [])
            #expect(found.names.isSubset(of: planting.expected), "\(found.names.subtracting(planting.expected).sorted())")
            #expect(found.exitCode == 1)
            let mended = try await harness.reconcile(repair: true)
            #expect(counted.isSubset(of: mended.names) && mended.exitCode == 0)
            let second = try await harness.reconcile()
            #expect(second.exitCode == 0 && second.names == [], "\(second.names.sorted())")
        }
    }
}
