import Dispatch
import Foundation

/// The school's own time: it stands still until it is advanced, or it runs with real time.
struct SimulatedClock: Sendable {
    private var base: Instant
    private var isRunning: Bool
    private var startedAt: UInt64

    init(_ start: ClockStart) {
        startedAt = DispatchTime.now().uptimeNanoseconds
        switch start {
        case .frozen(let moment): (base, isRunning) = (moment, false)
        case .running(let moment): (base, isRunning) = (moment, true)
        case .now:
            base = Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
            isRunning = true
        }
    }

    var now: Instant {
        guard isRunning else { return base }
        return base.adding(microseconds: Int64((DispatchTime.now().uptimeNanoseconds - startedAt) / 1000))
    }

    mutating func advance(seconds: Double) {
        base = base.adding(microseconds: Int64(seconds * 1_000_000))
    }

    /// Moves forward to a moment; never backwards.
    mutating func advance(to moment: Instant) {
        let now = now
        if moment > now { base = base.adding(microseconds: moment.microseconds - now.microseconds) }
    }
}

/// Where the school's time begins, and whether it runs by itself.
package enum ClockStart: Sendable {
    /// Stands still; only changes and `advance` move it. The deterministic choice.
    case frozen(Instant)
    /// Runs with real time from a given moment.
    case running(from: Instant)
    /// Runs with real time from now.
    case now

    /// 2026-01-05T08:00:00Z, standing still.
    package static let standard = ClockStart.frozen(Instant(seconds: 1_767_600_000))
}
