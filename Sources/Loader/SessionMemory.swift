import Synchronization

/// What is known of one connection's session, and gone with it.
final class SessionMemory: Sendable {
    private struct State {
        /// Staging tables that exist in the session.
        var staging: Set<String> = []
        /// Those made by the transaction that is open: a rollback takes them away.
        var uncommitted: Set<String> = []
        /// Months of the event log that have a partition.
        var months: Set<String> = []
    }

    private static let sessions = Atomic<Int>(0)

    /// Tells the session from all others of this process.
    let number = SessionMemory.sessions.wrappingAdd(1, ordering: .relaxed).newValue
    private let state = Mutex(State())

    /// Whether a staging table has to be made in the open transaction; from then on it counts as made there.
    func isMissing(staging name: String) -> Bool {
        state.withLock { !$0.staging.contains(name) && $0.uncommitted.insert(name).inserted }
    }

    func forgetUncommitted() { state.withLock { $0.uncommitted = [] } }

    /// What the open transaction has made; another one may begin before its commit is noted.
    func takeUncommitted() -> Set<String> {
        state.withLock { state in
            defer { state.uncommitted = [] }
            return state.uncommitted
        }
    }

    func note(staging made: Set<String>) { state.withLock { $0.staging.formUnion(made) } }

    /// Those of `months` that may lack a partition.
    func unknown(months: Set<String>) -> Set<String> { state.withLock { months.subtracting($0.months) } }

    func note(months: Set<String>) { state.withLock { $0.months.formUnion(months) } }
}
