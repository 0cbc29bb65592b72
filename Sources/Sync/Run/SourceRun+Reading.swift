import Extractor
import Loader
import Logging
import Platforms
import Records
import Synchronization

extension SourceRun {
    @discardableResult
    func read(_ groups: [ReadGroup]) async throws -> ReadSlice {
        let groups = groups.filter { !isDone($0) }
        guard !groups.isEmpty else { return ReadSlice() }
        expect(tally.total + groups.reduce(0) { $0 + $1.reads.count })
        progress.order(groups)
        let work = GroupList(groups)
        // With few lists the pages of one list overlap, with many the lists do.
        let workers = min(settings.concurrency, groups.count)
        let pagesAhead = groups.count >= settings.concurrency ? 0 : settings.concurrency - 1
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for _ in 0..<workers {
                    tasks.addTask {
                        while let group = work.next() {
                            work.join(try await self.read(group, pagesAhead: pagesAhead))
                        }
                    }
                }
                for try await _ in tasks {}
            }
        } catch {
            // What whole lists have lacked so far is known to whoever takes their marks back, even when the run is stopped.
            await Task { try? await self.compareRest() }.value
            throw error
        }
        try Task.checkCancellation()
        try await compareRest()
        finishStreams()
        return work.slice
    }

    /// Only a baseline reads a stream in one go; in other runs one reading may lead to another of a stream already read.
    func finishStreams() {
        if isBaseline { progress.finish(stats.rows(of:)) }
    }

    func reading(_ streams: [String], _ body: () async throws -> Void) async throws {
        progress.hold(streams)
        try await body()
        progress.release(streams)
        finishStreams()
    }

    private func isDone(_ group: ReadGroup) -> Bool {
        policy.resumes && group.answers.isEmpty
            && group.reads.allSatisfy(plan.resume.isDone)
    }

    /// Reads one group; a failure that concerns it alone goes on the ledger.
    private func read(_ group: ReadGroup, pagesAhead: Int) async throws -> ReadSlice {
        defer { progress.end(group) }
        if group.reads.contains(where: { stats.isStopped($0.stream) }) {
            postpone(group)
            return ReadSlice(isComplete: false)
        }
        // Pages asked for ahead are at risk as well; of a small run there may not be many.
        let pagesAhead = min(pagesAhead, max(pace.risk.limit / 2 - 1, 0))
        let reading = try await beginReading(of: group, pagesAhead: pagesAhead)
        defer { pace.risk.end(reading) }
        let id = group.publishesByPage ? nil : assembler.openGroup()
        let notes: ReadNotes
        do {
            notes = try await readLists(of: group, id: id, reading: reading, pagesAhead: pagesAhead)
        } catch let error as ExtractorError where !error.stopsSource {
            pace.risk.end(reading)
            if let id { assembler.drop(group: id) }
            if let others = group.instead(error) { return try await read(others, pagesAhead: pagesAhead) }
            try await noteFailure(of: group, error)
            let notes = group.notesOnFailure(error)
            log.add(notes)
            return ReadSlice(isComplete: false, notes: notes)
        } catch let error as SyncError where error.code == .rejectedTooMuch {
            if let id { assembler.drop(group: id) }
            _ = stats.fail(stream: group.reads[0].stream, message: error.message, error: nil, stops: true)
            if isBaseline, group.answers.isEmpty { for list in group.reads { stats.noteGap(list.stream) } }
            return ReadSlice(isComplete: false)
        } catch {
            if let id { assembler.drop(group: id) }
            throw error
        }
        try await publishIfDue()
        return ReadSlice(notes: notes)
    }

    private func read(_ replacement: Replacement, pagesAhead: Int) async throws -> ReadSlice {
        log.add(replacement.notes)
        var slice = ReadSlice(notes: replacement.notes)
        let groups = replacement.groups.filter { !isDone($0) }
        progress.order(groups)
        for group in groups { slice.join(try await read(group, pagesAhead: pagesAhead)) }
        return slice
    }

    /// Waits until a group's calls may be made, by what a kill may repeat.
    private func beginReading(of group: ReadGroup, pagesAhead: Int) async throws -> Int {
        let lists = group.reads.count { !(policy.resumes && plan.resume.isDone($0)) }
        return try await admitted { [pace] in
            pace.risk.begin(calls: (group.publishesByPage ? 1 : lists) + pagesAhead)
        }
    }

    private func admitted(_ ask: () -> RequestsAtRisk.Answer) async throws -> Int {
        while true {
            switch ask() {
            case .admitted(let reading): return reading
            case .publishFirst: try await publishAtRisk()
            case .wait(let version): try await pace.risk.change(since: version)
            }
        }
    }

    /// - Returns: What the answers noted for this reading.
    private func readLists(of group: ReadGroup, id: Int?, reading: Int, pagesAhead: Int) async throws -> ReadNotes {
        let walker = ListWalker(client: client, clock: clock)
        var batches = 0
        var changes: [StateChange] = []
        var ends: [(list: ListRead, outcome: WalkOutcome)] = []
        var presence = Presence(group.covers)
        var unneeded: [ListRead] = []
        var calls = 0
        var notes = ReadNotes()
        for list in group.reads where !(policy.resumes && plan.resume.isDone(list)) {
            guard list.isNeeded() else {
                unneeded.append(list)
                continue
            }
            let resumption = policy.resumes ? plan.resume.resumption(of: list) : nil
            let (outcome, answered) = try await walker.walk(list, from: resumption, pagesAhead: pagesAhead) { step in
                try self.count(step.parsed, list)
                for batch in step.parsed.batches { presence.note(batch) }
                notes.merge(step.parsed.notes, keptFor: .reading)
                self.log.add(step.parsed.notes)
                // What is left out is there all the same: only now does it go.
                var step = step
                step.parsed = step.parsed.restricted(to: self.scope)
                batches += step.parsed.batches.count
                if id != nil { changes += step.parsed.changes }
                if step.info != nil { calls += 1 }
                try await self.deliver(step, of: list, group: id, reading: reading)
                if group.publishesByPage { try await self.publishIfDue() }
                if let info = step.info, !info.isLast {
                    _ = try await self.admitted { self.pace.risk.extend(reading) }
                }
            }
            try Self.checkEnd(outcome, of: answered)
            ends.append((answered, outcome))
        }
        for (list, outcome) in ends { if let result = list.result(outcome) { log.note(result) } }
        let finished = changes + ends.flatMap { $0.list.completion($0.outcome) }
        let (outcomes, skipped, made) = (ends, unneeded, calls)
        if policy.looksForAbsences, !group.covers.isEmpty, ends.count + unneeded.count == group.reads.count,
            ends.allSatisfy({ $0.outcome.isComplete && !$0.outcome.isResumed && !$0.outcome.isPart })
        {
            try await note(presence)
        }
        try await lock.deliver {
            if let id {
                await self.assembler.join(group: id, batches: batches) { unit in
                    self.finish(group, outcomes, skipped, &unit)
                    for change in finished { self.write(change, to: &unit) }
                }
                self.pace.risk.gather(reading, calls: made)
            } else {
                self.assembler.change { unit in
                    self.finish(group, outcomes, skipped, &unit)
                    for change in finished { self.write(change, to: &unit) }
                }
            }
            // Before the lock is free: the next commit unit must not queue again what this one answers.
            for entry in group.answers { self.finish(entry) }
        }
        return notes
    }

    func finish(_ entry: PendingEntry) {
        if isBaseline { queueOfBaseline.finish(entry) } else { queueOfRun.finish(entry) }
    }

    private func count(_ parsed: ParsedPage, _ list: ListRead) throws {
        _ = startedAt  // the first answer sets it
        stats.noteAnswer(stream: list.stream)
        store.writer.noteProgress()
        for batch in parsed.batches {
            try stats.note(stream: batch.stream, read: batch.readCount, rejected: batch.rejectCount)
        }
    }

    private func deliver(_ step: WalkStep, of list: ListRead, group id: Int?, reading: Int) async throws {
        let parsed = step.parsed
        try await lock.deliver {
            for batch in parsed.batches { try await batch.deliver(to: self.streams, group: id) }
            guard id == nil else { return }
            await self.apply(parsed.changes)
            if step.info != nil { self.pace.risk.gather(reading, calls: 1) }
            if self.policy.resumes, list.resuming != nil, let info = step.info {
                let position = ResumePoint.position(
                    page: step.page,
                    items: step.items,
                    total: info.totalItems,
                    cursor: info.cursor
                )
                self.assembler.change {
                    $0.setCheckpoint(ResumePoint.name(of: list), list.partition, position: position)
                }
            }
        }
        report(list, step)
    }

    /// What is true when the last page of a group is stored.
    private func finish(
        _ group: ReadGroup,
        _ ends: [(list: ListRead, outcome: WalkOutcome)],
        _ skipped: [ListRead],
        _ unit: inout CommitUnit
    ) {
        for entry in group.answers { unit.unqueue(entry.stream, entry.partition) }
        for list in skipped where policy.resumes && group.answers.isEmpty {
            unit.setCheckpoint(ResumePoint.name(of: list), list.partition, position: ResumePoint.done)
        }
        for (list, outcome) in ends {
            if policy.resumes, group.answers.isEmpty {
                unit.setCheckpoint(ResumePoint.name(of: list), list.partition, position: ResumePoint.done)
            }
            // One row a learner would double the ledger without telling more than the learner's watermark does.
            let part = StreamPartition(list.stream, list.partition)
            guard
                group.answers.isEmpty || plan.unread.contains(part)
                    || group.answers.contains(where: { $0.attempts > 0 })
            else { continue }
            unit.coverage(
                list.stream,
                list.partition,
                outcome: outcome.items == 0 ? .empty : .read,
                expected: outcome.expected,
                read: outcome.items,
                isComplete: outcome.isComplete
            )
        }
    }

    private func report(_ list: ListRead, _ step: WalkStep) {
        guard let info = step.info else { return }
        if list.partition.isEmpty, let total = info.totalPages {
            expect(tally.total + max(total - info.number, 0))
        }
        progress.page(
            list.stream,
            rows: stats.rows(of: list.stream),
            page: step.page,
            of: info.totalPages.map { max($0, step.page) }
        )
    }
}

/// Groups on their way to the workers.
private final class GroupList: Sendable {
    private let groups: [ReadGroup]
    private let state = Mutex((next: 0, slice: ReadSlice()))

    init(_ groups: [ReadGroup]) {
        self.groups = groups
    }

    func next() -> ReadGroup? {
        let index = state.withLock { state in
            defer { state.next += 1 }
            return state.next
        }
        return index < groups.count ? groups[index] : nil
    }

    /// Adds what a group has brought.
    func join(_ slice: ReadSlice) { state.withLock { $0.slice.join(slice) } }

    /// What all groups have brought.
    var slice: ReadSlice { state.withLock { $0.slice } }
}
