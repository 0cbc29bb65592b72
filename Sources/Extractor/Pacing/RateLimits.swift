/// How fast one host may be asked.
package struct RateLimits: Sendable, Equatable {
    /// Calls a second in the long run.
    package var perSecond: Double
    /// Calls that may start at once after a rest; 1 means even spacing.
    ///
    /// By default 4, or the calls of a second where those are fewer.
    package var burst: Int
    /// Calls in flight at most.
    package var inFlight: Int
    /// Calls in any 24 hours that somebody has set as a ceiling: it holds whatever the platform says of its own quota.
    package var perDay: Int?
    /// Calls in any 24 hours that the platform is taken to allow until it says itself what it allows.
    package var assumedPerDay: Int?
    /// Share of the daily quota that is left for others.
    package var dayReserve: Double
    /// So many silences within an hour halve the rate for as long as the process lives; `nil` never does.
    package var pausesUntilSlower: Int?

    package init(
        perSecond: Double,
        burst: Int? = nil,
        inFlight: Int = 4,
        perDay: Int? = nil,
        assumedPerDay: Int? = nil,
        dayReserve: Double = 0,
        pausesUntilSlower: Int? = nil
    ) {
        self.perSecond = max(perSecond, 0.001)
        self.burst = max(burst ?? Int(min(self.perSecond.rounded(.up), 4)), 1)
        self.inFlight = max(inFlight, 1)
        self.perDay = perDay
        self.assumedPerDay = assumedPerDay
        self.dayReserve = min(max(dayReserve, 0), 1)
        self.pausesUntilSlower = pausesUntilSlower
    }

    /// The stricter of both in every respect.
    func stricter(_ other: RateLimits) -> RateLimits {
        RateLimits(
            perSecond: min(perSecond, other.perSecond),
            burst: min(burst, other.burst),
            inFlight: min(inFlight, other.inFlight),
            perDay: [perDay, other.perDay].compactMap { $0 }.min(),
            assumedPerDay: [assumedPerDay, other.assumedPerDay].compactMap { $0 }.min(),
            dayReserve: max(dayReserve, other.dayReserve),
            pausesUntilSlower: [pausesUntilSlower, other.pausesUntilSlower].compactMap { $0 }.min()
        )
    }
}

/// A turn given by a ``RateLimiter``; goes back through ``RateLimiter/release(_:)`` exactly once.
package struct RatePermit: Sendable {
    /// When the call may start (monotonic), which is now.
    package let grantedAt: Duration
    let pauseStep: Int
}
