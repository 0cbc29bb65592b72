import Loader
import Platforms
import Records
import Synchronization

/// The re-pulls of an incremental run: what was due when it began, and what its own reads have shown to be needed.
///
/// Entries live here while the run goes on; what is still open when a commit unit is published goes into it, so that
/// the queue outlives the process.
final class WorkQueue: Sendable {
    private struct State {
        var waiting: [StreamPartition: PendingEntry] = [:]
        var taken: [StreamPartition: PendingEntry] = [:]
        var hasStored = false
    }
    private let state = Mutex(State())

    /// Whether the stored entries still have to be added; says so once.
    func beginTakingUp() -> Bool {
        state.withLock { state in
            defer { state.hasStored = true }
            return !state.hasStored
        }
    }

    func add(_ entries: [PendingEntry]) {
        state.withLock { state in
            for entry in entries {
                let key = StreamPartition(entry.stream, entry.partition)
                guard let present = state.waiting[key] else {
                    state.waiting[key] = entry
                    continue
                }
                state.waiting[key] = present.joined(with: entry)
            }
        }
    }

    /// The oldest entries of the streams, at most `limit`; those of one partition together.
    func take(_ streams: [String], limit: Int) -> [PendingEntry] {
        state.withLock { state in
            let chosen = state.waiting.values.filter { streams.contains($0.stream) }
                .sorted { ($0.dueAt, $0.partition) < ($1.dueAt, $1.partition) }
                .prefix(limit)
            let partitions = Set(chosen.map(\.partition))
            let entries = state.waiting.filter {
                streams.contains($0.key.stream) && partitions.contains($0.key.partition)
            }
            for (key, entry) in entries {
                state.waiting[key] = nil
                state.taken[key] = entry
            }
            let order = Dictionary(chosen.enumerated().map { ($1.partition, $0) }) { first, _ in first }
            return entries.values.sorted {
                let (left, right) = (order[$0.partition] ?? 0, order[$1.partition] ?? 0)
                return left == right ? $0.stream < $1.stream : left < right
            }
        }
    }

    /// How many entries of the streams nobody has taken yet.
    func waiting(_ streams: [String]) -> Int {
        state.withLock { state in state.waiting.keys.count { streams.contains($0.stream) } }
    }

    /// The entry was answered, or goes back to the stored queue by other means.
    func finish(_ entry: PendingEntry) {
        state.withLock { $0.taken[StreamPartition(entry.stream, entry.partition)] = nil }
    }

    /// Everything not answered yet.
    var open: [PendingEntry] {
        state.withLock { Array($0.waiting.values) + Array($0.taken.values) }
    }
}
