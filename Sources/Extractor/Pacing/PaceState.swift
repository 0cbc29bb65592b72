/// The decisions of a ``RateLimiter``, without clock or waiting.
struct PaceState {
    enum Decision {
        case go(RatePermit)
        case wait(Duration)
        case refuse(ExtractorError)
    }

    private static let hour = Duration.seconds(3_600)

    var limits: RateLimits
    var pausedUntil = Duration.zero
    /// Counts pauses, so that calls of one burst are told from calls after it.
    var pauseStep = 0
    /// Pauses without a good answer in between: the length of the next one.
    var pausesInRow = 0
    /// Whether the host was silenced and has not answered well since.
    private(set) var awaitsSuccess = false
    /// When the host was last silenced.
    private(set) var lastPause: Duration?
    var quota = DayQuota()
    private var recentPauses: [Duration] = []
    /// When the bucket would be full again (generic cell rate algorithm).
    private var fullAt = Duration.seconds(-1_000_000)

    init(limits: RateLimits) {
        self.limits = limits
    }

    private var interval: Duration { .nanoseconds(Int64(1_000_000_000 / limits.perSecond)) }

    /// Takes a turn at `now`, or says how long to wait before asking again.
    mutating func take(now: Duration, wall: Int64, longestWait: Duration) -> Decision {
        let pause = pausedUntil - now
        if pause > longestWait {
            var error = ExtractorError(.pauseTooLong, "the host is silenced for longer than a run waits")
            error.notBeforeMicroseconds = wall + pause.microseconds
            return .refuse(error)
        }
        if pause > .zero { return .wait(pause) }
        let interval = interval
        let ready = fullAt - interval * (limits.burst - 1)
        if ready > now { return .wait(ready - now) }
        if let until = quota.spentUntil(limits, wall: wall) {
            var error = ExtractorError(.quotaSpent, "the daily quota of requests is used up")
            error.notBeforeMicroseconds = until
            return .refuse(error)
        }
        quota.note(1, wall: wall)
        fullAt = max(fullAt, now) + interval
        return .go(RatePermit(grantedAt: now, pauseStep: pauseStep))
    }

    /// Takes back the last turn, in which nothing was sent.
    mutating func giveBack() {
        fullAt -= interval
        quota.takeBack()
    }

    /// Silences the host once more at `now`.
    mutating func notePause(at now: Duration) {
        pauseStep += 1
        pausesInRow += 1
        awaitsSuccess = true
        lastPause = now
        guard let most = limits.pausesUntilSlower else { return }
        recentPauses = recentPauses.filter { now - $0 < Self.hour } + [now]
        guard recentPauses.count >= most else { return }
        recentPauses = []
        limits.perSecond = max(limits.perSecond / 2, 0.001)
    }

    /// The host has answered well.
    mutating func noteSuccess() {
        pausesInRow = 0
        awaitsSuccess = false
    }
}
