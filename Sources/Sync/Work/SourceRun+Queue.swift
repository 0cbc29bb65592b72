import Loader
import Platforms
import Records

/// What a run drains of the queue.
extension SourceRun {
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
        guard policy.takesUpQueue, queueOfRun.beginTakingUp() else { return }
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
}
