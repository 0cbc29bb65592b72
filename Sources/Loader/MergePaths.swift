import Records
import Synchronization

/// A way for staged rows into their table; each is sure to work where the ones before it may fail with 23505.
enum MergePath {
    /// Straight into the table: no two rows of the commit unit have one key, and none is there.
    case copy
    /// Through staging, one row for each key, without a look at what is there.
    case append
    /// Through staging, compared with what is there.
    case compare
}

/// Which way the rows of each table are merged in one run.
///
/// Rows that are all new, as in a first baseline, need no comparison, and mostly no staging: that takes less than half
/// the time. Should one be there after all, the transaction fails with 23505 and is done again the next safer way.
final class MergePaths: Sendable {
    private struct State {
        /// Tables where the next rows are probably all new.
        var appending: Set<String> = []
        /// Tables that were looked at.
        var asked: Set<String> = []
        /// Tables where rows were inserted without comparing, and how.
        var tried: [String: MergePath] = [:]
        /// The fastest way left, where one went wrong.
        var fastest: [String: MergePath] = [:]
    }

    /// Fewer rows prove little about the next commit unit.
    private static let leastProof = 500
    private let state = Mutex(State())

    /// The way that rows take.
    ///
    /// `isEmpty` asks whether the source has no row in the table; it is called once in a run.
    func path(of rows: StagedRows, isEmpty: () throws -> Bool) throws -> MergePath {
        let name = rows.table.name
        let now = state.withLock { $0 }
        // Versions of one record are told apart in staging, and come often in one commit unit.
        var path = now.fastest[name] ?? (rows.table.isVersioned ? .append : .copy)
        // Which stream's row was left out is only known where rows are compared.
        if path == .append, rows.streams.count > 1 { path = .compare }
        guard path != .compare else { return path }
        let may = try now.asked.contains(name) ? now.appending.contains(name) : isEmpty()
        state.withLock { state in
            state.asked.insert(name)
            if may {
                state.appending.insert(name)
                state.tried[name] = path
            }
        }
        return may ? path : .compare
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

    /// Takes a safer way from now on in the table that a 23505 names, or in all where it is none of ours.
    ///
    /// - Returns: Whether rows had been inserted there without comparing.
    func giveUpPath(to relation: String?) -> Bool {
        state.withLock { state in
            // A partition is named after its table.
            let named = state.tried.filter { relation == $0.key || relation?.hasPrefix($0.key + "_y") == true }
            let tables = named.isEmpty ? state.tried : named
            for (table, path) in tables {
                state.fastest[table] = path == .copy ? .append : .compare
                state.tried[table] = nil
            }
            return !tables.isEmpty
        }
    }
}
