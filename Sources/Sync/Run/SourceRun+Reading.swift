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
    private func finishStreams() {
        if isBaseline { progress.finish(stats.rows(of:)) }
    }

    func reading(_ streams: [String], _ body: () async throws -> Void) async throws {
        progress.hold(streams)
        try await body()
        progress.release(streams)
        finishStreams()
    }

    func drain(
        _ names: [String],
        _ makeGroups: @Sendable ([PendingEntry]) async throws -> [ReadGroup]
    ) async throws {
        if isBaseline {
            try await drainStored(names, makeGroups)
            return
        }
        try await takeUpDueWork()
        while true {
            let entries = queueOfRun.take(names, limit: 500)
            guard !entries.isEmpty else { return }
            let groups = try await makeGroups(entries)
            progress.left(queueOfRun.waiting(names), of: names, like: groups, count: entries.count)
            try await read(groups)
        }
    }

    /// Takes up what earlier runs have queued, once the platform's own clock is known: by it the work is due, not by ours.
    private func takeUpDueWork() async throws {
        guard plan.target == nil, queueOfRun.beginTakingUp() else { return }
        queueOfRun.add(try await store.duePending(Array(plan.streams), by: serverNow, limit: 100_000))
    }

    /// A baseline's queue can be as long as the school has learners, so it is read from the warehouse in key order.
    private func drainStored(
        _ names: [String],
        _ makeGroups: @Sendable ([PendingEntry]) async throws -> [ReadGroup]
    ) async throws {
        for name in names {
            var last = ""
            var left = try await store.pendingCount(name)
            while true {
                let entries = try await store.pending(name, after: last, limit: 2_000)
                guard let end = entries.last else {
                    progress.left(0, of: [name], like: [], count: 0)
                    finishStreams()
                    break
                }
                last = end.partition
                let groups = try await makeGroups(entries)
                // The rest of the queue is taken to cost what these entries do.
                expect(tally.total + left * groups.reduce(0) { $0 + $1.reads.count } / entries.count)
                left = max(0, left - entries.count)
                progress.left(left, of: [name], like: groups, count: entries.count)
                try await read(groups)
            }
        }
    }

    private func isDone(_ group: ReadGroup) -> Bool {
        isBaseline && group.answers.isEmpty
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
        let lists = group.reads.count { !(isBaseline && plan.resume.isDone($0)) }
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
        for list in group.reads where !(isBaseline && plan.resume.isDone(list)) {
            guard list.isNeeded() else {
                unneeded.append(list)
                continue
            }
            let resumption = isBaseline ? plan.resume.resumption(of: list) : nil
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
        // Nobody asks an target what is gone.
        if plan.target == nil, !group.covers.isEmpty, ends.count + unneeded.count == group.reads.count,
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

    private func finish(_ entry: PendingEntry) {
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
            if self.isBaseline, list.resuming != nil, let info = step.info {
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
        for list in skipped where isBaseline && group.answers.isEmpty {
            unit.setCheckpoint(ResumePoint.name(of: list), list.partition, position: ResumePoint.done)
        }
        for (list, outcome) in ends {
            if isBaseline, group.answers.isEmpty {
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

    // MARK: Failures

    /// A list that states its total and does not hold together, walk after walk, was not read: no mark may move.
    private static func checkEnd(_ outcome: WalkOutcome, of list: ListRead) throws {
        guard outcome.statesTotal, !outcome.isComplete else { return }
        var error = ExtractorError(
            .walkBroken,
            "the list changed while it was read, in each of \(ListWalker.attempts) walks: \(outcome.items) of "
                + "\(outcome.expected ?? 0) rows; it is read again by the next runs"
        )
        error.request = list.request.description
        error.stream = list.stream
        throw error
    }

    /// Notes a group that could not be read: the ledger knows it, and the queue keeps what a later run can read.
    private func noteFailure(of group: ReadGroup, _ error: ExtractorError) async throws {
        let list = group.reads.first { $0.stream == error.stream } ?? group.reads[0]
        let isLasting = Self.isLasting(error)
        let givesUp = stats.fail(
            stream: list.stream,
            message: error.description,
            error: error,
            stops: !isLasting && (list.partition.isEmpty || stats.failsInRow(list.stream))
        )
        logger.warning("list not read", metadata: ["stream": "\(list.stream)", "error": "\(error)"])
        let now = serverNow
        try await lock.deliver {
            self.noteFailure(of: group, list, error, isLasting: isLasting, now: now)
        }
        // What belongs to one part, an increment asks for again; a list of the whole stream, only a baseline.
        if isBaseline, group.answers.isEmpty, list.isWholeStream { stats.noteGap(list.stream) }
        if givesUp { throw error }
    }

    private func noteFailure(
        of group: ReadGroup,
        _ list: ListRead,
        _ error: ExtractorError,
        isLasting: Bool,
        now: Timestamp
    ) {
        assembler.change { unit in
            unit.coverage(list.stream, list.partition, outcome: Self.outcome(of: error))
            for entry in group.answers {
                let attempts = entry.attempts + 1
                unit.unqueue(entry.stream, entry.partition)
                unit.queue(
                    entry.stream,
                    entry.partition,
                    reason: entry.reason,
                    dueAt: self.isBaseline ? now : now.advanced(by: Self.delay(afterAttempts: attempts)),
                    attempts: attempts
                )
            }
            guard group.answers.isEmpty else { return }
            let waits = self.isBaseline && list.waitsInQueue && !isLasting
            if waits || list.isQueueable && (self.isBaseline || !list.partition.isEmpty) {
                let dueAt = self.isBaseline ? now : now.advanced(by: Self.delay(afterAttempts: 1))
                unit.queue(list.stream, list.partition, reason: "failed", dueAt: dueAt, attempts: 1)
            }
            guard self.isBaseline else { return }
            // A list of the whole school that is refused is asked for again: without it the stream is not loaded.
            if isLasting && !list.isWholeStream || list.isQueueable || waits {
                unit.setCheckpoint(ResumePoint.name(of: list), list.partition, position: ResumePoint.done)
            }
        }
        for entry in group.answers { finish(entry) }
    }

    /// What the rest of a stopped stream leaves undone.
    private func postpone(_ group: ReadGroup) {
        guard group.answers.isEmpty else { return }
        guard !isBaseline else {
            for list in group.reads {
                if list.isWholeStream { stats.noteGap(list.stream) } else { stats.postpone(list) }
            }
            return
        }
        assembler.change { unit in
            for list in group.reads where !list.partition.isEmpty {
                unit.coverage(list.stream, list.partition, outcome: .postponed)
            }
        }
    }

    /// Leaves to the next increment what a baseline that came to its end has postponed; one that was cut short asks for it
    /// again itself.
    func leavePostponed() {
        let now = serverNow
        let lists = stats.takePostponed()
        guard !lists.isEmpty else { return }
        assembler.change { unit in
            for list in lists {
                unit.coverage(list.part.stream, list.part.partition, outcome: .failed)
                guard list.isQueueable else { continue }
                unit.queue(list.part.stream, list.part.partition, reason: "failed", dueAt: now, attempts: 1)
            }
        }
    }

    /// Whether the platform has refused this one list, so that others may still be read.
    private static func isLasting(_ error: ExtractorError) -> Bool {
        switch error.code {
        case .platformFailed, .objectUnreadable, .walkBroken, .invalidRequest, .tooLarge: true
        default: false
        }
    }

    private static func outcome(of error: ExtractorError) -> CoverageOutcome {
        switch error.status {
        case 401, 403: .refused
        case 404, 410: .gone
        default: error.code == .objectUnreadable ? .refused : .failed
        }
    }

    /// A list that fails again and again is asked for less and less often, and once a day at least.
    private static func delay(afterAttempts attempts: Int) -> Duration {
        min(.seconds(300 * (1 << min(attempts, 12))), .seconds(86_400))
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
