/// The decisions of a ``RateLimiter``, without clock or waiting.
struct PaceState {
    enum Decision {
        case go(RatePermit)
        case wait(Duration)
        case refuse(ExtractorError)
    }

    private static let minute: Int64 = 60_000_000
    private static let day: Int64 = 86_400_000_000

    var limits: RateLimits
    var pausedUntil = Duration.zero
    /// Counts pauses, so that calls of one burst are told from calls after it.
    var pauseStep = 0
    /// Pauses without a good answer in between: the length of the next one.
    var pausesInRow = 0
    private(set) var dayCount = 0
    /// When the bucket would be full again (generic cell rate algorithm).
    private var fullAt = Duration.seconds(-1_000_000)
    private var days: [(minute: Int64, count: Int)] = []

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
        if let perDay = limits.perDay {
            forgetDays(before: wall)
            if dayCount >= Int(Double(perDay) * (1 - limits.dayReserve)) {
                var error = ExtractorError(.quotaSpent, "the daily quota of requests is used up")
                error.notBeforeMicroseconds = (days.first.map { ($0.minute + 1) * Self.minute } ?? wall) + Self.day
                return .refuse(error)
            }
            countDay(1, wall: wall)
        }
        fullAt = max(fullAt, now) + interval
        return .go(RatePermit(grantedAt: now, pauseStep: pauseStep))
    }

    /// Takes back the last turn, in which nothing was sent.
    mutating func giveBack() {
        fullAt -= interval
        if dayCount > 0, let last = days.indices.last {
            dayCount -= 1
            days[last].count -= 1
        }
    }

    mutating func countDay(_ count: Int, wall: Int64) {
        let minute = wall / Self.minute
        if let last = days.indices.last, days[last].minute >= minute {
            days[last].count += count
        } else {
            days.append((minute, count))
        }
        dayCount += count
    }

    /// Drops what lies more than 24 hours back, a minute later rather than earlier.
    mutating func forgetDays(before wall: Int64) {
        let oldest = (wall - Self.day) / Self.minute
        while let first = days.first, first.minute < oldest {
            dayCount -= first.count
            days.removeFirst()
        }
    }
}
