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

    @Test(
        "straight after a sync: what is read once a day is counted apart, until its day is over",
        .timeLimit(.minutes(3)),
        arguments: LearnWorldsProduct.allCases
    )
    func withinBounds(kind: LearnWorldsProduct) async throws {
        try await withLoadedSchool(kind) { harness in
            let kinds: [ChangeKind] = [.visit, .submission]
            harness.simulator.change(ChangeRequest(seed: 710, count: 8, kinds: kinds, secondsBetween: 20))
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sync().exitCode == 0)
            let found = try await harness.reconcile(full: true)
            #expect(found.exitCode == 0, "\(found.names)")
            #expect(found.source.total == 0 && found.source.differences.isEmpty)
            #expect(found.source.withinBounds.map(\.column) == ["learners.last_login_at"])
            #expect(found.source.withinBounds.first?.rows ?? 0 > 0)
            // Nobody has read the accounts for longer than a day: now they do differ.
            harness.simulator.advance(seconds: 90_000)
            let late = try await harness.reconcile(full: true)
            #expect(late.exitCode == 1)
            #expect(late.source.withinBounds.isEmpty)
            #expect(late.source.differences.contains { $0.columns == ["last_login_at"] })
        }
    }

    /// Rows whose loss or invention changes a count that the platform gives.
    private func plantCounted(_ planting: inout Planting) async throws {
        // One that is missing and one too many would hide each other.
        try await planting.lose(Learner.table, at: 40)
        try await planting.lose(Learner.table, at: 50)
        try await planting.lose(Course.table, at: 3)
        try await planting.lose(Enrollment.table, where: "status = 'active'", at: 5)
        try await planting.bury(Enrollment.table, where: "status = 'active'", at: 40)
        try await planting.lose(Grade.table, at: 7)
        try await planting.lose(Certificate.table, at: 2)
        try await planting.invent(Learner.table, ["learner_id": "ghost"])
        try await planting.invent(Course.table, ["course_id": "ghost-course"])
        try await planting.invent(Enrollment.table, ["learner_id": "ghost"], where: "status = 'active'", at: 80)
        try await planting.invent(Grade.table, ["assessment_id": "ghost-unit"], at: 30)
        try await planting.invent(Certificate.table, ["certificate_id": "ghost-certificate"])
    }

    /// Rows that only a whole reading tells anything of.
    private func plantHidden(_ planting: inout Planting) async throws {
        try await planting.lose(Progress.table, at: 11)
        try await planting.lose(UnitProgress.table, at: 90)
        try await planting.lose(AssessmentResponse.table, at: 4)
        try await planting.lose(CourseUnit.table, at: 9)
        try await planting.lose(
            Assessment.table,
            where: "EXISTS (SELECT FROM lms.assessment_responses r WHERE r.assessment_id = x.assessment_id)",
            at: 2
        )
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

    @Test(
        "a clean one costs the first page of each list and writes nothing",
        .timeLimit(.minutes(3)),
        arguments: LearnWorldsProduct.allCases
    )
    func cleanCost(kind: LearnWorldsProduct) async throws {
        try await withLoadedSchool(kind) { harness in
            harness.simulator.faults.pageSizeCaps = ["users": 20, "roster": 10, "grades": 10]
            let (tuples, positions) = (try await harness.tuples(), try await harness.positions())
            let result = try await harness.reconcile()
            #expect(result.exitCode == 0 && result.names == [], "\(result.names.sorted())")
            // Courses, users; and of each course roster, grades and certificates.
            #expect(harness.simulator.requests.total == 2 + 3 * 8, "\(harness.servedRequests())")
            #expect(result.source.run.requests == harness.simulator.requests.total)
            #expect(try await harness.tuples() == tuples)
            #expect(try await harness.positions() == positions)
            #expect(
                try await harness.value("SELECT mode || ' ' || status FROM sync.runs ORDER BY run_id DESC LIMIT 1")
                    == "reconcile succeeded"
            )
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test("in full it names every planted difference, and repairs these and nothing else", .timeLimit(.minutes(3)))
    func full() async throws {
        try await withLoadedSchool { harness in
            try await expectFullReconcile(harness) { planting in
                try await plantCounted(&planting)
                try await plantHidden(&planting)
                try await plantChanged(&planting)
                #expect(planting.expected.count > 20)
            }
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
            #expect(
                found.names.isSubset(of: planting.expected),
                "\(found.names.subtracting(planting.expected).sorted())"
            )
            #expect(found.exitCode == 1)
            let mended = try await harness.reconcile(repair: true)
            #expect(counted.isSubset(of: mended.names) && mended.exitCode == 0)
            let second = try await harness.reconcile()
            #expect(second.exitCode == 0 && second.names == [], "\(second.names.sorted())")
        }
    }

    @Test("of one course, or of one stream, it asks for and names nothing else", .timeLimit(.minutes(3)))
    func selection() async throws {
        try await withLoadedSchool { harness in
            var planting = Planting(harness)
            try await planting.lose(Grade.table, where: "course_id = 'course-2'")
            try await planting.change(Enrollment.table, "method", to: "'magic'", where: "course_id = 'course-2'", at: 2)
            try await planting.change(Course.table, "title", to: "'no such title'", where: "course_id = 'course-2'")
            let expected = planting.expected
            var elsewhere = Planting(harness)
            try await elsewhere.lose(Grade.table, where: "course_id = 'course-3'")
            try await elsewhere.lose(Learner.table, at: 12)
            try await elsewhere.change(Progress.table, "total_units", to: "77", where: "course_id = 'course-4'")
            harness.simulator.resetRequests(recent: 1_000)
            let course = try await harness.reconcile(courses: ["course-2"], full: true)
            #expect(course.names == expected, "\(course.names.sorted())")
            let asked = harness.simulator.requests.recent.filter {
                !$0.contains("/users/") && !$0.contains("/assessments/")
            }
            #expect(asked.allSatisfy { $0.contains("course-2") }, "\(asked)")
            let stream = try await harness.reconcile(streams: ["grades"])
            #expect(stream.names == expected.union(elsewhere.expected).filter { $0.contains(" grades ") })
            let nowhere = try await harness.reconcile(courses: ["course-99"])
            #expect(nowhere.exitCode == 1 && nowhere.source.run.message?.contains("course-99") == true)
            #expect(try await harness.reconcile(courses: ["course-2"], full: true, repair: true).exitCode == 0)
            #expect(try await harness.reconcile(full: true).names == elsewhere.expected)
        }
    }

    @Test("a repair that would delete too much is refused, with the numbers", .timeLimit(.minutes(3)))
    func guarded() async throws {
        try await withLoadedSchool { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 0.2 }
            try await harness.sql(
                """
                INSERT INTO lms.grades SELECT (jsonb_populate_record(g, jsonb_build_object('assessment_id', 'x' || assessment_id))).*
                FROM lms.grades g
                """
            )
            let extra = try await harness.count("SELECT count(*) FROM lms.grades WHERE assessment_id LIKE 'x%'")
            let found = try await harness.reconcile(full: true)
            #expect(found.source.total == extra && found.exitCode == 1, "\(found.source.run)")
            let refused = try await harness.reconcile(full: true, repair: true)
            #expect(refused.exitCode == 1 && refused.source.repaired == 0 && refused.source.total == extra)
            #expect(refused.source.run.message?.contains("max_fraction") == true, "\(refused.source.run)")
            #expect(try await harness.count("SELECT count(*) FROM lms.grades WHERE deleted_at IS NOT NULL") == 0)
            let raised = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(try await raised.reconcile(full: true, repair: true).exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test("a list that is refused is said, and the rest is compared", .timeLimit(.minutes(3)))
    func refusedList() async throws {
        try await withLoadedSchool { harness in
            var planting = Planting(harness)
            try await planting.lose(Grade.table, where: "course_id = 'course-2'")
            harness.simulator.faults.statusForPath = ["/v2/courses/course-3/grades": 403]
            let found = try await harness.reconcile()
            #expect(found.names == planting.expected && found.exitCode == 1)
            #expect(found.source.run.status == "partial" && found.source.run.message?.contains("grades") == true)
        }
    }
}
