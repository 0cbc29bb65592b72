import Records
import Synchronization

/// Which way the rows of each table are merged in one run.
///
/// Rows that are all new, as in a first baseline, need no comparison: inserting them at once takes half the time. Should
/// one be there after all, the transaction fails with 23505 and is done again by comparing.
final class MergePaths: Sendable {
    private struct State {
        /// Tables where the next rows are probably all new.
        var appending: Set<String> = []
        /// Tables that were looked at.
        var asked: Set<String> = []
        /// Tables where rows were inserted without comparing.
        var tried: Set<String> = []
        /// Tables where that went wrong.
        var givenUp: Set<String> = []
    }

    /// Fewer rows prove little about the next piece.
    private static let leastProof = 500
    private let state = Mutex(State())

    /// Whether rows may be inserted without comparing them.
    ///
    /// `isEmpty` asks whether the source has no row in the table; it is called once in a run.
    func mayAppend(_ rows: StagedRows, isEmpty: () throws -> Bool) throws -> Bool {
        let name = rows.table.name
        let now = state.withLock { $0 }
        guard !now.givenUp.contains(name) else { return false }
        let may = try now.asked.contains(name) ? now.appending.contains(name) : isEmpty()
        state.withLock { state in
            state.asked.insert(name)
            if may {
                state.appending.insert(name)
                state.tried.insert(name)
            }
        }
        return may
    }

    /// Learns from a merge what to expect of the next one.
    func note(_ rows: StagedRows, inserted: Int) {
        state.withLock { state in
            if inserted == rows.buffer.rows, inserted >= Self.leastProof {
                state.appending.insert(rows.table.name)
            } else {
                state.appending.remove(rows.table.name)
            }
        }
    }

    /// Compares from now on in the table that a 23505 names, or in all where it is none of ours.
    ///
    /// - Returns: Whether rows had been inserted there without comparing.
    func giveUpAppending(to relation: String?) -> Bool {
        state.withLock { state in
            // A partition is named after its table.
            let named = state.tried.filter { relation == $0 || relation?.hasPrefix($0 + "_y") == true }
            let tables = named.isEmpty ? state.tried : named
            state.givenUp.formUnion(tables)
            state.tried.subtract(tables)
            return !tables.isEmpty
        }
    }
}
