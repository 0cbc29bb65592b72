import Extractor
import Synchronization

/// Decides when a piece is large or old enough to be published.
final class PublishPace: Sendable {
    /// What a piece may hold, in bytes as they will be sent: an increment is to be seen at once, a baseline need not.
    static func byteLimit(isBaseline: Bool) -> Int { isBaseline ? 16 << 20 : 64 << 20 }

    private struct State {
        var publishedAt: Duration
        var requests = 0
        var expected = 0
    }

    private let isBaseline: Bool
    private let interval: Duration
    private let concurrency: Int
    private let time: any TimeSource
    private let state: Mutex<State>

    init(isBaseline: Bool, interval: Duration, concurrency: Int, time: any TimeSource) {
        self.isBaseline = isBaseline
        self.interval = interval
        self.concurrency = concurrency
        self.time = time
        state = Mutex(State(publishedAt: time.monotonic))
    }

    /// Tells how many requests the run is expected to make in all, as far as is known; only ever more.
    func expect(_ requests: Int) {
        state.withLock { $0.expected = max($0.expected, requests) }
    }

    func isDue(bytes: Int, requests: Int) -> Bool {
        let now = time.monotonic
        return state.withLock { state in
            if bytes >= Self.byteLimit(isBaseline: isBaseline) || now - state.publishedAt >= interval { return true }
            return isBaseline && requests - state.requests >= requestsAtRisk(state.expected)
        }
    }

    func notePublished(requests: Int) {
        let now = time.monotonic
        state.withLock { state in
            state.publishedAt = now
            state.requests = requests
        }
    }

    /// A kill repeats at most 1 % of a baseline's requests, or 8: one piece being committed, one growing, and what the
    /// workers have begun meanwhile have to fit into that together. A worker has a call on the wire and the page before it
    /// in a group that is not whole, at the end of either piece.
    private func requestsAtRisk(_ expected: Int) -> Int {
        max((max(8, expected / 100) - 4 * concurrency) / 2, 2)
    }
}
