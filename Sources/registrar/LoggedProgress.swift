import Logging
import Sync
import Synchronization

/// Progress as log records, for everything that is no terminal: start and end of runs and streams, and twice a minute
/// how far they are.
final class LoggedProgress: ProgressReporting {
    private struct State {
        var board = ProgressBoard()
        /// When a source, or a stream of it, was last told of.
        var lastLogged: [[String]: Double] = [:]
    }

    /// What one event has to be logged of.
    private enum Entry {
        case source(ProgressBoard.SourceSummary)
        case stream(ProgressBoard.StreamSummary)
    }

    private static let interval = 30.0
    private let logger: Logger
    private let now: @Sendable () -> Double
    private let state = Mutex(State())

    /// Makes a reporter that reads `now` in seconds on a clock that never goes back.
    init(logger: Logger, now: @escaping @Sendable () -> Double = LoggedProgress.monotonicSeconds()) {
        self.logger = logger
        self.now = now
    }

    static func monotonicSeconds() -> @Sendable () -> Double {
        let start = ContinuousClock.now
        return { (ContinuousClock.now - start) / .seconds(1) }
    }

    func report(_ event: ProgressEvent) {
        if case .note(let source, let message) = event {
            logger.notice("note", metadata: ["source": "\(source)", "note": "\(message)"])
            return
        }
        let now = now()
        guard let (message, entry) = state.withLock({ Self.entry(of: event, &$0, at: now) }) else { return }
        switch entry {
        case .source(let summary): logger.info(message, metadata: Self.fields(of: summary))
        case .stream(let summary): logger.info(message, metadata: Self.fields(of: summary))
        }
    }

    private static func entry(
        of event: ProgressEvent,
        _ state: inout State,
        at now: Double
    ) -> (Logger.Message, Entry)? {
        func source(_ name: String) -> Entry? { state.board.summary(of: name, at: now).map(Entry.source) }
        func stream(_ source: String, _ name: String) -> Entry? {
            state.board.summary(of: source, name, at: now).map(Entry.stream)
        }
        if case .workFinished(let name) = event {
            let last = source(name)
            state.board.apply(event, at: now)
            state.lastLogged = state.lastLogged.filter { $0.key.first != name }
            return last.map { ("run finished", $0) }
        }
        state.board.apply(event, at: now)
        switch event {
        case .workStarted(let name, _, _):
            state.lastLogged[[name]] = now
            return source(name).map { ("run started", $0) }
        case .request(let name), .expected(let name, _):
            return isDue([name], &state, now) ? source(name).map { ("run progress", $0) } : nil
        case .streamStarted(let name, let part):
            state.lastLogged[[name, part]] = now
            return stream(name, part).map { ("stream started", $0) }
        case .page(let name, let part, _, _, _), .lists(let name, let part, _, _):
            guard state.lastLogged[[name, part]] != nil else { return nil }
            return isDue([name, part], &state, now) ? stream(name, part).map { ("stream progress", $0) } : nil
        case .streamFinished(let name, let part, _):
            defer { state.board.remove(name, part) }
            state.lastLogged[[name, part]] = nil
            return stream(name, part).map { ("stream finished", $0) }
        case .workFinished, .note: return nil
        }
    }

    private static func isDue(_ key: [String], _ state: inout State, _ now: Double) -> Bool {
        guard now - (state.lastLogged[key] ?? 0) >= interval else { return false }
        state.lastLogged[key] = now
        return true
    }

    private static func fields(of summary: ProgressBoard.SourceSummary) -> Logger.Metadata {
        var fields: Logger.Metadata = [
            "source": "\(summary.source)", "mode": "\(summary.work)", "requests": .stringConvertible(summary.requests),
            "seconds": .stringConvertible(tenths(summary.seconds)),
        ]
        switch summary.total {
        case .about(let all): fields["requests_about"] = .stringConvertible(all)
        case .atLeast(let all): fields["requests_at_least"] = .stringConvertible(all)
        case .unknown: break
        }
        if let rate = summary.perSecond { fields["requests_per_second"] = .stringConvertible(tenths(rate)) }
        if let remaining = summary.remaining { fields["eta_seconds"] = .stringConvertible(Int(min(remaining, 1e9))) }
        return fields
    }

    private static func fields(of summary: ProgressBoard.StreamSummary) -> Logger.Metadata {
        var fields: Logger.Metadata = [
            "source": "\(summary.source)", "stream": "\(summary.stream)", "rows": .stringConvertible(summary.rows),
            "lists": .stringConvertible(summary.listsDone), "lists_known": .stringConvertible(summary.listsKnown),
            "seconds": .stringConvertible(tenths(summary.seconds)),
        ]
        if let page = summary.page { fields["page"] = .stringConvertible(page) }
        if let pages = summary.pages { fields["pages"] = .stringConvertible(pages) }
        if let remaining = summary.remaining { fields["eta_seconds"] = .stringConvertible(Int(min(remaining, 1e9))) }
        return fields
    }

    private static func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
