import Loader
import Platforms
import Records
import Synchronization

extension RunEstimator {
    /// Parts that were read to tell what all of their kind ask for: pages of one list, or lists of one kind.
    struct Sample: Sendable {
        /// The rows of each part.
        var units: [CommitUnit] = []
        /// What the parts are called, where they are partitions of a stream.
        var partitions: Set<String> = []
        /// How many parts there are for each that was read.
        var scale: Double
    }

    /// Compares what was read with the warehouse; what follows from the differences is queued, for as many as it stands for.
    func settle() async throws {
        let fresh = assembler.takeFresh()
        _ = assembler.takeAll()
        let samples = state.withLock { state in
            defer { state.samples = [] }
            return state.samples
        }
        // What is known goes first: what only a sample shows adds to it.
        apply(try await followUps(of: fresh), weight: 1)
        for sample in samples { try await follow(sample) }
    }

    private func followUps(of unit: CommitUnit) async throws -> [StateChange] {
        guard !unit.isEmpty else { return [] }
        var changes: [String: [ChangedRow]] = [:]
        for followed in platform.followedTables where unit.rowCount(of: followed.table) > 0 {
            changes[followed.table.name] = try await store.differences(of: followed, in: unit)
        }
        return changes.isEmpty ? [] : try await platform.followUps(of: changes, self)
    }

    private func follow(_ sample: Sample) async throws {
        /// An entry, and how many parts of the sample lead to it.
        var found: [StreamPartition: (change: StateChange, parts: Int)] = [:]
        for unit in sample.units {
            var seen: Set<StreamPartition> = []
            for change in try await followUps(of: unit) {
                guard case .queue(let entry) = change else {
                    apply([change], weight: 1)
                    continue
                }
                let key = StreamPartition(entry.stream, entry.partition)
                guard entry.dueAt <= serverNow, seen.insert(key).inserted else { continue }
                found[key] = (change, (found[key]?.parts ?? 0) + 1)
            }
        }
        for (stream, entries) in Dictionary(grouping: found, by: \.key.stream) {
            let kinds = try await reader.allWatermarks(settings.id, stream).count
            let weight = sample.weight(of: entries.map { ($0.key.partition, $0.value.parts) }, kinds: kinds)
            apply(entries.filter { isNew($0.key) }.map(\.value.change), weight: weight)
        }
    }

    private func isNew(_ key: StreamPartition) -> Bool { state.withLock { $0.queue.isNew(key) } }
}

extension RunEstimator.Sample {
    /// How many entries each of those that the sample leads to stands for.
    ///
    /// - Parameters:
    ///   - entries: Their partitions, each with how many parts of the sample lead to it.
    ///   - kinds: How many partitions there are.
    func weight(of entries: [(partition: String, parts: Int)], kinds: Int) -> Double {
        guard scale > 1, !entries.isEmpty else { return 1 }
        // A part of the sample itself stands for the parts that were left out.
        let isOwn = entries.allSatisfy { entry in
            partitions.contains(entry.partition) || partitions.contains { $0.hasPrefix("\(entry.partition)/") }
        }
        if isOwn { return scale }
        let all = Sampling.extrapolated(
            entries.map(\.parts),
            units: units.count,
            to: Double(units.count) * scale,
            atMost: max(kinds, entries.count)
        )
        return all / Double(entries.count)
    }
}
