import Records
import Testing

@testable import Platforms

@Suite("What Blackboard's answers note")
struct BlackboardNoteTests {
    @Test(
        "somebody disabled who is on no page of the list of all shows that disabled memberships are listed apart",
        arguments: [
            (listed: [["a"], ["b"]], apart: [["b"]], isLacking: false),
            (listed: [["a"], ["b"]], apart: [["b"], ["c"]], isLacking: true),
            (listed: [["a"]], apart: [], isLacking: false),
            (listed: [], apart: [["c"]], isLacking: true),
        ] as [(listed: [[String]], apart: [[String]], isLacking: Bool)]
    )
    func rosterCheck(listed: [[String]], apart: [[String]], isLacking: Bool) {
        var notes = ReadNotes()
        // The list of the disabled may be answered first.
        for page in apart { notes.add(RosterCheck(course: "_1_1", page, apart: true)) }
        for page in listed { notes.add(RosterCheck(course: "_1_1", page, apart: false)) }
        // Another course's people are nobody's here.
        notes.add(RosterCheck(course: "_2_1", ["c"], apart: false))
        #expect(notes[RosterCheck.self, "_1_1"]?.isLacking == isLacking)
    }

    @Test("an account that is missing ends alone, and is noted for its memberships to be asked for")
    func missingAccount() {
        let page = ParsedPage.missingAccount("_7_1")
        #expect(page.notes.all(MissingAccount.self).keys.sorted() == ["_7_1"])
        guard page.changes.count == 1, case .gone(let rows)? = page.changes.first else {
            Issue.record("\(page.changes)")
            return
        }
        #expect(rows.table.name == Learner.table.name && rows.keys == [["_7_1"]])
        #expect(rows.isAlone && rows.isGuarded)
        #expect(Cascade(Blackboard.data).rows(with: rows).isEmpty)
    }

    @Test("a course takes the rows of its merged courses along, and a merged course none of its parent's")
    func cascade() {
        let rows = Cascade(Blackboard.data).rows(with: GoneRows(Course.table, "course_id", ["_1_1"]))
        let texts = rows.map { row in
            ([row.table.name] + row.columns + row.unset.map { "no \($0)" } + (row.through.map { ["of \($0.name)"] } ?? []))
                .joined(separator: " ")
        }
        #expect(
            Set(texts) == [
                "enrollments course_id no parent_course_id", "enrollments parent_course_id",
                "progress course_id no parent_course_id", "progress parent_course_id",
                "grades course_id no parent_course_id", "grades parent_course_id",
                "assessments course_id", "assessment_responses course_id of assessments",
            ]
        )
    }
}
