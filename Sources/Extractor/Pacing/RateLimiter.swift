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

    /// Calls of the last 24 hours; 0 unless there is a daily quota.
    package var requestsInLastDay: Int {
        let now = time.wallMicroseconds
        return state.withLock { state in
            state.forgetDays(before: now)
            return state.dayCount
        }
    }

    /// Waits for a turn.
    ///
    /// A pause of the host with more than `longestWait` left throws `pauseTooLong` instead.
    package func acquire(longestWait: Duration = .seconds(300)) async throws -> RatePermit {
        try await slots.acquire()
        do {
            try await turn.acquire()
            defer { turn.release() }
            while true {
                let decision = state.withLock {
                    $0.take(now: time.monotonic, wall: time.wallMicroseconds, longestWait: longestWait)
                }
                switch decision {
                case .go(let permit): return permit
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
            if permit.pauseStep == state.pauseStep { state.pausesInRow = 0 }
        }
    }

    /// Silences the host after a call was throttled.
    ///
    /// Calls that were under way together count as one event. Returns how long the silence lasts from now.
    @discardableResult
    package func pauseHost(
        after permit: RatePermit,
        policy: RetryPolicy,
        random: any RandomSource,
        atLeast: Duration = .zero
    ) -> Duration {
        let now = time.monotonic
        return state.withLock { state in
            if permit.pauseStep == state.pauseStep {
                state.pauseStep += 1
                state.pausesInRow += 1
                let wait = max(policy.pause(step: state.pausesInRow, random: random), atLeast)
                state.pausedUntil = max(state.pausedUntil, now + wait)
            } else {
                state.pausedUntil = max(state.pausedUntil, now + atLeast)
            }
            return state.pausedUntil - now
        }
    }

    /// Silences the host until `wait` from now has passed.
    package func pause(for wait: Duration) {
        let now = time.monotonic
        state.withLock { $0.pausedUntil = max($0.pausedUntil, now + wait) }
    }

    /// Multiplies the rate, for platforms that want to be asked more slowly after repeated events.
    package func scaleRate(by factor: Double) {
        state.withLock { state in
            state.limits.perSecond = max(state.limits.perSecond * factor, 0.001)
        }
    }

    /// Takes over stricter limits; how many calls may be in flight stays as the limiter was made.
    package func tighten(to limits: RateLimits) {
        state.withLock { $0.limits = $0.limits.stricter(limits) }
    }

    /// Adds calls of an earlier process to the rolling day.
    package func restoreDay(_ calls: [(atMicroseconds: Int64, count: Int)]) {
        state.withLock { state in
            for call in calls.sorted(by: { $0.atMicroseconds < $1.atMicroseconds }) {
                state.countDay(call.count, wall: call.atMicroseconds)
            }
        }
    }
}
