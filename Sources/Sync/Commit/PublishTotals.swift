import Loader
import Synchronization

/// Adds up what the commit units of a run moved.
final class PublishTotals: Sendable {
    private let state = Mutex(PublishCounts())

    func add(_ counts: PublishCounts) {
        state.withLock { $0 += counts }
    }

    var counts: PublishCounts { state.withLock { $0 } }
}
