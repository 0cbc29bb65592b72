import Records
import Testing

@testable import Platforms

@Suite("What goes with a row that is gone")
struct CascadeTests {
    /// Table and the columns that name the rows, those that must be null after a minus.
    private func rows(_ data: DataDeclaration, _ gone: GoneRows) -> [String] {
        Cascade(data).rows(with: gone).map { rows in
            "\(rows.table.name) by \(rows.columns.joined(separator: "+"))" + rows.unset.map { " -\($0)" }.joined()
                + (rows.through.map { " of \($0.name)" } ?? "")
        }.sorted()
    }

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var data: DataDeclaration
        var gone: GoneRows
        var rows: [String]
    }

    static let table: [Row] = [
        Row(
            testDescription: "a learner's rows, on LearnWorlds",
            data: LearnWorlds.data,
            gone: GoneRows(Learner.table, "learner_id", ["1"]),
            rows: [
                "assessment_responses by learner_id", "certificates by learner_id", "enrollments by learner_id",
                "grades by learner_id", "progress by learner_id", "unit_progress by learner_id",
            ]
        ),
        Row(
            testDescription: "on Blackboard",
            data: Blackboard.data,
            gone: GoneRows(Learner.table, "learner_id", ["1"]),
            rows: [
                "assessment_responses by learner_id", "enrollments by learner_id", "grades by learner_id",
                "progress by learner_id",
            ]
        ),
        Row(
            testDescription: "on MATRIX",
            data: Matrix.data,
            gone: GoneRows(Learner.table, "learner_id", ["1"]),
            rows: [
                "certificates by learner_id", "enrollments by learner_id", "grades by learner_id", "progress by learner_id",
            ]
        ),
        Row(
            testDescription: "a course's rows, on LearnWorlds",
            data: LearnWorlds.data,
            gone: GoneRows(Course.table, "course_id", ["1"]),
            rows: [
                "assessment_responses by course_id", "assessments by course_id", "certificates by course_id",
                "course_units by course_id", "enrollments by course_id", "grades by course_id", "progress by course_id",
                "unit_progress by course_id",
            ]
        ),
        Row(
            testDescription: "those of its merged courses too, on Blackboard, and none of its parent's",
            data: Blackboard.data,
            gone: GoneRows(Course.table, "course_id", ["1"]),
            rows: [
                "assessment_responses by course_id of assessments", "assessments by course_id",
                "enrollments by course_id -parent_course_id", "enrollments by parent_course_id",
                "grades by course_id -parent_course_id", "grades by parent_course_id",
                "progress by course_id -parent_course_id", "progress by parent_course_id",
            ]
        ),
        Row(
            testDescription: "a column's grades and responses",
            data: Blackboard.data,
            gone: GoneRows(Assessment.table, "assessment_id", ["1"]),
            rows: ["assessment_responses by assessment_id", "grades by assessment_id"]
        ),
        Row(
            testDescription: "what hangs on an enrollment, on Blackboard",
            data: Blackboard.data,
            gone: GoneRows(Enrollment.table, columns: ["course_id", "learner_id"], keys: [["1", "2"]]),
            rows: [
                "assessment_responses by course_id+learner_id", "grades by course_id+learner_id",
                "progress by course_id+learner_id",
            ]
        ),
        Row(
            testDescription: "on MATRIX its progress",
            data: Matrix.data,
            gone: GoneRows(Enrollment.table, columns: ["course_id", "learner_id"], keys: [["1", "2"]]),
            rows: ["progress by course_id+learner_id"]
        ),
        Row(
            testDescription: "nothing on LearnWorlds, where a completion outlives access",
            data: LearnWorlds.data,
            gone: GoneRows(Enrollment.table, columns: ["course_id", "learner_id"], keys: [["1", "2"]]),
            rows: []
        ),
        Row(
            testDescription: "a row whose place another key has taken takes nothing along",
            data: Blackboard.data,
            gone: GoneRows(Enrollment.table, columns: ["course_id", "learner_id"], keys: [["1", "2"]], isAlone: true),
            rows: []
        ),
        Row(
            testDescription: "the units of lost progress",
            data: LearnWorlds.data,
            gone: GoneRows(Progress.table, columns: ["course_id", "learner_id"], keys: [["1", "2"]]),
            rows: ["unit_progress by course_id+learner_id"]
        ),
    ]

    @Test("is declared once", arguments: table)
    func declared(row: Row) {
        #expect(rows(row.data, row.gone) == row.rows)
    }

    @Test("what follows a guarded row waits for the verdict on its table, and takes nothing along itself")
    func follows() {
        let cascade = Cascade(Blackboard.data)
        for rows in cascade.rows(with: GoneRows(Learner.table, "learner_id", ["1"])) {
            #expect(rows.parent?.name == "learners" && !rows.isGuarded && rows.keys == [["1"]])
            #expect(cascade.rows(with: rows).isEmpty)
        }
        for rows in cascade.rows(with: GoneRows(Assessment.table, "assessment_id", ["1"], isGuarded: false)) {
            #expect(rows.parent == nil && !rows.isGuarded && cascade.rows(with: rows).isEmpty)
        }
    }
}
