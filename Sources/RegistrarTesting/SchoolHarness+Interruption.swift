package import Sync

extension SchoolHarness {
    /// Runs a baseline that is cancelled while its `number`th call is on the way.
    package func interruptedBaseline(atCall number: Int) async -> RunReport {
        let (signals, signal) = AsyncStream.makeStream(of: Void.self)
        let watched = watchingRequests { call, _ in
            guard call >= number else { return }
            signal.yield()
            // The call is held back until the cancellation arrives.
            try? await Task.sleep(for: .seconds(30))
        }
        return await withTaskGroup(of: RunReport?.self) { tasks in
            tasks.addTask { await watched.baseline() }
            for await _ in signals { break }
            tasks.cancelAll()
            let report = await tasks.next()
            return (report ?? nil) ?? RunReport(sources: [], exitCode: -1)
        }
    }
}
