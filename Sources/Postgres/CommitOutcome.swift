/// What became of a transaction whose COMMIT got no answer.
package enum CommitOutcome: String, Hashable, Sendable {
    /// It is durable.
    case committed
    /// It left nothing.
    case aborted
    /// The server no longer knows: run the work again, which is idempotent.
    case unknown
}
