import Loader
import Platforms

/// The re-pulls of an estimated run, each with how many of its kind it stands for.
struct RunEstimatorQueue: Sendable {
    private var waiting: [StreamPartition: (entry: PendingEntry, weight: Double)] = [:]

    /// Whether no entry of the partition waits.
    func isNew(_ partition: StreamPartition) -> Bool { waiting[partition] == nil }

    /// Adds an entry, unless one of its partition is waiting; one that was taken may come again.
    mutating func add(_ entry: PendingEntry, weight: Double) {
        let key = StreamPartition(entry.stream, entry.partition)
        guard let present = waiting[key] else {
            waiting[key] = (entry, weight)
            return
        }
        var kept = present.weight <= weight ? present : (entry: entry, weight: weight)
        if present.entry.isWhole || entry.isWhole { kept.entry.reason = PendingEntry.whole }
        waiting[key] = kept
    }

    /// The oldest entries of the streams that have one weight, at most `limit`; those of one partition together.
    mutating func take(_ streams: [String], limit: Int) -> (entries: [PendingEntry], weight: Double) {
        let candidates = waiting.values.filter { streams.contains($0.entry.stream) }
        guard let weight = candidates.map(\.weight).min() else { return ([], 1) }
        let chosen = candidates.filter { $0.weight == weight }.map(\.entry)
            .sorted { ($0.dueAt, $0.partition, $0.stream) < ($1.dueAt, $1.partition, $1.stream) }
            .prefix(limit)
        let partitions = Set(chosen.map(\.partition))
        let entries = candidates.filter { $0.weight == weight && partitions.contains($0.entry.partition) }.map(\.entry)
            .sorted { ($0.dueAt, $0.partition, $0.stream) < ($1.dueAt, $1.partition, $1.stream) }
        for entry in entries { waiting[StreamPartition(entry.stream, entry.partition)] = nil }
        return (entries, weight)
    }
}
