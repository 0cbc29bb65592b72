import Loader
import Platforms
import Synchronization

/// What a baseline has queued and not answered yet.
///
/// Lists name the same partition again and again (an account, then each of its rosters): once is enough. And each entry
/// is at least one request still to come.
final class OpenQueue: Sendable {
    /// Beyond it nothing is remembered: an entry is then stored again, which changes nothing.
    private static let limit = 100_000
    private let open = Mutex<Set<StreamPartition>>([])

    /// Notes an entry.
    ///
    /// - Returns: How many are open, or `nil` where this one was queued before.
    func add(_ entry: PendingEntry) -> Int? {
        let key = StreamPartition(entry.stream, entry.partition)
        return open.withLock { open in
            guard open.count < Self.limit else { return open.contains(key) ? nil : open.count }
            return open.insert(key).inserted ? open.count : nil
        }
    }

    /// The entry was answered, or goes back to the stored queue by other means.
    func finish(_ entry: PendingEntry) {
        open.withLock { _ = $0.remove(StreamPartition(entry.stream, entry.partition)) }
    }
}
