import Loader
import Records
import Synchronization

/// The deletions a run has found, held back until its end: only then it shows whether they are too many to be believed.
final class DeletionBook: Sendable {
    private let rows = Mutex<[String: [DeletedRows]]>([:])

    func add(_ deleted: DeletedRows) {
        guard !deleted.keys.isEmpty else { return }
        rows.withLock { $0[deleted.table.name, default: []].append(deleted) }
    }

    /// Everything found so far, by table.
    func take() -> [[DeletedRows]] {
        rows.withLock { rows in
            defer { rows = [:] }
            return rows.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
