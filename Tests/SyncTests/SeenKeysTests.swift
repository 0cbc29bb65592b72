import Platforms
import Records
import Testing
import Transformer

@testable import Sync

@Suite struct SeenKeysTests {
    private func list(_ learner: String, courses: [String], rejected: [String] = []) -> Presence {
        var presence = Presence([Cover(Progress.table, scopes: [["learner_id": learner]])])
        var batch = Batch<Progress>(stream: "progress")
        batch.records = courses.map { Progress(courseID: $0, learnerID: learner) }
        batch.rejects = rejected.map { Reject(stream: "progress", naturalKey: $0, cause: .missingKey, field: "id") }
        presence.note(batch)
        return presence
    }

    @Test("lists of one kind are compared together, and only once")
    func joins() {
        let seenKeys = SeenKeys()
        #expect(seenKeys.add(list("l1", courses: ["a", "b"])).isEmpty)
        #expect(seenKeys.add(list("l2", courses: ["a"], rejected: ["c/l2"])).isEmpty)
        let shown = seenKeys.take()
        #expect(shown.count == 1)
        #expect(shown.first?.scopes == [["learner_id": ["l1", "l2"]]])
        #expect(shown.first?.seen.count == 3)
        #expect(shown.first?.rejected == ["c/l2", "c", "l2"])
        #expect(seenKeys.take().isEmpty)
    }

    @Test("enough lists are compared at once, so that memory stays flat")
    func isBounded() {
        let seenKeys = SeenKeys()
        var due = 0
        for number in 0..<1_250 {
            for shown in seenKeys.add(list("l\(number)", courses: ["a"])) {
                due += 1
                #expect(shown.scopes.first?["learner_id"]?.count == 500)
            }
        }
        #expect(due == 2)
        #expect(seenKeys.take().first?.seen.count == 250)
    }

    @Test("a whole table, and a part that two columns name, are compared alone")
    func alone() {
        let seenKeys = SeenKeys()
        let whole = seenKeys.add(Presence([Cover(Learner.table, isConfirmedOneByOne: true)]))
        #expect(whole.map(\.isConfirmedOneByOne) == [true])
        let pair = Cover(Grade.table, scopes: [["course_id": "a", "learner_id": "l1"]])
        #expect(seenKeys.add(Presence([pair])).count == 1)
        // Rows under either of two columns stay so.
        let course = { (id: String) in Cover(Enrollment.table, scopes: [["course_id": id], ["parent_course_id": id]]) }
        #expect(seenKeys.add(Presence([course("a")])).isEmpty)
        #expect(seenKeys.add(Presence([course("b")])).isEmpty)
        #expect(seenKeys.take().map(\.scopes) == [[["course_id": ["a", "b"]], ["parent_course_id": ["a", "b"]]]])
    }
}
