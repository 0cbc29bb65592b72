import JSON
import Records
import Testing
import Transformer

@testable import Platforms

/// Features that are off leave fields out: what a record says nothing about is told from what it says is null.
@Suite("MATRIX fields that are left out")
struct MatrixAbsentTests {
    private func names(_ columns: ColumnSet, of table: Table) -> [String] {
        table.columns.map(\.name).filter { columns.contains(ColumnSet($0, of: table)) }
    }

    @Test("of a user", arguments: [("{\"id\":1}", true), ("{\"id\":1,\"email\":null,\"archived\":null}", false)])
    func users(json: String, isLeftOut: Bool) throws {
        var batch = Batch<Learner>(stream: "learners")
        _ = try reading("[\(json)]") { MatrixMapping.plain.learners($0, into: &batch) }
        let absent = names(batch.records[0].absentColumns, of: Learner.table)
        #expect(absent.contains("email") == isLeftOut && absent.contains("status") == isLeftOut)
        #expect(absent.contains("username") && absent.contains("role") && absent.contains("organization_id"))
        #expect(!absent.contains("custom_fields") && !absent.contains("learner_id"))
    }

    @Test("a role is kept where the site may have switched it off, and lost where it says so")
    func roles() throws {
        let off = ["administrator", "manager", "teacher", "assistant", "monitor", "student"]
            .map { "\"\($0)\":false" }.joined(separator: ",")
        var batch = Batch<Learner>(stream: "learners")
        _ = try reading("[{\"id\":1,\(off)},{\"id\":2,\(off),\"parent\":false}]") {
            MatrixMapping.plain.learners($0, into: &batch)
        }
        #expect(
            batch.records.map { names($0.absentColumns, of: Learner.table).contains("role") } == [true, false]
        )
    }

    @Test("of a class: its grading periods too, so that none of them counts as gone")
    func classes() throws {
        var courses = Batch<Course>(stream: "courses")
        var assessments = Batch<Assessment>(stream: "assessments")
        let read = try reading(#"[{"id":1},{"id":2,"name":"N","grading_periods":[],"start":null,"archived":false}]"#) {
            MatrixMapping.plain.classes($0, courses: &courses, assessments: &assessments)
        }
        #expect(read.map(\.periodIDs) == [nil, []])
        #expect(
            courses.records.map { names($0.absentColumns, of: Course.table) } == [
                ["title", "code", "description", "status", "category", "parent_course_id", "starts_at", "ends_at"],
                ["code", "description", "category", "parent_course_id", "ends_at"],
            ]
        )
        #expect(assessments.records.map { names($0.absentColumns, of: Assessment.table) } == [["title"], []])
    }

    @Test("of a roster: without a word on the completion the progress keeps its state")
    func rosters() throws {
        let roster = try reading(
            #"[{"id":1},{"id":2,"completed_at":null,"unenrolled":false},{"id":3,"completed_at":"2025-03-02T00:00Z"}]"#
        ) { MatrixMapping.plain.roster($0, course: "501") }
        let states = roster.enrollments.records.map { names($0.absentColumns, of: Enrollment.table).contains("status") }
        #expect(states == [true, false, true])
        let ofCompletion = roster.progress.records.map { row in
            names(row.absentColumns, of: Progress.table).filter {
                ["status", "progress_rate", "average_score_rate", "completed_at", "final_letter"].contains($0)
            }
        }
        #expect(
            ofCompletion == [
                ["status", "progress_rate", "average_score_rate", "completed_at", "final_letter"], [],
                ["average_score_rate", "final_letter"],
            ]
        )
    }

    @Test("of a gradebook: a cell that says nothing keeps its state, one that says null is emptied")
    func gradebooks() throws {
        let book = try reading(
            """
            [{"user_id":1,"percent":null,"grading_periods":[{"assignments":[{"id":6},\
            {"id":7,"score":null,"percent":null,"grade":null,"points":5.0,"submitted_at":null}]}]}]
            """
        ) { MatrixMapping.plain.gradebook($0, course: "501", periods: []) }
        let absent = Dictionary(
            uniqueKeysWithValues: book.emptied.map {
                ($0.assessmentID, names($0.absentColumns, of: Grade.table))
            }
        )
        let all = ["score", "points_possible", "percent", "letter", "status", "exempt", "submitted_at"]
        #expect(absent == ["6": all, "7": [], "course:501": []])
    }
}
