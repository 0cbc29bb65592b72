import Sync
import Synchronization

/// The progress board as the reporting threads and the writer share it.
final class LiveBoard: Sendable {
    private let board = Mutex(ProgressBoard())
    private let start = ContinuousClock.now

    var isActive: Bool { board.withLock { !$0.isEmpty } }

    func apply(_ event: ProgressEvent) -> ProgressBoard.Summary? {
        let now = now
        return board.withLock { $0.apply(event, at: now) }
    }

    /// The live block: one line a stream.
    func lines(width: Int) -> [String] {
        let now = now
        let summaries = board.withLock { $0.summaries(at: now) }
        let nameWidth = summaries.map { $0.source.count + 1 + $0.stream.count }.max() ?? 0
        return summaries.prefix(20).map { ProgressText.live($0, nameWidth: nameWidth, width: width) }
    }

    private var now: Double { (ContinuousClock.now - start) / .seconds(1) }
}
