import Extractor
import Loader
import Synchronization

/// Counts the calls of a run, by stream, as they are sent.
final class RequestTally: Sendable {
    private struct State {
        var unreported: [String: Int] = [:]
        var byStream: [String: Int] = [:]
        var total = 0
        var tokens = 0
        /// Calls by tenths of an hour that nobody was told of.
        var untold: [Int64: Int] = [:]
    }
    private let state = Mutex(State())
    private let time: any TimeSource
    /// Yields when there is something new to tell; ends with ``finish()``.
    let changes: AsyncStream<Void>
    private let change: AsyncStream<Void>.Continuation

    init(time: any TimeSource) {
        self.time = time
        (changes, change) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var counter: RequestCounter {
        { [self] event in
            let moment = DayCalls.moment(of: time.wallMicroseconds)
            state.withLock { state in
                state.untold[moment, default: 0] += 1
                switch event.kind {
                case .data:
                    state.unreported[event.stream, default: 0] += 1
                    state.byStream[event.stream, default: 0] += 1
                    state.total += 1
                case .token: state.tokens += 1
                }
            }
            change.yield()
        }
    }

    /// Calls for data so far, repetitions included.
    var total: Int { state.withLock { $0.total } }

    /// The same by stream.
    var byStream: [String: Int] { state.withLock { $0.byStream } }

    /// Token calls so far.
    var tokens: Int { state.withLock { $0.tokens } }

    /// The calls since the last time, for the ledger.
    func takeUnreported() -> [String: Int] {
        state.withLock { state in
            defer { state.unreported = [:] }
            return state.unreported
        }
    }

    // MARK: Telling as they are made

    /// What the warehouse does not know yet; `nil` where it knows all.
    func takeNews() -> RequestNews? {
        state.withLock { state in
            guard !state.untold.isEmpty else { return nil }
            defer { state.untold = [:] }
            var totals = state.byStream
            if state.tokens > 0 { totals[RequestNews.tokens] = state.tokens }
            return RequestNews(totals: totals, spent: state.untold)
        }
    }

    /// Takes back what could not be told.
    func putBack(_ news: RequestNews) {
        state.withLock { $0.untold.merge(news.spent, uniquingKeysWith: +) }
    }

    /// No call comes any more.
    func finish() { change.finish() }
}
