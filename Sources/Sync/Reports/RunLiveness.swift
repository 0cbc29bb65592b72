package import Loader

/// Whether a run that the ledger has as running still runs.
package enum RunLiveness: Sendable, Equatable {
    /// It has ended, and the ledger says how.
    case ended
    /// It runs.
    case running
    /// Its process is gone without having closed it.
    case interrupted

    /// - Parameters:
    ///   - status: The run's status in the ledger.
    ///   - lease: Who holds the source, or held it last.
    package init(of runID: Int64, status: String, lease: StoredLease?) {
        guard status == "running" else {
            self = .ended
            return
        }
        // A lease that is another's by now was taken because this run's holder was gone.
        self = lease?.runID == runID && lease?.isConnected == true ? .running : .interrupted
    }
}
