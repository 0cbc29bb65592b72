import Records

/// How many calls one run may still spend on classes that it reads because of hints alone.
///
/// What is due by age is read in any case; what hints ask for beyond the budget waits for the next run.
struct HintBudget: Sendable {
    /// The reasons that are hints: a login, the rest of a session, a message of the site.
    static let hints: Set<String> = ["login", "settle", "webhook"]

    private let end: Timestamp
    private let callsPerSecond: Double

    init(time: Duration, from start: Timestamp, callsPerSecond: Double) {
        end = start.advanced(by: time)
        self.callsPerSecond = callsPerSecond
    }

    /// Whether there is time for `calls` more, behind those that were planned at the same instant.
    func allows(calls: Int, behind planned: Int, at now: Timestamp) -> Bool {
        let left = Double(end.microseconds - now.microseconds) / 1_000_000
        return left > 0 && Double(planned + calls) <= left * callsPerSecond
    }
}

/// Calls that hints were granted at one instant, and that may not have been made yet.
struct PlannedHints: ReadNote {
    let key: Timestamp
    let calls: Int

    func joined(with later: Self) -> Self { Self(key: key, calls: calls + later.calls) }
}
