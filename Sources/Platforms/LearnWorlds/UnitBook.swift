import Records
import Synchronization
import Transformer

/// The assessments that the lists of one comparison have named: the course of each, and whether anybody has used it.
final class UnitBook: Sendable {
    private let state = Mutex((courses: [String: String](), used: Set<String>()))

    /// The course of each assessment.
    var courses: [String: String] { state.withLock { $0.courses } }
    /// Those that grades or progress speak of, and that may so have responses.
    var used: Set<String> { state.withLock { $0.used } }

    /// Shows every page of the group's lists to the book.
    ///
    /// - Parameter lists: Tells which units of a learner's progress are assessments that were begun.
    func reading(_ group: ReadGroup, _ lists: LearnWorldsLists) -> ReadGroup {
        var group = group
        group.reads = group.reads.map { list in
            var list = list
            let refine = list.refine
            list.refine = { [self] parsed in
                note(parsed, lists)
                return try await refine?(parsed) ?? parsed
            }
            return list
        }
        return group
    }

    private func note(_ parsed: ParsedPage, _ lists: LearnWorldsLists) {
        for batch in parsed.batches {
            if let assessments = batch as? Batch<Assessment> {
                state.withLock { state in
                    for row in assessments.records { state.courses[row.assessmentID] = row.courseID }
                }
            } else if let grades = batch as? Batch<Grade> {
                state.withLock { $0.used.formUnion(grades.records.map(\.assessmentID)) }
            } else if let units = batch as? Batch<UnitProgress> {
                let touched = lists.touchedAssessments(units.records)
                state.withLock { $0.used.formUnion(touched) }
            }
        }
    }
}
