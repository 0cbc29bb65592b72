import JSON
import Records
import Transformer

@testable import Platforms

extension BlackboardMapping {
    /// 2025-12-01 00:00 UTC: after everything the fixtures date in the past.
    static let testNow = Timestamp(microsecondsSinceEpoch: 1_764_547_200_000_000)
    static let plain = BlackboardMapping(now: testNow)
}

extension Roster {
    /// A course with two child courses: one learner in the first of them, one in none, one suspended.
    static var merged: Roster {
        var roster = Roster(course: "_501_1")
        roster.note(row: [
            "course_id": "_502_1", "learner_id": "_310_1", "parent_course_id": "_501_1", "status": "active",
            "last_accessed_at": "1759682469300000",
        ])
        roster.note(row: ["course_id": "_501_1", "learner_id": "_311_1", "status": "active"])
        roster.note(row: ["course_id": "_501_1", "learner_id": "_312_1", "status": "suspended"])
        return roster
    }
}

extension Gradebook {
    static var quiz: Gradebook {
        var column = GradebookColumn(id: "_7001_1", assessmentID: "_7001_1")
        (column.kind, column.pointsPossible) = (.attempts, Numeric(10))
        var total = GradebookColumn(id: "_7009_1", assessmentID: "course:_501_1")
        total.kind = .calculated
        return Gradebook(course: "_501_1", columns: [column, total])
    }
}

/// The records of a list given as JSON, and what became of them.
func blackboardBatch<Content: Record>(
    _ json: String,
    stream: String = "stream",
    _ read: (JSONValue, inout Batch<Content>) -> Void
) throws -> Batch<Content> {
    let document = try JSONDocument(parsing: Array(json.utf8))
    var batch = Batch<Content>(stream: stream)
    document.withRoot { read($0, &batch) }
    return batch
}

/// An instant written as the platform writes it.
func learnTime(_ text: String) -> Timestamp? {
    guard case .instant(let time, _) = ISOTime.read(text) else { return nil }
    return time
}
