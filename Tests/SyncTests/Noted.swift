import Synchronization

/// What happened, in order, noted from many tasks.
final class Noted: Sendable {
    private let entries = Mutex<[String]>([])

    func note(_ text: String) { entries.withLock { $0.append(text) } }

    var all: [String] { entries.withLock { $0 } }
    var count: Int { entries.withLock { $0.count } }
}
