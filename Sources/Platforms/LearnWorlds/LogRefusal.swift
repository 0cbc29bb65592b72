import Extractor
import Synchronization

/// Whether the platform has refused the event log for good, not for a moment.
final class LogRefusal: Sendable {
    /// Under this name the connector's state holds when that was.
    static let stateName = "log_refused_at"

    private let noted = Atomic<Bool>(false)
    private let isTold: Bool

    /// - Parameter isTold: Whether the refusal counts as a list that could not be read. Of a log that is not kept here nobody
    ///   misses a row.
    init(isTold: Bool) { self.isTold = isTold }

    var isNoted: Bool { noted.load(ordering: .relaxed) }

    /// What is read instead of the log: nothing.
    var note: @Sendable (ExtractorError) -> Replacement? {
        { [self] error in
            guard Self.isLasting(error) else { return nil }
            noted.store(true, ordering: .relaxed)
            return isTold ? nil : []
        }
    }

    /// Whether asking again will not help before somebody gives the right.
    static func isLasting(_ error: ExtractorError) -> Bool {
        switch error.code {
        case .objectUnreadable: true
        case .platformFailed: (400..<500).contains(error.status ?? 0)
        default: false
        }
    }
}
