private import Synchronization

/// What a run found that the user should know although it did what it was asked.
final class RunNotes: Sendable {
    private let kept = Mutex<[String]>([])

    /// In the order in which they were found.
    var all: [String] { kept.withLock { $0 } }

    func add(_ notes: [String]) { kept.withLock { $0 += notes } }
}
