import Extractor
import Loader
import Platforms
import Records

/// What a run leaves behind where a list could not be read: a decision without effects.
struct FailedList: Sendable, Equatable {
    /// When the queue asks for the list again; `nil` where it does not.
    var queuedAt: Timestamp?
    /// Whether the list counts as done for the baseline that goes on: something else asks for it.
    var isDone = false
    /// Whether its stream is not loaded.
    var isGap = false

    /// - Parameters:
    ///   - list: The list that failed, which no queue entry has asked for.
    ///   - isLasting: Whether the platform has refused it, rather than failed for a moment.
    init(_ list: ListRead, isLasting: Bool, isBaseline: Bool, now: Timestamp) {
        let waits = isBaseline && list.waitsInQueue && !isLasting
        if waits || list.isQueueable && (isBaseline || !list.partition.isEmpty) {
            queuedAt = isBaseline ? now : now.advanced(by: Self.delay(afterAttempts: 1))
        }
        guard isBaseline else { return }
        // A list of the whole school that is refused is asked for again: without it the stream is not loaded.
        isDone = isLasting && !list.isWholeStream || list.isQueueable || waits
        isGap = list.isWholeStream
    }

    /// When a queue entry is tried again whose list has failed once more.
    static func retry(of entry: PendingEntry, isBaseline: Bool, now: Timestamp) -> PendingEntry {
        var entry = entry
        entry.attempts += 1
        entry.dueAt = isBaseline ? now : now.advanced(by: delay(afterAttempts: entry.attempts))
        return entry
    }

    /// A list that fails again and again is asked for less and less often, and once a day at least.
    private static func delay(afterAttempts attempts: Int) -> Duration {
        min(.seconds(300 * (1 << min(attempts, 12))), .seconds(86_400))
    }

    /// Whether the platform has refused this one list, so that others may still be read.
    static func isLasting(_ error: ExtractorError) -> Bool {
        switch error.code {
        case .platformFailed, .objectUnreadable, .walkBroken, .invalidRequest, .tooLarge: true
        default: false
        }
    }

    /// What the ledger says of the list.
    static func outcome(of error: ExtractorError) -> CoverageOutcome {
        switch error.status {
        case 401, 403: .refused
        case 404, 410: .gone
        default: error.code == .objectUnreadable ? .refused : .failed
        }
    }
}
