import Loader
import Records

extension SyncError {
    /// Another run holds the source: which one, and since when.
    ///
    /// - Parameter lease: `nil` where the holder has given the source back meanwhile.
    static func leaseHeld(by lease: StoredLease?, now: Timestamp) -> SyncError {
        var holder = "another run holds it"
        if let lease {
            // A run without a row is a dry run.
            let since = lease.startedAt.map { " since \(ShortTime.text($0, now: now))" } ?? ""
            holder = "run \(lease.runID) (\(lease.mode ?? "dry run")) holds it\(since)"
        }
        return SyncError(.leaseHeld, "not run: \(holder); try again when it has ended")
    }
}
