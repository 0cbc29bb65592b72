import Synchronization

/// The courses that a run's own reading of the list has named.
final class Catalogue: Sendable {
    private let state = Mutex((ids: Set<String>(), isComplete: false))

    func note(_ ids: [String]) {
        state.withLock { $0.ids.formUnion(ids) }
    }

    func end(isComplete: Bool) {
        state.withLock { $0.isComplete = isComplete }
    }

    /// The courses of a list that was read whole; `nil` where it was not.
    var whole: Set<String>? { state.withLock { $0.isComplete ? $0.ids : nil } }

    /// Those of `courses` that are still there; all, where the list was not read whole by this run.
    func present(among courses: [String]) -> [String] {
        state.withLock { state in
            state.isComplete ? courses.filter(state.ids.contains) : courses
        }
    }
}
