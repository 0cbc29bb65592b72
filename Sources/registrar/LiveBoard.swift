import Sync
import Synchronization

/// The progress board as the reporting threads and the writer share it.
final class LiveBoard: Sendable {
    private let board = Mutex(ProgressBoard())
    private let start = ContinuousClock.now
    /// Lines of the block at most: more than a small terminal's height would scroll away.
    private static let height = 20

    var isActive: Bool { board.withLock { !$0.isEmpty } }

    /// Takes an event.
    ///
    /// - Returns: The stream that it ends, as it stands then.
    func apply(_ event: ProgressEvent) -> ProgressBoard.StreamSummary? {
        let now = now
        return board.withLock { board in
            board.apply(event, at: now)
            guard case .streamFinished(let source, let stream, _) = event else { return nil }
            defer { board.remove(source, stream) }
            return board.summary(of: source, stream, at: now)
        }
    }

    /// The live block: a line a source, and below it a line a stream that is being read.
    func lines(width: Int) -> [String] {
        let now = now
        return Self.lines(board.withLock { $0.summaries(at: now) }, width: width)
    }

    static func lines(
        _ summaries: [(source: ProgressBoard.SourceSummary, streams: [ProgressBoard.StreamSummary])],
        width: Int
    ) -> [String] {
        let nameWidth = summaries.map(\.source.source.count).max() ?? 0
        let running = summaries.map { $0.streams.filter(\.isRunning) }
        let streamWidth = running.flatMap { $0 }.map(\.stream.count).max() ?? 0
        let lines = zip(summaries, running).flatMap { summary, streams in
            [ProgressText.live(summary.source, nameWidth: nameWidth, width: width)]
                + streams.map { ProgressText.live($0, nameWidth: streamWidth, width: width) }
        }
        return Array(lines.prefix(height))
    }

    private var now: Double { (ContinuousClock.now - start) / .seconds(1) }
}
