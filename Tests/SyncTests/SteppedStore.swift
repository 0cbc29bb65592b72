import Records
import Sync
import Synchronization
import Transformer

/// A loader that holds on to each batch until it is told to let go.
final class SteppedStore: RecordStreams.Store {
    private struct State {
        var taken = 0
        var permits = 0
        var holding: [CheckedContinuation<Void, Never>] = []
        var watching: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }
    private let state = Mutex(State())

    func store<R: Record>(_ batch: Batch<R>) async throws {
        let reached = state.withLock { state in
            state.taken += 1
            let reached = state.watching.filter { $0.count <= state.taken }
            state.watching.removeAll { $0.count <= state.taken }
            return reached
        }
        for watcher in reached { watcher.continuation.resume() }
        await withCheckedContinuation { continuation in
            let mayGo = state.withLock { state in
                guard state.permits > 0 else {
                    state.holding.append(continuation)
                    return false
                }
                state.permits -= 1
                return true
            }
            if mayGo { continuation.resume() }
        }
    }

    var takenCount: Int { state.withLock { $0.taken } }

    /// Lets go of the batch that came first.
    func letGo() {
        let holder = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.holding.isEmpty else {
                state.permits += 1
                return nil
            }
            return state.holding.removeFirst()
        }
        holder?.resume()
    }

    /// Waits until so many batches have come.
    func waitForBatch(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.taken < count { state.watching.append((count, continuation)) }
                return state.taken >= count
            }
            if isThere { continuation.resume() }
        }
    }
}

/// A loader that counts.
final class CountingStore: RecordStreams.Store {
    private let taken = Mutex(0)

    func store<R: Record>(_ batch: Batch<R>) async throws {
        taken.withLock { $0 += 1 }
    }

    var count: Int { taken.withLock { $0 } }
}
