/// The platform's limit on calls: whoever goes above it finds the API off for a while.
struct MatrixRateLimit: Sendable {
    /// What becomes of a call.
    enum Verdict: Equatable {
        case allowed
        /// The call that went above the limit.
        case exceeded
        /// A call while the API is off.
        case paused
    }

    /// When counted calls came, in seconds of the clock in use, oldest first; at most a minute's.
    private var arrivals: [Double] = []
    private var pausedUntil = -Double.infinity

    /// Counts a call that came at `now` seconds.
    mutating func count(_ switches: MatrixSwitches, now: Double) -> Verdict {
        guard switches.rateLimitPerMinute > 0 else { return .allowed }
        if now < pausedUntil {
            if switches.ratePauseProlonged { pausedUntil = now + switches.ratePauseSeconds }
            return .paused
        }
        let windowStart = switches.rateLimitWindow == "fixed" ? (now / 60).rounded(.down) * 60 : now - 60
        arrivals.removeAll { switches.rateLimitWindow == "fixed" ? $0 < windowStart : $0 <= windowStart }
        arrivals.append(now)
        guard arrivals.count + switches.otherClientCalls > switches.rateLimitPerMinute else { return .allowed }
        pausedUntil = now + switches.ratePauseSeconds
        arrivals = []
        return .exceeded
    }
}
