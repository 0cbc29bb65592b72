import Synchronization

/// One limiter a host, whoever asks it.
package final class RateLimiterRegistry: Sendable {
    /// The registry of this process: platforms count calls by host, not by source.
    package static let processWide = RateLimiterRegistry()

    private let limiters = Mutex<[String: RateLimiter]>([:])

    package init() {}

    /// Returns the limiter of the origin's host; a second caller's limits make it stricter, never looser.
    ///
    /// Servers on this machine are told apart by port.
    package func limiter(
        for origin: APIOrigin,
        limits: RateLimits,
        time: any TimeSource = SystemTime()
    ) -> RateLimiter {
        let key = origin.isLoopback ? "\(origin.host):\(origin.port)" : origin.host
        return limiters.withLock { limiters in
            if let limiter = limiters[key] {
                limiter.tighten(to: limits)
                return limiter
            }
            let limiter = RateLimiter(limits, time: time)
            limiters[key] = limiter
            return limiter
        }
    }
}
