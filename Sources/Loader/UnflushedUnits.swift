import Postgres
import Records
import Synchronization

/// Commit units that are committed and perhaps not on the server's disk yet.
///
/// A baseline commits hundreds of times, and to wait for the disk each time costs a quarter of its length. A commit
/// unit is kept here until the server has flushed past its commit; should the server fall before, what it lost is
/// published again from memory, so that a crash costs no request. Commits reach the disk in order: what is lost is
/// always the end.
final class UnflushedUnits: Sendable {
    /// What the server says when a transaction begins.
    struct Opening: Sendable {
        /// How far the log is on disk, and how far it is written, in bytes.
        let flushed: Int64
        let written: Int64
        /// The time of the transaction.
        let now: Timestamp
    }

    /// Thrown by a transaction that finds commit units before it lost.
    struct Lost: Error {}

    private struct Entry {
        let unit: CommitUnit
        /// The session that is known to see it: while that lives, the server has lost nothing.
        var session: Int
        /// The run's ledger after this commit unit; it only grows.
        let ledger: Int64
        /// Whether the commit unit itself made it grow.
        let hasGrown: Bool
        /// The log's end after the commit, once known.
        var end: Int64?
    }

    /// More bytes than this are not left to the server's own time.
    private static let byteLimit = 16 << 20

    private let entries = Mutex<[Entry]>([])

    /// Forgets what is on disk by now.
    ///
    /// - Throws: ``Lost`` in a new session, when there are commit units not known to be on disk: the server may have
    ///   fallen, whole or with one of its processes, and the ledger has to say what it lost.
    func check(_ opening: Opening, session: Int) throws {
        try entries.withLock { entries in
            if entries.contains(where: { $0.session != session }) { throw Lost() }
            for index in entries.indices where entries[index].end == nil { entries[index].end = opening.written }
            entries.removeFirst(entries.prefix { $0.end.map { $0 <= opening.flushed } ?? false }.count)
        }
    }

    /// Whether the next commit may be left to the server's own time.
    func hasRoom(for unit: CommitUnit) -> Bool {
        entries.withLock { $0.reduce(unit.byteCount) { $0 + $1.unit.byteCount } <= Self.byteLimit }
    }

    func add(_ unit: CommitUnit, session: Int, ledger: (before: Int64, after: Int64)) {
        let entry = Entry(
            unit: unit,
            session: session,
            ledger: ledger.after,
            hasGrown: ledger.after > ledger.before
        )
        entries.withLock { $0.append(entry) }
    }

    /// Everything is on disk: a commit was waited for.
    func removeAll() { entries.withLock { $0 = [] } }

    /// Takes the commit units that a server lost whose ledger stands at `ledger`, in their order; `session` sees the
    /// others.
    func takeLost(ledger: Int64, session: Int) -> [CommitUnit] {
        entries.withLock { entries in
            let lost = entries.filter { $0.ledger > ledger || $0.ledger == ledger && !$0.hasGrown }
            entries.removeAll { $0.ledger > ledger || $0.ledger == ledger && !$0.hasGrown }
            for index in entries.indices { entries[index].session = session }
            return lost.map(\.unit)
        }
    }
}

extension UnflushedUnits.Opening {
    /// Begins a transaction whose commit waits for the disk or does not.
    ///
    /// Where a standby has to confirm commits, all are waited for: our memory knows nothing of the standby's disk.
    static func read(
        _ connection: isolated PostgresConnection,
        waitsForDisk: Bool
    ) throws -> UnflushedUnits.Opening {
        let result = try connection.query(
            """
            SELECT now(), pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint,
              pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint,
              CASE WHEN NOT $1::boolean AND current_setting('synchronous_standby_names') = ''
                THEN set_config('synchronous_commit', 'off', true) END
            """,
            [.bool(waitsForDisk)]
        )
        return UnflushedUnits.Opening(
            flushed: try result.int(0, 1) ?? 0,
            written: try result.int(0, 2) ?? 0,
            now: Timestamp(microsecondsSinceEpoch: try result.timestamp(0, 0) ?? 0)
        )
    }
}
