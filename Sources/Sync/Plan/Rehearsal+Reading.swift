import Extractor
import Loader
import Logging
import Platforms
import Records
import Synchronization
import Transformer

extension Rehearsal {
    /// Pages of one list of the whole school that are read: page 1 tells the total, the others what changed.
    private static var pageSample: Int { 10 }
    /// Of the lists that decide what else is read, at least so many are read, and a fifth of them.
    private static func sampleSize(of count: Int) -> Int { max(12, min(count / 5, 100)) }

    /// Some of the groups that decide what else is read: all groups of a course, or none of it, because one explains another.
    private static func sample(of groups: [ReadGroup]) -> [ReadGroup] {
        func family(_ group: ReadGroup) -> Substring { group.reads[0].partition.prefix { $0 != "/" } }
        var families: [Substring] = []
        var members: [Substring: [ReadGroup]] = [:]
        for group in groups where !group.reads.isEmpty {
            if members[family(group)] == nil { families.append(family(group)) }
            members[family(group), default: []].append(group)
        }
        guard !groups.isEmpty else { return [] }
        let count = (sampleSize(of: groups.count) * families.count + groups.count - 1) / groups.count
        return Sampling.spread(families, count).flatMap { members[$0] ?? [] }
    }

    @discardableResult
    func read(_ groups: [ReadGroup]) async throws -> Bool {
        try await count(groups, weight: state.withLock { $0.weight })
        return true
    }

    /// Counts the lists of the groups, each for `weight` such lists, and reads what tells more.
    func count(_ groups: [ReadGroup], weight: Double) async throws {
        var telling: [ReadGroup] = []
        for group in groups {
            var isNew = false
            for list in group.reads where noteOnce(list) {
                isNew = true
                if list.partition.isEmpty {
                    try await readWhole(list)
                } else {
                    try await count(list, weight: weight)
                }
            }
            if isNew, group.isTelling { telling.append(group) }
        }
        let sample = Self.sample(of: telling)
        let scale = sample.isEmpty ? 1 : weight * Double(telling.count) / Double(sample.count)
        for group in sample { try await read(sample: group, weight: scale) }
    }

    private func noteOnce(_ list: ListRead) -> Bool {
        let key = ListKey(stream: list.stream, partition: list.partition, request: list.request.fingerprint())
        return state.withLock { $0.counted.insert(key).inserted }
    }

    /// Counts a list that is not read, and marks it as if it had been.
    private func count(_ list: ListRead, weight: Double) async throws {
        let calls: Int
        switch list.cost {
        case .calls(let number): calls = number
        case .pages(let size):
            let rows = try await rowsLastRead(list.stream)[list.partition] ?? 0
            calls = max(1, (rows + size - 1) / max(size, 1))
        }
        let outcome = WalkOutcome(
            isComplete: false,
            expected: nil,
            items: 1,
            asOf: serverNow,
            position: MarkPosition()
        )
        apply(list.completion(outcome), weight: weight)
        try await touch(list)
        state.withLock { state in
            let reason =
                weight == 1
                ? "what the queue holds, what is due by age and what changes ask for"
                : "judged by some of the lists that tell it"
            state.forecast.add(about: Double(calls) * weight, to: list.stream, reason)
        }
    }

    /// Marks a part as read now, where its watermark has the time of its last reading.
    private func touch(_ list: ListRead) async throws {
        guard var position = try await facts.watermark(list.stream, list.partition), position.time("read_at") != nil
        else { return }
        position.set("read_at", serverNow)
        let key = StreamPartition(list.stream, list.partition)
        state.withLock { [position] in $0.marks[key] = position }
    }

    /// The rows that each part of a stream held when it was last read whole.
    private func rowsLastRead(_ stream: String) async throws -> [String: Int] {
        if let known = state.withLock({ $0.coverage[stream] }) { return known }
        let rows = try await reader.rowsLastRead(settings.id, stream)
        state.withLock { $0.coverage[stream] = rows }
        return rows
    }

    // MARK: Samples

    /// Reads a group for what follows from it; a list that fails tells nothing.
    private func read(sample group: ReadGroup, weight: Double) async throws {
        for list in group.reads where list.isNeeded() {
            do {
                let walk = try await walk(list, pages: Self.pageSample)
                note(walk, of: list, weight: weight)
            } catch let error as ExtractorError where !error.stopsSource {
                logger.debug("list not read", metadata: ["stream": "\(list.stream)", "error": "\(error)"])
            }
        }
    }

    private func note(_ walk: Walk, of list: ListRead, weight: Double) {
        state.withLock { state in
            state.sampled.insert(list.partition)
            for table in walk.tables { state.rowWeights[table] = max(state.rowWeights[table] ?? 1, weight) }
        }
    }

    /// Reads a list of the whole school as far as it tells what it costs and what changed.
    private func readWhole(_ list: ListRead) async throws {
        let walk = try await walk(list, pages: Self.pageSample)
        state.withLock { state in
            for table in walk.tables {
                state.rowWeights[table] = max(state.rowWeights[table] ?? 1, walk.total / Double(max(walk.read, 1)))
            }
            state.forecast.add(
                walk.total + Double(walk.endCalls),
                to: list.stream,
                isExact: walk.isStated,
                "\(walk.read) pages read of a list without a total"
            )
        }
        guard walk.isWhole, let outcome = walk.outcome else { return }
        apply(walk.list.completion(outcome), weight: 1)
    }
}
