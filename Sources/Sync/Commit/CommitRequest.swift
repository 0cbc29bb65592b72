import Loader
import Synchronization

/// A commit unit on its way to the publisher, and the means to wait for its commit.
final class CommitRequest: Sendable {
    let unit: CommitUnit
    /// Whether it has to be on the server's disk before the run goes on.
    let waitsForDisk: Bool
    /// Calls whose answers it holds, of those that are at risk until it is committed.
    let calls: Int
    let done = Completion()
    private let isClaimed = Atomic<Bool>(false)

    init(unit: CommitUnit, waitsForDisk: Bool, calls: Int) {
        (self.unit, self.waitsForDisk, self.calls) = (unit, waitsForDisk, calls)
    }

    /// Says yes to the first who asks: the publisher who received the order, or the cancelled sender who takes it back.
    func claim() -> Bool {
        isClaimed.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
    }
}

/// Waits for something that happens once, well or badly.
final class Completion: Sendable {
    private enum State {
        case open([CheckedContinuation<Void, any Error>])
        case ended(Result<Void, any Error>)
    }
    private let state = Mutex(State.open([]))

    func wait() async throws {
        try await withCheckedThrowingContinuation { continuation in
            let result = state.withLock { state -> Result<Void, any Error>? in
                switch state {
                case .ended(let result): return result
                case .open(let waiters):
                    state = .open(waiters + [continuation])
                    return nil
                }
            }
            if let result { continuation.resume(with: result) }
        }
    }

    func end(_ result: Result<Void, any Error>) {
        let waiters = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            guard case .open(let waiters) = state else { return [] }
            state = .ended(result)
            return waiters
        }
        for waiter in waiters { waiter.resume(with: result) }
    }
}
