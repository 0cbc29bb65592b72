import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

@Suite("MATRIX lists that lie")
struct MatrixDeletionTests {
    private static let school = GeneratedMatrixSchool.make(
        MatrixShape(users: 130, classes: 8, learnersPerClass: 14, teachersPerClass: 2, organizations: 6),
        seed: 63
    )

    /// The same, where no number of deletions is too many: nothing holds them back but the evidence itself.
    private func believing(_ harness: SchoolHarness) -> SchoolHarness {
        harness.configured { $0.maxDeletionFraction = 1 }
    }

    private func set(_ faults: String, _ harness: SchoolHarness) throws {
        try harness.simulator.setFaults(json: Array(faults.utf8))
    }

    @Test(
        "that are empty with 200, in every reading, cost nothing that the school still has",
        .timeLimit(.minutes(3)),
        arguments: [
            "get_all_users", "get_all_classes", "get_all_organizations", "get_students_for_class",
            "get_students_for_class/503", "get_teachers_for_class", "get_assignments_for_class",
            "get_assignments_for_class/504", "get_grades_for_class", "get_all_class_completions",
            "get_all_class_completions/503", "get_users_with_ids", "get_classes_with_ids",
        ]
    )
    func empty(call: String) async throws {
        try await withSchool(SchoolOptions(matrix: Self.school)) { harness in
            // Two walks are all the evidence there is of organizations.
            let harness = call == "get_all_organizations" ? harness : believing(harness)
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 90_000)
            try set(#"{"empty_lists": ["\#(call)"]}"#, harness)
            await harness.sync()
            try await harness.expectNothingLost("empty \(call), sync")
            await harness.sweep()
            try await harness.expectNothingLost("empty \(call), sweep")
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    /// What has other evidence is halved in every reading; lists of a class, whose second reading decides, in the first.
    ///
    /// There is no template: of a class without learners no gradebook tells the assignments.
    @Test("that are halved cost nothing that the school still has", .timeLimit(.minutes(3)))
    func halved() async throws {
        let shape = MatrixShape(users: 130, classes: 8, templates: 0, learnersPerClass: 14, teachersPerClass: 2)
        try await withSchool(SchoolOptions(matrix: GeneratedMatrixSchool.make(shape, seed: 64))) { harness in
            let harness = believing(harness)
            #expect(await harness.baseline().exitCode == 0)
            for call in [
                "get_all_users", "get_all_classes", "get_assignments_for_class", "get_grades_for_class",
                "get_all_class_completions",
            ] {
                harness.simulator.advance(seconds: 90_000)
                try set(#"{"half_lists": ["\#(call)"]}"#, harness)
                await harness.sweep()
                try await harness.expectNothingLost("half \(call)")
                harness.simulator.resetFaults()
            }
            for call in ["get_students_for_class/503", "get_teachers_for_class/504"] {
                harness.simulator.advance(seconds: 90_000)
                try set(#"{"half_lists": ["\#(call)"], "shortened_calls": 1}"#, harness)
                #expect(await harness.sweep().exitCode == 0)
                try await harness.expectNothingLost("half \(call)")
                harness.simulator.resetFaults()
            }
            try await expectTruth(harness)
        }
    }

    @Test("that shrink while they are read cost only what is gone", .timeLimit(.minutes(2)))
    func shrinking() async throws {
        try await withSchool(SchoolOptions(matrix: Self.school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            try set(#"{"shrinks": [{"list": "users", "after_page": 1, "times": 2}]}"#, harness)
            let report = await harness.sweep()
            #expect(report.exitCode == 0, "\(report.story)")
            try await harness.expectNothingLost("shrinking users")
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test(
        "60 % of the learners gone at once are refused, with the numbers, and nothing of theirs is marked",
        .timeLimit(.minutes(2))
    )
    func massDeletion() async throws {
        try await withSchool(SchoolOptions(matrix: Self.school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            let gone = harness.simulator.change(ChangeRequest(seed: 3, count: 78, kinds: [.learnerDeleted]))
            #expect(gone.count == 78)
            let report = await harness.sweep()
            #expect(report.exitCode == 1)
            #expect(report.sources[0].message?.contains("learners: 78 of 130 live rows") == true, "\(report.story)")
            #expect(try await deleted(harness) == 0)
            try await harness.expectNothingLost("mass deletion")
            harness.simulator.advance(seconds: 4_000)
            #expect(await believing(harness).sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    /// Rows of any table that are marked as deleted.
    private func deleted(_ harness: SchoolHarness) async throws -> Int {
        let tables = ["courses", "learners", "enrollments", "progress", "grades", "assessments", "certificates"]
        let parts = tables.map { "SELECT count(*) AS n FROM lms.\($0) WHERE deleted_at IS NOT NULL" }
        return try await harness.count("SELECT sum(n) FROM (\(parts.joined(separator: " UNION ALL "))) x")
    }

    @Test(
        "who is gone is found where one unknown id fails the whole call, or few ids are taken",
        .timeLimit(.minutes(2))
    )
    func halvedCalls() async throws {
        try await withSchool(SchoolOptions(matrix: Self.school)) { harness in
            let harness = believing(harness)
            #expect(await harness.baseline().exitCode == 0)
            try set(#"{"unknown_ids": "error", "largest_batch": 5, "walk_hides_archived": true}"#, harness)
            harness.simulator.advance(seconds: 4_000)
            let gone = harness.simulator.change(
                ChangeRequest(seed: 11, count: 14, kinds: [.learnerDeleted, .learnerDeleted, .courseDeleted])
            )
            #expect(Set(gone.map(\.kind)).count == 2)
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            let live = try await harness.liveRows()
            // The truth of such a site has no archived accounts but those that a class shows; the warehouse keeps all.
            harness.simulator.resetFaults()
            try await expectTruth(harness)
            #expect(live["learners"] == harness.simulator.truthCount("learners"))
        }
    }

    @Test("what follows a class stays where the deletion of the class is refused", .timeLimit(.minutes(2)))
    func refusedWithTheirParent() async throws {
        try await withSchool(SchoolOptions(matrix: Self.school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            // Two of eight: more than a fifth.
            #expect(harness.simulator.change(ChangeRequest(seed: 5, count: 2, kinds: [.courseDeleted])).count == 2)
            let report = await harness.sync()
            #expect(report.exitCode == 1)
            #expect(report.sources[0].message?.contains("courses: 2 of 8 live rows") == true, "\(report.story)")
            #expect(try await deleted(harness) == 0)
            harness.simulator.advance(seconds: 4_000)
            #expect(await believing(harness).sync().exitCode == 0)
            #expect(try await deleted(harness) > 40)
            try await expectTruth(harness)
        }
    }

    @Test(
        "a class that is refused or fails is on the ledger and in the exit code, and starves nobody",
        .timeLimit(.minutes(3))
    )
    func refusedClass() async throws {
        try await withSchool(SchoolOptions(matrix: Self.school)) { harness in
            let harness = believing(harness)
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            try set(
                #"{"status_for_call": {"get_grades_for_class/503": 403, "get_students_for_class/505": 500}}"#,
                harness
            )
            let kinds = MatrixChanges.silent.filter { ![.courseDeleted, .learnerDeleted].contains($0) }
            harness.simulator.change(ChangeRequest(seed: 8, count: 30, kinds: kinds, secondsBetween: 5))
            harness.simulator.advance(seconds: 86_400)
            for isFull in [true, false] {
                let report = await isFull ? harness.sweep() : harness.sync()
                if isFull {
                    #expect(report.exitCode == 1 && report.sources[0].status == "partial", "\(report.story)")
                }
                let parts = "SELECT stream || ' ' || partition || ' ' || outcome FROM sync.coverage"
                let unread = try await harness.sql(parts + " WHERE outcome NOT IN ('read', 'empty') ORDER BY 1")
                #expect(unread == [["enrollments 505 failed"], ["grades 503 refused"]])
                let behind = try await harness.sql("SELECT assessment_id FROM lms.assessments WHERE course_id = '505'")
                let ids = Set(behind.compactMap { $0[0] } + ["505"])
                // Whom the refused gradebook is about is on its class's roster all the same; what it cannot deny is kept.
                let others = try await harness.compareWithTruth(limit: 1_000).filter { difference in
                    !(difference.table == "grades" && difference.key.contains("\"503\""))
                        && difference.stored?.contains(#""course_id": "503""#) != true
                        && !ids.contains { difference.key.contains("\"\($0)\"") }
                        && difference.truth?.contains(#""course_id": "505""#) != true
                }
                #expect(others.isEmpty, "\(others.map(\.description))")
                harness.simulator.advance(seconds: 3_600)
            }
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 90_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
            let left = "SELECT count(*) FROM sync.coverage WHERE outcome NOT IN ('read', 'empty')"
            #expect(try await harness.count(left) == 0)
        }
    }

    @Test("a sweep that was made goes on where it was when it is repeated with an age", .timeLimit(.minutes(2)))
    func goesOn() async throws {
        try await withSchool(SchoolOptions(matrix: Self.school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 90_000)
            harness.simulator.resetRequests()
            #expect(await harness.sweep().exitCode == 0)
            // As much as a baseline reads, without the version; classes with learners have a gradebook.
            let formula = MatrixFormula(harness.simulator)
            #expect(harness.simulator.requests.total <= formula.baseline, "\(harness.simulator.requests.routes)")
            #expect(harness.simulator.requests.total >= formula.baseline - 3, "\(harness.simulator.requests.routes)")
            harness.simulator.advance(seconds: 600)
            harness.simulator.resetRequests()
            #expect(await harness.sweep(maxAge: .seconds(3_600)).exitCode == 0)
            #expect(harness.simulator.requests.total == formula.idle, "\(harness.simulator.requests.routes)")
        }
    }
}
