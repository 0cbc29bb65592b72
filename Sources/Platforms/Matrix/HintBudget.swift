import Records
import Synchronization

/// How many calls one run may still spend on classes that it reads because of hints alone.
///
/// What is due by age is read in any case; what hints ask for beyond the budget waits for the next run.
final class HintBudget: Sendable {
    /// The reasons that are hints: a login, the rest of a session, a message of the site.
    static let hints: Set<String> = ["login", "settle", "webhook"]

    private let end: Timestamp
    private let callsPerSecond: Double
    private let planned = Mutex<(calls: Int, at: Timestamp)?>(nil)

    init(time: Duration, from start: Timestamp, callsPerSecond: Double) {
        end = start.advanced(by: time)
        self.callsPerSecond = callsPerSecond
    }

    /// Whether there is time for `calls` more, behind those that were allowed at the same instant.
    func allows(calls: Int, at now: Timestamp) -> Bool {
        let left = Double(end.microseconds - now.microseconds) / 1_000_000
        guard left > 0 else { return false }
        return planned.withLock { planned in
            let before = planned.map { $0.at == now ? $0.calls : 0 } ?? 0
            guard Double(before + calls) <= left * callsPerSecond else { return false }
            planned = (before + calls, now)
            return true
        }
    }
}
