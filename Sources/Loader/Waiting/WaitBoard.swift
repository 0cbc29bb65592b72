import Records
import Synchronization

/// The waits of one process for its warehouse, told once however many of its connections wait.
final class WaitBoard: Sendable {
    private struct State {
        var waiting = 0
        var notices: WaitNotices?
        var wait: WarehouseWait?
    }

    private let state = Mutex(State())
    private let tell: @Sendable (WarehouseWait) -> Void
    private let clock = ContinuousClock()
    private let start = ContinuousClock.now

    init(tell: @escaping @Sendable (WarehouseWait) -> Void) { self.tell = tell }

    /// Begins the wait of one connection.
    func begin(_ wait: WarehouseWait, isForRoom: Bool) {
        let now = now
        state.withLock { state in
            state.waiting += 1
            state.wait = wait
            if state.notices == nil { state.notices = WaitNotices(since: now, isForRoom: isForRoom) }
        }
    }

    /// Sleeps, and tells the wait when it is time to.
    func pause(_ duration: Duration) async throws {
        let end = now + duration
        while true {
            let due = tellIfDue()
            let rest = end - now
            guard rest > .zero else { return }
            try await clock.sleep(for: min(rest, max(due - now, .milliseconds(1))))
        }
    }

    /// Ends the wait of one connection; the last to end tells that the work goes on.
    func end(goesOn: Bool) {
        let over = state.withLock { state -> WarehouseWait? in
            state.waiting -= 1
            guard state.waiting == 0 else { return nil }
            defer { (state.notices, state.wait) = (nil, nil) }
            return state.notices?.wasTold == true ? state.wait : nil
        }
        guard var over, goesOn else { return }
        over.isOver = true
        tell(over)
    }

    private var now: Duration { clock.now - start }

    /// - Returns: When the next telling is due.
    @discardableResult
    func tellIfDue() -> Duration {
        let now = now
        let (due, wait) = state.withLock { state -> (Duration, WarehouseWait?) in
            guard var notices = state.notices else { return (now + .seconds(60), nil) }
            guard notices.due <= now else { return (notices.due, nil) }
            notices.noteTold(at: now)
            state.notices = notices
            return (notices.due, state.wait)
        }
        if let wait { tell(wait) }
        return due
    }
}
