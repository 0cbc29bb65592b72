import Loader
import Platforms
import Records
import Testing

@testable import Sync

@Suite("Rows that whole lists lacked, and deletions, wait for whoever decides")
struct AbsentRowsTests {
    private func rows(_ count: Int, of table: Table = Grade.table) -> [AbsentRow] {
        (0..<count).map { AbsentRow(table: table.name, key: ["learner_id": "\($0)"]) }
    }

    @Test("they are handed out table by table, once")
    func takes() {
        let absences = AbsentRows(maxFraction: 0.2)
        absences.add(rows(2), of: "grades", absent: 2, isConfirmedOneByOne: false)
        absences.add(rows(1, of: Progress.table), of: "progress", absent: 1, isConfirmedOneByOne: false)
        #expect(absences.take("courses").isEmpty)
        #expect(absences.take("grades").count == 2 && absences.take("grades").isEmpty)
        #expect(absences.take("progress").count == 1)
    }

    @Test("more than may be deleted are not handed out, and said; a small number always is")
    func bounds() {
        let absences = AbsentRows(maxFraction: 0.2)
        absences.add(rows(1_000), of: "grades", absent: 1_000, isConfirmedOneByOne: false)
        #expect(!absences.needsCount(of: "grades"))
        absences.add(rows(1), of: "grades", absent: 1, isConfirmedOneByOne: false)
        #expect(absences.needsCount(of: "grades"), "so many are held against the table")
        absences.note(live: 5_004, of: "grades")
        #expect(absences.take("grades").isEmpty)
        #expect(absences.refused.map(\.table) == ["grades"] && absences.refused[0].absent == 1_001)
        absences.note(live: 5_005, of: "grades")
        #expect(absences.refused.isEmpty && absences.take("grades").count == 1_001)
    }

    @Test("where each costs a call, however few they are")
    func oneByOne() {
        let absences = AbsentRows(maxFraction: 0.2)
        absences.add(rows(3), of: "courses", absent: 3, isConfirmedOneByOne: true)
        #expect(absences.needsCount(of: "courses"))
        absences.note(live: 14, of: "courses")
        #expect(absences.take("courses").isEmpty)
        absences.note(live: 15, of: "courses")
        #expect(absences.take("courses").count == 3)
    }

    @Test("deletions are grouped by table, apart from those that follow others; nothing is none")
    func pending() {
        let deletions = PendingDeletions()
        func deleted(_ table: Table, _ ids: [String]) -> DeletedRows {
            DeletedRows(table, stream: table.name, columns: ["course_id"], keys: ids.map { [$0] })
        }
        deletions.add(deleted(Grade.table, ["1"]), following: Course.table)
        deletions.add(deleted(Course.table, ["1"]))
        deletions.add(deleted(Assessment.table, ["5"]))
        deletions.add(deleted(Course.table, ["2"]))
        deletions.add(deleted(Course.table, []))
        let (missed, following) = deletions.take()
        #expect(missed.map { $0.map { "\($0.table.name) \($0.keys[0][0])" } } == [["assessments 5"], ["courses 1", "courses 2"]])
        #expect(following.map(\.parent) == ["courses"] && following[0].rows.table.name == "grades")
        #expect(deletions.take().missed.isEmpty && deletions.take().following.isEmpty)
    }
}
