import Logging
import Sync
import Synchronization

/// Progress as log records, for everything that is no terminal: start and end of a stream, and twice a minute between.
final class LoggedProgress: ProgressReporting {
    private struct State {
        var board = ProgressBoard()
        var lastLogged: [String: Double] = [:]
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
        let now = now()
        let (summary, isDue) = state.withLock { state -> (ProgressBoard.Summary?, Bool) in
            let summary = state.board.apply(event, at: now)
            guard let summary else { return (nil, true) }
            let key = "\(summary.source) \(summary.stream)"
            switch event {
            case .page:
                guard now - (state.lastLogged[key] ?? 0) >= Self.interval else { return (summary, false) }
                state.lastLogged[key] = now
            case .streamStarted: state.lastLogged[key] = now
            case .streamFinished: state.lastLogged[key] = nil
            case .note: break
            }
            return (summary, true)
        }
        guard isDue else { return }
        log(event, summary)
    }

    private func log(_ event: ProgressEvent, _ summary: ProgressBoard.Summary?) {
        if case .note(let source, let message) = event {
            logger.notice("note", metadata: ["source": "\(source)", "note": "\(message)"])
            return
        }
        guard let summary else { return }
        var metadata: Logger.Metadata = ["source": "\(summary.source)", "stream": "\(summary.stream)"]
        if case .streamStarted = event {
            if let pages = summary.totalPages { metadata["total_pages"] = .stringConvertible(pages) }
            logger.info("stream started", metadata: metadata)
            return
        }
        metadata["rows"] = .stringConvertible(summary.rows)
        metadata["pages"] = .stringConvertible(summary.pages)
        metadata["rows_per_second"] = .stringConvertible(summary.rowsPerSecond)
        if case .streamFinished = event {
            metadata["seconds"] = .stringConvertible((summary.seconds * 10).rounded() / 10)
            logger.info("stream finished", metadata: metadata)
            return
        }
        if let pages = summary.totalPages { metadata["total_pages"] = .stringConvertible(pages) }
        if let remaining = summary.remaining { metadata["eta_seconds"] = .stringConvertible(Int(min(remaining, 1e9))) }
        logger.info("stream progress", metadata: metadata)
    }
}
