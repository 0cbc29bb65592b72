import Loader
import Records
import Synchronization

/// The deletions a run has found, held back until its end: only then it shows whether they are too many to be believed.
final class PendingDeletions: Sendable {
    /// Rows to be marked, and what they follow from.
    struct Found: Sendable {
        let rows: DeletedRows
        /// The table whose deletion these rows follow from; `nil` for rows that were missed themselves.
        let parent: String?
    }

    private let found = Mutex<[Found]>([])

    func add(_ rows: DeletedRows, following parent: Table? = nil) {
        guard !rows.keys.isEmpty else { return }
        found.withLock { $0.append(Found(rows: rows, parent: parent?.name)) }
    }

    /// Everything found so far: by table what was missed itself, then what follows from it.
    func take() -> (missed: [[DeletedRows]], following: [Found]) {
        found.withLock { found in
            defer { found = [] }
            let missed = Dictionary(grouping: found.filter { $0.parent == nil }, by: \.rows.table.name)
            return (missed.sorted { $0.key < $1.key }.map { $0.value.map(\.rows) }, found.filter { $0.parent != nil })
        }
    }
}
