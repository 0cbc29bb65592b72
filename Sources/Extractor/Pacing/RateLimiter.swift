import Synchronization

/// The pace of one host, shared by everything in the process that asks it.
///
/// A token bucket counted by the moments calls really start, so that late timers never crowd a window; calls in flight
/// are bounded; a pause silences the whole host. Waiting callers come in order and can be cancelled.
package final class RateLimiter: Sendable {
    private let time: any TimeSource
    private let slots: Permits
    private let turn = Permits(1)
    private let state: Mutex<PaceState>

    package init(_ limits: RateLimits, time: any TimeSource = SystemTime()) {
        self.time = time
        slots = Permits(limits.inFlight)
        state = Mutex(PaceState(limits: limits))
    }

    /// The limits in force.
    package var limits: RateLimits { state.withLock { $0.limits } }

    /// How many calls may still be made so that the daily quota, refilled evenly, lasts; `nil` without a quota.
    package var allowance: Int? {
        let now = time.wallMicroseconds
        return state.withLock { $0.quota.allowance($0.limits, wall: now) }
    }

    /// The calls of the daily quota in 24 hours, its reserve apart; `nil` without a quota.
    package var usablePerDay: Int? { state.withLock { $0.quota.usablePerDay($0.limits) } }

    /// Silences in a row without a good answer in between.
    var pausesInRow: Int { state.withLock { $0.pausesInRow } }

    /// How long ago the host was last silenced; `nil` where it never was.
    var sincePause: Duration? {
        let now = time.monotonic
        return state.withLock { state in state.lastPause.map { now - $0 } }
    }

    /// Waits for a turn.
    ///
    /// A pause of the host with more than `longestWait` left throws `pauseTooLong` instead. After a pause `probe` asks
    /// the host once, in a turn of its own, and everybody waits until it says yes.
    package func acquire(
        longestWait: Duration = .seconds(300),
        probe: ((RatePermit) async throws -> Bool)? = nil
    ) async throws -> RatePermit {
        try await slots.acquire()
        do {
            try await turn.acquire()
            defer { turn.release() }
            while true {
                let decision = state.withLock {
                    $0.take(now: time.monotonic, wall: time.wallMicroseconds, longestWait: longestWait)
                }
                switch decision {
                case .go(let permit):
                    guard let probe, state.withLock({ $0.awaitsSuccess }) else { return permit }
                    if try await probe(permit) { state.withLock { $0.noteSuccess() } }
                case .wait(let duration): try await time.sleep(for: duration)
                case .refuse(let error): throw error
                }
            }
        } catch {
            slots.release()
            throw error
        }
    }

    /// Ends a call that was sent.
    package func release(_ permit: RatePermit) {
        slots.release()
    }

    /// Ends a turn in which nothing was sent.
    package func giveBack(_ permit: RatePermit) {
        state.withLock { $0.giveBack() }
        slots.release()
    }

    /// Tells that a call was answered well: the next pause is short again.
    package func noteSuccess(of permit: RatePermit) {
        state.withLock { state in
            if permit.pauseStep == state.pauseStep { state.noteSuccess() }
        }
    }

    /// Silences the host after a call was throttled.
    ///
    /// Calls that were under way together count as one event.
    ///
    /// - Returns: How long the silence lasts from now, and whether it began with this call.
    @discardableResult
    package func pauseHost(
        after permit: RatePermit,
        policy: RetryPolicy,
        random: any RandomSource,
        atLeast: Duration = .zero
    ) -> (wait: Duration, isNew: Bool) {
        let now = time.monotonic
        return state.withLock { state in
            let isNew = permit.pauseStep == state.pauseStep
            if isNew {
                state.notePause(at: now)
                let wait = max(policy.pause(step: state.pausesInRow, random: random), atLeast)
                state.pausedUntil = max(state.pausedUntil, now + wait)
            } else {
                state.pausedUntil = max(state.pausedUntil, now + atLeast)
            }
            return (state.pausedUntil - now, isNew)
        }
    }

    /// Silences the host until `wait` from now has passed.
    package func pause(for wait: Duration) {
        let now = time.monotonic
        state.withLock { $0.pausedUntil = max($0.pausedUntil, now + wait) }
    }

    /// Takes over stricter limits; how many calls may be in flight stays as the limiter was made.
    package func tighten(to limits: RateLimits) {
        state.withLock { $0.limits = $0.limits.stricter(limits) }
    }

    /// Adds calls of an earlier process to the day, once for each name.
    package func restoreDay(_ calls: [(atMicroseconds: Int64, count: Int)], for name: String = "") {
        state.withLock { $0.quota.restore(calls, for: name) }
    }

    /// Notes what an answer said of the daily quota.
    package func noteQuota(limit: Int, remaining: Int) {
        state.withLock { $0.quota.note(limit: limit, remaining: remaining) }
    }
}
