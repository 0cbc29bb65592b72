import AsyncAlgorithms
import Loader
import Logging
import Platforms

extension SourceRun {
    /// Runs the platform's plan to its end, with the streams and the publisher beside it.
    ///
    /// - Parameter totals: Adds up what was published.
    /// - Throws: What ended the run. What was complete by then has been committed, unless the warehouse failed.
    func execute(_ totals: PublishTotals) async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await self.streams.drain(into: self.assembler) }
                tasks.addTask { try await self.publishOrders(totals) }
                tasks.addTask { try await self.runPlan() }
                // `waitForAll` would wait for the others first; leaving the loop with the error cancels them.
                for try await _ in tasks {}
            }
        } catch let error as LoadError {
            throw error
        } catch {
            // The reading ended early: what is whole is kept, in a task that nobody cancels.
            await Task { await self.publishRest(totals) }.value
            throw error
        }
    }

    private func runPlan() async throws {
        if let target = plan.target {
            try await run(target)
        } else if isBaseline {
            try await platform.baseline(self)
        } else if let comparison = plan.comparison {
            try await compare(comparison)
        } else if let sweepAge = plan.sweepAge {
            try await platform.sweep(self, maxAge: sweepAge)
            noteFreshness()
        } else {
            try await platform.incremental(self)
            noteFreshness()
        }
        try Task.checkCancellation()
        progress.finishAll(stats.rows(of:))
        if policy.keepsMarks { await markScope() }
        if isBaseline { leavePostponed() }
        try await settle()
        try await decideDeletions()
        try await publish()
        streams.finish()
        orders.finish()
    }

    /// Marks the courses that are left out, so that they are loaded whole should they come back into scope.
    private func markScope() async {
        let now = startedAt
        var changes = scope.leaving(at: now)
        // A baseline has read all that is in scope.
        if isBaseline, stats.gaps.isEmpty { changes += scope.entered(scope.entering, at: now) }
        await apply(changes)
    }

    private func run(_ target: TargetedRun) async throws {
        switch target {
        case .replay(let window):
            guard let platform = platform as? any EventLogPlatform else {
                throw SyncError(.noEventLog, "the platform has no event log to replay")
            }
            try await platform.replay(window, self)
        case .pull(let demand):
            try await platform.pull(demand, self)
        }
    }

    /// Where the log named nobody, what is stored is what the platform had when this run began.
    private func noteFreshness() {
        let unsure = Set(stats.failures.keys).union(staleStreams)
        assembler.change { unit in
            for stream in self.plan.streams.subtracting(unsure) { unit.noteDataAsOf(stream, self.startedAt) }
        }
    }

    private func publishOrders(_ totals: PublishTotals) async throws {
        for await order in orders {
            guard order.claim() else { continue }
            do {
                // A commit that has begun is not cut short: stopping a run must not cost its last requests.
                let counts = try await Task {
                    try await self.store.publish(order.unit, waitsForDisk: order.waitsForDisk)
                }.value
                totals.add(counts)
                pace.risk.commit(calls: order.calls)
                order.done.end(.success(()))
            } catch {
                order.done.end(.failure(error))
                throw error
            }
        }
        try Task.checkCancellation()
    }

    private func publishRest(_ totals: PublishTotals) async {
        do {
            for unit in try await closingUnits() { totals.add(try await store.publish(unit)) }
        } catch {
            logger.warning(
                "what was read last could not be stored",
                metadata: ["error": "\(RunOutcome(error: error).message ?? "")"]
            )
        }
    }
}
