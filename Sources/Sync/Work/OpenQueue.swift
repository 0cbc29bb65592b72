import Loader
import Platforms
import Records
import Synchronization

/// What a baseline has queued and not answered yet.
///
/// Lists name the same partition again and again (an account, then each of its rosters): once is enough. And each entry
/// is at least one request still to come.
final class OpenQueue: Sendable {
    /// Beyond it nothing is remembered: an entry is then stored again, which changes nothing.
    private static let limit = 100_000
    /// When each is due.
    private let open = Mutex<[StreamPartition: Timestamp]>([:])

    /// Notes an entry.
    ///
    /// - Returns: How many are open, or `nil` where this one was queued before and says nothing new.
    func add(_ entry: PendingEntry) -> Int? {
        let key = StreamPartition(entry.stream, entry.partition)
        return open.withLock { open in
            if let dueAt = open[key], dueAt <= entry.dueAt, entry.attempts == 0 { return nil }
            if open.count < Self.limit || open[key] != nil { open[key] = entry.dueAt }
            return open.count
        }
    }

    /// The entry was answered, or goes back to the stored queue by other means.
    func finish(_ entry: PendingEntry) {
        open.withLock { $0[StreamPartition(entry.stream, entry.partition)] = nil }
    }
}
