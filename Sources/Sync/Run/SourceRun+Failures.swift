import Extractor
import Loader
import Logging
import Platforms
import Records

/// What becomes of lists that could not be read.
extension SourceRun {
    /// A list that states its total and does not hold together, walk after walk, was not read: no mark may move.
    static func checkEnd(_ outcome: WalkOutcome, of list: ListRead) throws {
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
    func noteFailure(of group: ReadGroup, _ error: ExtractorError) async throws {
        let list = group.reads.first { $0.stream == error.stream } ?? group.reads[0]
        let isLasting = FailedList.isLasting(error)
        let givesUp = stats.fail(
            stream: list.stream,
            message: error.description,
            error: error,
            stops: !isLasting && (list.partition.isEmpty || stats.failsInRow(list.stream))
        )
        logger.warning("list not read", metadata: ["stream": "\(list.stream)", "error": "\(error)"])
        let now = serverNow
        // What a queue entry has asked for stays with the entry.
        let failed =
            group.answers.isEmpty ? FailedList(list, isLasting: isLasting, isBaseline: isBaseline, now: now) : nil
        try await lock.deliver {
            self.assembler.change { unit in
                unit.coverage(list.stream, list.partition, outcome: FailedList.outcome(of: error))
                for entry in group.answers {
                    unit.unqueue(entry.stream, entry.partition)
                    unit.queue(FailedList.retry(of: entry, isBaseline: self.isBaseline, now: now))
                }
                if let dueAt = failed?.queuedAt {
                    unit.queue(list.stream, list.partition, reason: PendingEntry.failed, dueAt: dueAt, attempts: 1)
                }
                if failed?.isDone == true {
                    unit.setCheckpoint(ResumePoint.name(of: list), list.partition, position: ResumePoint.done)
                }
            }
            for entry in group.answers { self.finish(entry) }
        }
        // What belongs to one part, an increment asks for again; a list of the whole stream, only a baseline.
        if failed?.isGap == true { stats.noteGap(list.stream) }
        if givesUp { throw error }
    }

    /// What the rest of a stopped stream leaves undone.
    func postpone(_ group: ReadGroup) {
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
                unit.queue(list.part.stream, list.part.partition, reason: PendingEntry.failed, dueAt: now, attempts: 1)
            }
        }
    }
}

extension CommitUnit {
    /// Queues an entry.
    mutating func queue(_ entry: PendingEntry) {
        queue(entry.stream, entry.partition, reason: entry.reason, dueAt: entry.dueAt, attempts: entry.attempts)
    }
}

extension PendingEntry {
    /// The reason of a list that could not be read.
    static let failed = "failed"
}
