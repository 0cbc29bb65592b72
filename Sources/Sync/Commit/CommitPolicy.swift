import Extractor
import Synchronization

/// Decides when a commit unit is large or old enough to be published, or holds as many calls as a kill may repeat.
final class CommitPolicy: Sendable {
    /// What a commit unit may hold, in bytes as they will be sent: an increment is to be seen at once, a baseline need
    /// not.
    static func byteLimit(isBaseline: Bool) -> Int { isBaseline ? 16 << 20 : 64 << 20 }

    private struct State {
        var publishedAt: Duration
    }

    /// Of a baseline: the calls that a kill would repeat.
    let risk: RequestsAtRisk
    private let isBaseline: Bool
    private let interval: Duration
    private let time: any TimeSource
    private let state: Mutex<State>

    init(isBaseline: Bool, interval: Duration, time: any TimeSource) {
        self.isBaseline = isBaseline
        self.interval = interval
        self.time = time
        risk = RequestsAtRisk(isLimited: isBaseline)
        state = Mutex(State(publishedAt: time.monotonic))
    }

    func isDue(bytes: Int) -> Bool {
        let now = time.monotonic
        let isOld = state.withLock { now - $0.publishedAt >= interval }
        return isOld || bytes >= Self.byteLimit(isBaseline: isBaseline) || risk.isUnitDue
    }

    func notePublished() {
        let now = time.monotonic
        state.withLock { $0.publishedAt = now }
    }
}
