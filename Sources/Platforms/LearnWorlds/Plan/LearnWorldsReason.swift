/// Why a part is queued: words that are stored with the queue, and never change.
enum LearnWorldsReason {
    /// A baseline queues everybody it has met.
    static let baseline = "baseline"
    /// Its turn by age. It answers the queue, and is never stored.
    static let share = "share"
    /// A visit alone: it re-reads at most once in `visit_interval`.
    static let visit = "visit"
    /// Once more, a while after the last visit.
    static let settle = "settle"
}

/// How a group that answers for a part by its age says that the part has failed before.
enum FormerFailure {
    /// The part waits in the queue for another try: its outcome goes on the ledger.
    static let attempts = 1
}
