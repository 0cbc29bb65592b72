import Platforms
import Records

/// What a run does with what it reads and with what its platform decides: each rule of a mode said once.
///
/// A value without effects. ``SourceRun`` asks it, and does what it says.
struct RunPolicy: Sendable, Equatable {
    /// What a run is for, as far as it decides what becomes of what is read.
    enum Purpose: Sendable, Equatable {
        /// Loads everything, once; goes on after an interruption.
        case baseline
        /// Follows the platform's changes, or sweeps.
        case increment
        /// Reads what somebody has named, and leaves marks and queue to others.
        case target
        /// Holds the platform against the warehouse.
        case comparison(repairs: Bool)
        /// Asks again for records that were rejected.
        case retry(repairs: Bool)
    }

    let purpose: Purpose

    init(_ purpose: Purpose) {
        self.purpose = purpose
    }

    init(_ spec: RunSpec) {
        if spec.target != nil {
            purpose = .target
        } else if let comparison = spec.comparison {
            purpose =
                comparison.retried == nil
                ? .comparison(repairs: comparison.repairs) : .retry(repairs: comparison.repairs)
        } else {
            purpose = spec.mode == .baseline ? .baseline : .increment
        }
    }

    var isBaseline: Bool { purpose == .baseline }

    private var isComparing: Bool {
        switch purpose {
        case .comparison, .retry: true
        case .baseline, .increment, .target: false
        }
    }

    // MARK: Marks

    /// What becomes of a watermark that the platform sets.
    enum WatermarkFate: Sendable, Equatable {
        /// It is stored with the rows it vouches for. Of a baseline's many parts only those of whole streams are remembered, too.
        case stored(isRemembered: Bool)
        /// The run itself goes by it, and nothing is stored.
        case remembered
        case dropped
    }

    func watermark(ofPartition partition: String) -> WatermarkFate {
        switch purpose {
        case .target: .dropped
        case .comparison, .retry: .remembered
        case .baseline: .stored(isRemembered: partition.isEmpty)
        case .increment: .stored(isRemembered: true)
        }
    }

    /// Whether the run stores what the connector has learnt, and marks courses that have left the scope.
    var keepsMarks: Bool { purpose != .target }

    // MARK: The queue

    /// What becomes of a queue entry that the platform wants.
    enum QueueFate: Sendable, Equatable {
        /// This run drains it, and stores it only if it is left over.
        case keptForThisRun
        /// It is stored, and a baseline drains it from there.
        case stored
        case dropped
    }

    func queueing(of entry: PendingEntry, now: Timestamp) -> QueueFate {
        switch purpose {
        case .baseline: .stored
        case .increment, .target: entry.dueAt <= now ? .keptForThisRun : .stored
        // What a repair brings back may have lost more than the repair is about.
        case .comparison(let repairs), .retry(let repairs): repairs && entry.isWhole ? .stored : .dropped
        }
    }

    /// Whether the run drains what earlier runs have queued.
    var takesUpQueue: Bool { purpose != .target }

    // MARK: Deletions

    /// What becomes of rows that the platform says are gone.
    enum DeletionFate: Sendable, Equatable {
        /// Held back until the run's end, when it is known whether they are too many.
        case heldBack
        case marked
        case dropped
    }

    func deletion(of rows: GoneRows) -> DeletionFate {
        switch purpose {
        // A retry looks for records, not for what is gone.
        case .retry: .dropped
        case .comparison(repairs: false): .marked
        case .baseline, .increment, .target, .comparison(repairs: true):
            rows.isGuarded || rows.parent != nil ? .heldBack : .marked
        }
    }

    /// Whether rows that whole lists lacked are looked for: who pulls something named does not ask what is gone.
    var looksForAbsences: Bool { purpose != .target }

    // MARK: Reading

    /// Whether lists that were read are skipped after an interruption, and leave checkpoints for that.
    var resumes: Bool { isBaseline }

    /// Whether what changed decides what else is read.
    var followsChanges: Bool { !isBaseline }

    /// Whether the run keeps to its part of the day's quota: what somebody asked for is read whole or not at all.
    var keepsToAllowance: Bool { purpose != .target }

    /// Whether every commit waits for the disk; of a baseline the server's memory may lose what is read again.
    var waitsForDisk: Bool { !isBaseline }
}
