import Loader

/// Tells the warehouse of every call soon after it was made, whatever becomes of the rows it brings.
struct RequestTeller: Sendable {
    let tally: RequestTally
    let write: @Sendable (RequestNews) async throws -> Void

    /// The least time between two writes: what a kill leaves untold was sent within it.
    private static let pause = Duration.milliseconds(20)

    /// Runs `body` and tells beside it; returns when everything was told, or could not be.
    func beside<Value: Sendable, Failure: Error>(
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let result = await withTaskGroup(of: Void.self) { tasks -> Result<Value, Failure> in
            tasks.addTask { await tellAll() }
            let result: Result<Value, Failure>
            do throws(Failure) {
                result = .success(try await body())
            } catch {
                result = .failure(error)
            }
            tally.finish()
            await tasks.waitForAll()
            return result
        }
        return try result.get()
    }

    private func tellAll() async {
        var isTold = true
        for await _ in tally.changes {
            isTold = await tell()
            try? await Task.sleep(for: Self.pause)
        }
        // A warehouse that has just refused is not waited for once more.
        if isTold { _ = await tell() }
    }

    /// - Returns: Whether the warehouse knows all.
    private func tell() async -> Bool {
        guard let news = tally.takeNews() else { return true }
        do {
            // A write that was cut short could have counted: it is never cut short.
            try await Task { try await write(news) }.value
            return true
        } catch {
            tally.putBack(news)
            return false
        }
    }
}
