import Records
import Synchronization

/// What the lists of one run have shown of the part each was read for: the evidence that deletions are judged by.
final class ReadBook: Sendable {
    /// The lists whose answers are evidence.
    enum List: Hashable, Sendable {
        case contents, enrollments, progress, certificates, grades, responses, roster, course, learner, courseOfLearner
    }

    private struct Key: Hashable {
        let list: List
        let partition: String
    }

    private struct Part {
        var isEmpty = false
        var isWhole = false
    }

    private struct Roster {
        var learners: Set<UInt64> = []
        /// As they came, until somebody compares them.
        var ids: [String] = []
        var isComplete = false
        /// Entries whose learner cannot be read: as long as there are any, the roster proves nobody's absence.
        var hasUnreadable = false
    }

    private struct State {
        var parts: [Key: Part] = [:]
        var rosters: [String: Roster] = [:]
        var handedIn: [String: Timestamp] = [:]
        var courses: [String: String] = [:]
    }

    private let state = Mutex(State())

    /// Notes that a list was read to its end.
    ///
    /// - Parameter isWhole: Whether all of it was read, not only its newest part.
    func note(_ list: List, _ partition: String, items: Int, isWhole: Bool = true) {
        state.withLock { $0.parts[Key(list: list, partition: partition)] = Part(isEmpty: items == 0, isWhole: isWhole) }
    }

    /// Whether this run has read all of the list.
    func hasRead(_ list: List, _ partition: String) -> Bool {
        state.withLock { $0.parts[Key(list: list, partition: partition)]?.isWhole ?? false }
    }

    /// Whether the list was read and answered with nothing.
    func wasEmpty(_ list: List, _ partition: String) -> Bool {
        state.withLock { $0.parts[Key(list: list, partition: partition)]?.isEmpty ?? false }
    }

    /// Whether this run has asked for the object itself, and it was there.
    func hasMet(_ list: List, _ partition: String) -> Bool {
        hasRead(list, partition) && !wasEmpty(list, partition)
    }

    /// Whether any list of the kind answered with something.
    func hasContent(_ list: List) -> Bool {
        state.withLock { state in state.parts.contains { $0.key.list == list && !$0.value.isEmpty } }
    }

    /// Parts whose lists answered with something, the first ones by name.
    func partitionsWithContent(_ list: List, limit: Int) -> [String] {
        state.withLock { state in
            state.parts.filter { $0.key.list == list && !$0.value.isEmpty }.map(\.key.partition).sorted()
                .prefix(limit).map { $0 }
        }
    }

    // MARK: Submissions

    func noteHandedIn(_ grades: [Grade]) {
        state.withLock { state in
            for grade in grades {
                let time = grade.submittedAt ?? grade.gradedAt ?? Timestamp(microsecondsSinceEpoch: .max)
                state.handedIn[grade.assessmentID] = max(state.handedIn[grade.assessmentID] ?? time, time)
                state.courses[grade.assessmentID] = grade.courseID
            }
        }
    }

    func note(units: some Sequence<String>, of course: String) {
        state.withLock { state in
            for unit in units { state.courses[unit] = course }
        }
    }

    /// The course of a unit, where a list of this run has shown it.
    func course(ofUnit unit: String) -> String? { state.withLock { $0.courses[unit] } }

    /// The units that this run has seen submissions of, at or after `since`; all of them without it.
    func unitsHandedIn(since: Timestamp?) -> [String] {
        state.withLock { state in
            state.handedIn.filter { entry in since.map { entry.value >= $0 } ?? true }.keys.sorted()
        }
    }

    // MARK: Rosters

    func noteRoster(of course: String, _ roster: LearnWorldsMapping.Roster) {
        state.withLock { state in
            state.rosters[course, default: Roster()].learners.formUnion(roster.learnerIDs.map(Self.hash))
            state.rosters[course, default: Roster()].ids += roster.learnerIDs
            if roster.unreadableCount > 0 { state.rosters[course, default: Roster()].hasUnreadable = true }
        }
    }

    func endRoster(of course: String, isComplete: Bool) {
        state.withLock { $0.rosters[course, default: Roster()].isComplete = isComplete }
    }

    /// The learners on a roster that this run has read whole, handed out once; `nil` where it proves nothing.
    func takeRoster(of course: String) -> [String]? {
        state.withLock { state in
            defer { state.rosters[course]?.ids = [] }
            guard let roster = state.rosters[course], roster.isComplete, !roster.hasUnreadable else { return nil }
            return roster.ids
        }
    }

    /// Whether a learner is on the roster of a course that this run has read whole; `nil` where it has not.
    func isOnRoster(_ learner: String, of course: String) -> Bool? {
        state.withLock { state in
            guard let roster = state.rosters[course], roster.isComplete, !roster.hasUnreadable else { return nil }
            return roster.learners.contains(Self.hash(learner))
        }
    }

    private static func hash(_ id: String) -> UInt64 {
        var hash = KeyHash()
        hash.add(id)
        return hash.value
    }
}
