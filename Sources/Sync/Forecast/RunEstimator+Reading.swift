import Extractor
import Loader
import Logging
import Platforms
import Records
import Synchronization

extension RunEstimator {
    /// Pages of one list of the whole school that are read: page 1 tells the total, the others what changed.
    private static var pagesPerSample: Int { 10 }
    /// Of the lists that decide what else is read, at least so many are read, and a quarter of them.
    private static func sampleSize(of count: Int) -> Int { max(28, min(count / 4, 120)) }

    @discardableResult
    func read(_ groups: [ReadGroup]) async throws -> ReadSlice {
        try await count(groups, weight: state.withLock { $0.weight })
        return ReadSlice(notes: state.withLock { state in
            defer { state.notes = ReadNotes() }
            return state.notes
        })
    }

    /// Counts the lists of the groups, each for `weight` such lists, and reads what tells more.
    func count(_ groups: [ReadGroup], weight: Double) async throws {
        var telling: [ReadGroup] = []
        for group in groups {
            var group = group
            group.reads = group.reads.filter(noteOnce)
            guard !group.reads.isEmpty else { continue }
            if group.isSampled {
                telling.append(group)
            } else if group.reads.allSatisfy(\.partition.isEmpty) {
                try await readWhole(group)
            } else {
                for list in group.reads { try await pass(list, weight: weight) }
            }
        }
        try await count(telling: telling.filter(\.isUnknown), weight: weight)
        try await count(telling: telling.filter { !$0.isUnknown }, weight: weight)
    }

    private func noteOnce(_ list: ListRead) -> Bool {
        let key = ListKey(stream: list.stream, partition: list.partition, request: list.request.fingerprint())
        return state.withLock { $0.counted.insert(key).inserted }
    }

    // MARK: Lists that are not read

    /// Counts a list, and marks it as if it had been read.
    private func pass(_ list: ListRead, weight: Double) async throws {
        let calls = try await foreseenCalls(list)
        // What is asked because a sample lacks it stands for what other parts would lack.
        let weight = max(weight, state.withLock { $0.absent[list.partition] } ?? 1)
        try await touch(list, weight: weight)
        state.withLock { state in
            state.forecast.add(
                about: Double(calls) * weight,
                to: list.stream,
                weight == 1 ? "what the queue holds, what is due by age and what changes ask for" : Self.sampled
            )
        }
    }

    private static var sampled: String { "what changes ask for, by a sample of the lists that tell it" }

    /// The calls that a list is taken to cost.
    func foreseenCalls(_ list: ListRead) async throws -> Int {
        switch list.cost {
        case .calls(let number): return number
        case .pages(let size):
            var known = state.withLock { $0.rowsLastRead[list.stream] }
            if known == nil {
                let rows = try await reader.rowsLastRead(settings.id, list.stream)
                state.withLock { $0.rowsLastRead[list.stream] = rows }
                known = rows
            }
            let rows = known?[list.partition] ?? 0
            return max(1, (rows + size - 1) / max(size, 1))
        }
    }

    /// Marks a part as read now.
    private func touch(_ list: ListRead, weight: Double) async throws {
        let outcome = WalkOutcome(isComplete: false, expected: nil, items: 1, asOf: serverNow, position: MarkPosition())
        if let result = list.result(outcome) { log.note(result) }
        apply(list.completion(outcome), weight: weight)
        guard var position = try await facts.watermark(list.stream, list.partition) else { return }
        // The members by which parts are due again.
        for name in ["read_at", "verified_at"] where position.time(name) != nil { position.set(name, serverNow) }
        let key = StreamPartition(list.stream, list.partition)
        state.withLock { [position] in $0.marks[key] = position }
    }

    // MARK: Lists of the whole school

    /// Reads lists of the whole school as far as they tell what they cost and what changed.
    private func readWhole(_ group: ReadGroup) async throws {
        var presence = Presence(group.covers)
        var isWhole = true
        for list in group.reads {
            let walk: Walk
            do {
                walk = try await self.walk(list, pages: Self.pagesPerSample)
            } catch let error as ExtractorError where !error.stopsSource {
                // It costs its call all the same, and the others are planned.
                state.withLock { $0.forecast.add(1, to: list.stream) }
                logger.debug("list not read", metadata: ["stream": "\(list.stream)", "error": "\(error)"])
                note(group.instead(error)?.notes ?? group.notesOnFailure(error))
                return
            }
            state.withLock { state in
                state.forecast.add(
                    walk.total + Double(walk.endCalls),
                    to: list.stream,
                    isExact: walk.isStated,
                    "\(walk.read) pages read of a list without a total"
                )
            }
            if walk.isWhole, let outcome = walk.outcome {
                for unit in walk.units { assembler.change { $0.append(unit) } }
                for batch in walk.batches { presence.note(batch) }
                if let result = walk.list.result(outcome) { log.note(result) }
                apply(walk.list.completion(outcome), weight: 1)
            } else {
                isWhole = false
                let scale = walk.total / Double(max(walk.read, 1))
                state.withLock { state in
                    state.samples.append(Sample(units: walk.units, scale: scale))
                    for reason in list.hints { state.hints[reason] = scale }
                }
            }
            isWhole = isWhole && walk.outcome?.isComplete == true
        }
        if isWhole { try await noteAbsences(presence, scale: 1) }
    }

    // MARK: Lists that tell what else is read

    /// Reads some of the groups; what they cost more or less than foreseen, the others are taken to cost as well.
    private func count(telling groups: [ReadGroup], weight: Double) async throws {
        guard !groups.isEmpty else { return }
        let chosen = Self.sample(of: groups)
        var sample = Sample(scale: weight * Double(groups.count) / Double(chosen.count))
        var (foreseen, made): ([String: Int], [String: Int]) = ([:], [:])
        let names = Set(chosen.map(Self.name))
        for group in groups {
            let isChosen = names.contains(Self.name(group))
            for list in group.reads {
                try await pass(list, weight: weight)
                if isChosen { foreseen[list.stream, default: 0] += try await foreseenCalls(list) }
            }
        }
        for group in chosen {
            let parts = CommitUnitAssembler(sourceID: settings.id, runID: 0)
            var presence = Presence(group.covers)
            var isWhole = true
            for list in group.reads {
                sample.partitions.insert(list.partition)
                guard list.isNeeded() else { continue }
                do {
                    let walk = try await walk(list, pages: Self.pagesPerSample)
                    made[list.stream, default: 0] += Int(walk.total) + walk.endCalls
                    for unit in walk.units { parts.change { $0.append(unit) } }
                    for batch in walk.batches { presence.note(batch) }
                    isWhole = isWhole && walk.outcome?.isComplete == true
                    if let outcome = walk.outcome {
                        if let result = walk.list.result(outcome) { log.note(result) }
                        apply(walk.list.completion(outcome), weight: sample.scale)
                    }
                } catch let error as ExtractorError where !error.stopsSource {
                    // It costs its call all the same.
                    made[list.stream, default: 0] += 1
                    isWhole = false
                    logger.debug("list not read", metadata: ["stream": "\(list.stream)", "error": "\(error)"])
                }
            }
            sample.units.append(parts.takeAll())
            if isWhole { try await noteAbsences(presence, scale: sample.scale) }
        }
        let ready = sample
        state.withLock { [made, foreseen] state in
            state.samples.append(ready)
            for stream in Set(made.keys).union(foreseen.keys) {
                let more = Double((made[stream] ?? 0) - (foreseen[stream] ?? 0)) * ready.scale
                if more != 0 { state.forecast.add(about: more, to: stream, Self.sampled) }
            }
        }
    }

    private static func name(_ group: ReadGroup) -> Int { group.reads[0].request.fingerprint() }

    /// Some of the groups: all of a course, or none of them, because one explains another.
    private static func sample(of groups: [ReadGroup]) -> [ReadGroup] {
        func family(_ group: ReadGroup) -> Substring { group.reads[0].partition.prefix { $0 != "/" } }
        var families: [Substring] = []
        var members: [Substring: [ReadGroup]] = [:]
        for group in groups {
            if members[family(group)] == nil { families.append(family(group)) }
            members[family(group), default: []].append(group)
        }
        let lists = groups.reduce(0) { $0 + $1.reads.count }
        let count = max(1, sampleSize(of: lists) * families.count / max(lists, 1))
        return Sampling.spread(families, count).flatMap { members[$0] ?? [] }
    }
}
