import Loader
import Platforms

extension SourceRunner {
    /// What a run is asked to do.
    enum RunKind: Sendable, Equatable {
        case baseline(restart: Bool)
        case incremental
        /// An increment, and everything read again that was not verified within the age.
        case full(maxAge: Duration)
        /// Holds the platform against the warehouse.
        case reconcile(Comparison)
        /// An incremental pull, or a full sweep, that stores nothing.
        case dryRun(sweepAge: Duration?)
        /// A closed window of the event log, once more.
        case replay(EventWindow)
        /// Some learners and courses, now.
        case pull(OnDemand, isDryRun: Bool)

        var isBaseline: Bool {
            if case .baseline = self { true } else { false }
        }

        var isDryRun: Bool {
            switch self {
            case .dryRun, .pull(_, isDryRun: true): true
            default: false
            }
        }

        /// How old a verification may be to count; `nil` where nothing is swept.
        var sweepAge: Duration? {
            switch self {
            case .full(let maxAge): maxAge
            case .dryRun(let sweepAge): sweepAge
            case .baseline, .incremental, .replay, .pull, .reconcile: nil
            }
        }

        /// What the run is sent for, where it does not follow the platform's changes.
        var target: TargetedRun? {
            switch self {
            case .replay(let window): .replay(window)
            case .pull(let demand, _): .pull(demand)
            default: nil
            }
        }

        /// What the run holds against the warehouse; `nil` for one that stores.
        var comparison: Comparison? {
            if case .reconcile(let comparison) = self { comparison } else { nil }
        }

        /// What is said when a signal stopped the run.
        var wordsWhenStopped: String {
            switch self {
            case .baseline: "stopped; registrar baseline goes on where it was"
            case .incremental: "stopped; the next registrar sync goes on from what is stored"
            case .full: "stopped; registrar sync --full with an age (--max-age) goes on where it was"
            case .reconcile, .dryRun, .replay, .pull: "stopped; run it again"
            }
        }

        /// As the ledger has it.
        var mode: RunMode {
            switch self {
            case .baseline: .baseline
            case .full: .full
            case .incremental, .dryRun, .pull: .incremental
            case .replay: .replay
            case .reconcile: .reconcile
            }
        }
    }
}
