/// The calls of a developer group: a bucket that is filled again 24 hours after its first call
/// (Sources/Platforms/Blackboard/README.md §1).
struct BlackboardQuota: Sendable {
    private var startedAt = Instant.none
    private var used = 0

    /// Counts a call; false once the quota is spent.
    mutating func take(limit: Int, at now: Instant) -> Bool {
        if startedAt.isNone || now >= end {
            startedAt = now
            used = 0
        }
        used += 1
        return limit <= 0 || used <= limit
    }

    func remaining(of limit: Int) -> Int { max(limit - used, 0) }

    /// Seconds until the bucket is filled again.
    func secondsLeft(at now: Instant) -> Int64 {
        guard !startedAt.isNone else { return 0 }
        return max((end.microseconds - now.microseconds + Instant.second - 1) / Instant.second, 0)
    }

    private var end: Instant { startedAt.adding(microseconds: Instant.day) }
}
