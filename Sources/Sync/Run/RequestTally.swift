import Extractor
import Synchronization

/// Counts the calls of a run, by stream, as they are sent.
final class RequestTally: Sendable {
    private struct State {
        var unreported: [String: Int] = [:]
        var byStream: [String: Int] = [:]
        var total = 0
        var tokens = 0
        var spent = 0
    }
    private let state = Mutex(State())

    var counter: RequestCounter {
        { [self] event in
            state.withLock { state in
                switch event.kind {
                case .data:
                    state.unreported[event.stream, default: 0] += 1
                    state.byStream[event.stream, default: 0] += 1
                    state.total += 1
                case .token: state.tokens += 1
                }
            }
        }
    }

    /// Calls for data so far, repetitions included.
    var total: Int { state.withLock { $0.total } }

    /// The same by stream.
    var byStream: [String: Int] { state.withLock { $0.byStream } }

    /// The calls since the last time, token calls too, for the host's daily quota.
    func takeSpent() -> Int {
        state.withLock { state in
            defer { state.spent = state.total + state.tokens }
            return state.total + state.tokens - state.spent
        }
    }

    /// The calls since the last time, for the ledger.
    func takeUnreported() -> [String: Int] {
        state.withLock { state in
            defer { state.unreported = [:] }
            return state.unreported
        }
    }
}
