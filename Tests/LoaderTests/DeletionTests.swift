import Loader
import Records
import Testing

@Suite("Deletions")
struct DeletionTests {
    private func enrollment(_ course: String, _ learner: String, parent: String? = nil) -> Enrollment {
        Enrollment(courseID: course, learnerID: learner, role: "learner", status: "active", parentCourseID: parent)
    }

    @Test("mark rows by any part of their key, set what goes with it, and are counted")
    func marks() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish(
                ["a", "b", "c"].flatMap { course in (0..<4).map { enrollment(course, "l\($0)") } },
                stream: "enrollments"
            )
            var unit = run.unit
            unit.delete(
                DeletedRows(
                    Enrollment.table,
                    stream: "enrollments",
                    columns: ["course_id", "learner_id"],
                    keys: [["a", "l1"], ["b", "l2"], ["b", "nobody"]],
                    accessEnded: Timestamp(microsecondsSinceEpoch: 0)
                )
            )
            unit.delete(DeletedRows(Enrollment.table, stream: "enrollments", columns: ["learner_id"], keys: [["l3"]]))
            let counts = try await run.writer.publish(unit)
            #expect(counts.tables["enrollments"]?.deleted == 5)
            let rows = try await test.sql(
                """
                SELECT course_id, learner_id, status FROM lms.enrollments WHERE deleted_at IS NOT NULL
                AND run_id IS NOT NULL ORDER BY 1, 2
                """
            )
            #expect(
                rows == [
                    ["a", "l1", "ended"], ["a", "l3", "active"], ["b", "l2", "ended"], ["b", "l3", "active"],
                    ["c", "l3", "active"],
                ]
            )
            #expect(try await test.sql("SELECT rows_deleted FROM sync.runs") == [["5"]])
            // Again: nothing is left to mark.
            #expect(try await run.writer.publish(unit).tables["enrollments"]?.deleted == 0)
        }
    }

    @Test("tell access that had run out from access that was ended, and spare rows in which a column is set")
    func accessAndParents() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            let now = Timestamp(microsecondsSinceEpoch: 1_750_000_000_000_000)
            var rows = [enrollment("a", "over"), enrollment("a", "open"), enrollment("a", "merged", parent: "p")]
            rows[0].expiresAt = Timestamp(microsecondsSinceEpoch: now.microseconds - 1)
            rows[1].expiresAt = Timestamp(microsecondsSinceEpoch: now.microseconds + 1)
            try await run.publish(rows, stream: "enrollments")
            var unit = run.unit
            unit.delete(
                DeletedRows(
                    Enrollment.table,
                    stream: "enrollments",
                    columns: ["course_id"],
                    keys: [["a"]],
                    unset: ["parent_course_id"],
                    accessEnded: now
                )
            )
            _ = try await run.writer.publish(unit)
            let stored = try await test.sql(
                "SELECT learner_id, status, (deleted_at IS NULL)::text FROM lms.enrollments ORDER BY 1"
            )
            #expect(stored == [["merged", "active", "true"], ["open", "ended", "false"], ["over", "expired", "false"]])
        }
    }

    @Test("name rows by a column of another table, whose rows they belong to")
    func through() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish(
                [("1", "a"), ("2", "b")].map { Assessment(assessmentID: $0.0, courseID: $0.1) },
                stream: "assessments"
            )
            // Those of a merged course stand under the member's own course.
            try await run.publish(
                [("r1", "1", "a"), ("r2", "1", "child"), ("r3", "2", "a")].map {
                    AssessmentResponse(learnerID: "l1", responseID: $0.0, assessmentID: $0.1, courseID: $0.2)
                },
                stream: "assessment_responses"
            )
            var unit = run.unit
            let (stream, course) = ("assessment_responses", ["course_id"])
            // The assessments that name them are marked first.
            unit.delete(DeletedRows(Assessment.table, stream: "assessments", columns: course, keys: [["a"]]))
            unit.delete(
                DeletedRows(
                    AssessmentResponse.table,
                    stream: stream,
                    columns: course,
                    keys: [["a"]],
                    through: Assessment.table
                )
            )
            #expect(try await run.writer.publish(unit).tables[stream]?.deleted == 2)
            let live = "SELECT response_id FROM lms.assessment_responses WHERE deleted_at IS NULL"
            #expect(try await test.sql(live) == [["r3"]])
        }
    }

    @Test("are undone by the record coming back, which keeps when it was first seen")
    func comesBack() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            try await run.publish([enrollment("a", "l1")], stream: "enrollments")
            let first = try await test.value("SELECT first_seen_at::text FROM lms.enrollments")
            var unit = run.unit
            unit.delete(DeletedRows(Enrollment.table, stream: "enrollments", columns: ["course_id"], keys: [["a"]]))
            _ = try await run.writer.publish(unit)
            #expect(try await test.value("SELECT count(*)::text FROM lms.enrollments WHERE deleted_at IS NULL") == "0")
            let counts = try await run.publish([enrollment("a", "l1")], stream: "enrollments")
            #expect(counts.tables["enrollments"]?.updated == 1)
            #expect(try await test.value("SELECT count(*)::text FROM lms.enrollments WHERE deleted_at IS NULL") == "1")
            #expect(try await test.value("SELECT first_seen_at::text FROM lms.enrollments") == first)
        }
    }

    @Test("rows move to another key with everything they hold, unless somebody lives there")
    func moves() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            func grade(_ course: String, _ assessment: String, _ score: Int) -> Grade {
                Grade(
                    courseID: course,
                    learnerID: "l",
                    assessmentID: assessment,
                    score: Numeric(score),
                    parentCourseID: "p"
                )
            }
            try await run.publish(
                [grade("old", "q1", 7), grade("old", "q2", 8), grade("new", "q2", 9)],
                stream: "grades"
            )
            var unit = run.unit
            unit.rekey(
                RekeyedRows(
                    Grade.table,
                    stream: "grades",
                    from: ["course_id": "old", "learner_id": "l"],
                    to: ["course_id": "new", "parent_course_id": nil]
                )
            )
            _ = try await run.writer.publish(unit)
            let live = try await test.sql(
                """
                SELECT course_id, assessment_id, score::text, parent_course_id FROM lms.grades WHERE deleted_at IS NULL
                ORDER BY assessment_id
                """
            )
            #expect(live == [["new", "q1", "7", nil], ["new", "q2", "9", "p"]])
            let gone = "SELECT count(*)::text FROM lms.grades WHERE deleted_at IS NOT NULL AND course_id = 'old'"
            #expect(try await test.value(gone) == "2")
        }
    }

    @Test("absent rows are found under a scope, page by page, by the hash of their key")
    func absences() async throws {
        try await withWarehouse { test in
            let run = try await test.run()
            let all = (0..<12_000).map { Learner(learnerID: "l\($0)", username: "n") }
            try await run.publish(all)
            let seen = Set(Learner.keyHashes(of: all.filter { $0.learnerID.hasSuffix("7") == false }))
            let found = try await test.warehouse.reader.absentKeys(
                "acme",
                of: Learner.table,
                scopes: [],
                seen: seen,
                limit: 100
            )
            #expect(found.live == 12_000)
            #expect(found.absent == 1_200)
            #expect(found.keys.count == 100)
            #expect(found.keys.allSatisfy { $0["learner_id"]?.hasSuffix("7") == true })

            let courses = [Course(courseID: "a"), Course(courseID: "b", parentCourseID: "a"), Course(courseID: "c")]
            try await run.publish(courses, stream: "courses")
            try await run.publish([enrollment("a", "l1"), enrollment("b", "l1", parent: "a"), enrollment("c", "l1")])
            let scoped = try await test.warehouse.reader.absentKeys(
                "acme",
                of: Enrollment.table,
                scopes: [["course_id": ["a"]], ["parent_course_id": ["a"]]],
                seen: Set(Enrollment.keyHashes(of: [enrollment("a", "l1")])),
                limit: 100
            )
            #expect(scoped.live == 2)
            #expect(scoped.keys == [["course_id": "b", "learner_id": "l1"]])
            let byLearner = try await test.warehouse.reader.absentKeys(
                "acme",
                of: Enrollment.table,
                scopes: [["learner_id": ["l1", "l2"]]],
                seen: [],
                limit: 100
            )
            #expect(byLearner.keys.compactMap { $0["course_id"] } == ["a", "b", "c"])
        }
    }
}
