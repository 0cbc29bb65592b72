import Synchronization

/// What an incremental run has seen change: who moved in which course, and which grades did.
final class CourseActivity: Sendable {
    private struct Changes {
        /// Membership rows that differ from the stored ones, by learner.
        var memberships: [String: [String: String]] = [:]
        /// Learners whose course total moved.
        var totals: Set<String> = []
        /// Learners with a change in a column of its own, which explains their total.
        var explained: Set<String> = []
    }

    private struct State {
        var courses: [String: Changes] = [:]
        /// Columns this run has read, by their assessment.
        var polled: Set<String> = []
        /// Those of them that the platform computes, which therefore explain nothing.
        var calculated: Set<String> = []
        /// Cells that differ from the stored ones.
        var changedCells: Set<BlackboardMapping.Cell> = []
        /// Learners who left a course and joined it anew, with that course.
        var rejoined: [(course: String, learner: String)] = []
        /// Courses that are back and whose members this run has read for that.
        var back: Set<String> = []
        /// Columns, by their assessment, that have to be read whole.
        var whole: Set<String> = []
        /// Courses whose disabled memberships this run has asked for too.
        var wholeRosters: Set<String> = []
    }

    private let state = Mutex(State())

    /// Notes a membership row of the course that is asked for it.
    func note(membership row: [String: String], of course: String) {
        guard let learner = row["learner_id"] else { return }
        state.withLock { $0.courses[course, default: Changes()].memberships[learner] = row }
    }

    /// The membership rows of a course that this run has read anew.
    func memberships(of course: String) -> [[String: String]] {
        state.withLock { Array($0.courses[course, default: Changes()].memberships.values) }
    }

    /// Whether this run has read a changed membership of a learner under this key, wherever it was listed.
    func hasMembership(course: String, learner: String) -> Bool {
        state.withLock { state in
            state.courses.values.contains { $0.memberships[learner]?["course_id"] == course }
        }
    }

    /// Whether this run has read the learner's membership under another child of the same course.
    func hasMoved(learner: String, in asked: String, from course: String) -> Bool {
        state.withLock { state in
            guard let row = state.courses[asked]?.memberships[learner] else { return false }
            return row["course_id"] != course
        }
    }

    func note(polled column: GradebookColumn) {
        state.withLock { state in
            state.polled.insert(column.assessmentID)
            if column.kind == .calculated { state.calculated.insert(column.assessmentID) }
        }
    }

    func isPolled(_ assessment: String) -> Bool {
        state.withLock { $0.polled.contains(assessment) }
    }

    /// Notes a changed grade: one of the course's total, or one that a total follows from.
    func note(gradeOf learner: String, in assessment: String, of course: String) {
        state.withLock { state in
            state.changedCells.insert(BlackboardMapping.Cell(assessment: assessment, learner: learner))
            if assessment == BlackboardMapping.totalID(of: course) {
                state.courses[course, default: Changes()].totals.insert(learner)
            } else if !state.calculated.contains(assessment) {
                state.courses[course, default: Changes()].explained.insert(learner)
            }
        }
    }

    /// Whether somebody's course total moved and no column that was read tells why.
    func hasUnexplainedTotal(_ course: String) -> Bool {
        state.withLock { state in
            guard let changes = state.courses[course] else { return false }
            return !changes.totals.isSubset(of: changes.explained)
        }
    }

    func note(rejoined learner: String, in course: String) {
        state.withLock { $0.rejoined.append((course, learner)) }
    }

    /// Learners who joined a course anew since the last call.
    func takeRejoined() -> [(course: String, learner: String)] {
        state.withLock { state in
            defer { state.rejoined = [] }
            return state.rejoined
        }
    }

    func note(back course: String) {
        state.withLock { _ = $0.back.insert(course) }
    }

    /// Whether this run has read the members of the course because it is back.
    func isBack(_ course: String) -> Bool { state.withLock { $0.back.contains(course) } }

    func note(wholeRoster course: String) {
        state.withLock { _ = $0.wholeRosters.insert(course) }
    }

    func hasWholeRoster(_ course: String) -> Bool {
        state.withLock { $0.wholeRosters.contains(course) }
    }

    func note(whole assessment: String) {
        state.withLock { _ = $0.whole.insert(assessment) }
    }

    func isWhole(_ assessment: String) -> Bool {
        state.withLock { $0.whole.contains(assessment) }
    }

    func hasChanged(_ cell: BlackboardMapping.Cell) -> Bool {
        state.withLock { $0.changedCells.contains(cell) }
    }
}
