import Postgres
import Synchronization

/// The right to write a source's rows, held by one run at a time.
///
/// It is a row whose epoch every write transaction re-checks last, so that a holder who lost it cannot write. Its
/// connection lives as long as the lease: when the process dies, the next run may take over at once.
package final class Lease: Sendable {
    /// The source it is for.
    package let sourceID: String
    /// The run it was taken for.
    package let runID: Int64
    /// Grows with every holder.
    package let epoch: Int64

    let database: RetryingConnection
    private let timing: LeaseTiming
    private let lastProgress: Mutex<ContinuousClock.Instant>

    init(sourceID: String, runID: Int64, epoch: Int64, database: RetryingConnection, timing: LeaseTiming) {
        (self.sourceID, self.runID, self.epoch) = (sourceID, runID, epoch)
        (self.database, self.timing) = (database, timing)
        lastProgress = Mutex(.now)
    }

    /// Notes that a request, a byte or a row has moved: the timer renews the lease only for a run that gets on.
    package func noteProgress() {
        lastProgress.withLock { $0 = .now }
    }

    /// Renews the lease from time to time, until the task is cancelled; runs beside the work.
    ///
    /// Renewal pauses while there is no progress, so that a hung run does not keep its source.
    ///
    /// - Throws: `LoadError` `fenced` when the lease is another's; what the warehouse throws when it is gone.
    package func keepAlive() async throws {
        while true {
            try await Task.sleep(for: timing.renewal)
            let idle = lastProgress.withLock { ContinuousClock.now - $0 }
            if idle < timing.patience { try await renew() }
        }
    }

    /// Renews the lease now.
    package func renew() async throws {
        let (sourceID, epoch) = (sourceID, epoch)
        let seconds = timing.life
        let renewed = try await database.transaction { connection, _ in
            let holder = try LeaseHolder.read(connection)
            return try connection.execute(
                LeaseStatement.renew,
                [.text(sourceID), .int8(epoch), holder.pid, holder.start, .float8(seconds)]
            )
        }
        guard renewed == 1 else { throw LoadError.fenced(sourceID) }
    }

    /// Gives the lease back, so that the next run need not wait, and closes its connection.
    ///
    /// A lease that is another's by now is left alone. A cancelled task releases nothing: call it from cleanup that is
    /// not cancelled.
    package func release() async throws {
        let (sourceID, epoch) = (sourceID, epoch)
        do {
            _ = try await database.transaction { connection, _ in
                try connection.execute(LeaseStatement.release, [.text(sourceID), .int8(epoch)])
            }
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }

    /// The last statement of every transaction that writes for the lease's source.
    func fence(_ connection: isolated PostgresConnection) throws {
        let held = try connection.execute(
            LeaseStatement.fence,
            [.text(sourceID), .int8(epoch), .float8(timing.life)]
        )
        guard held == 1 else { throw LoadError.fenced(sourceID) }
    }
}

/// How long a lease lives and when it is renewed.
package struct LeaseTiming: Sendable {
    /// Seconds a lease is good for after each renewal.
    package var life: Double = 60
    /// Time between renewals.
    package var renewal: Duration = .seconds(20)
    /// Time without progress after which it is renewed no more.
    package var patience: Duration = .seconds(300)

    package init() {}
}

extension Warehouse {
    /// Takes the lease of a source, for a run whose number is drawn here.
    ///
    /// A run that does not get the lease leaves no row anywhere. A run row that a dead process left behind is closed
    /// when the ledger opens the new one.
    ///
    /// - Returns: `nil` when another run holds the source.
    package func acquireLease(sourceID: String, timing: LeaseTiming = LeaseTiming()) async throws -> Lease? {
        let database = RetryingConnection(settings: settings, timing: self.timing, history: history, waits: waits)
        do {
            let taken = try await database.transaction { connection, _ in
                let runID = try connection.query(LeaseStatement.nextRunID).int(0, 0) ?? 0
                let holder = try LeaseHolder.read(connection)
                try connection.execute(LeaseStatement.endExpiredHolder, [.text(sourceID)])
                let result = try connection.query(
                    LeaseStatement.acquire,
                    [.text(sourceID), .int8(runID), holder.pid, holder.start, .float8(timing.life)]
                )
                return result.isEmpty ? nil : (runID: runID, epoch: try result.int(0, 0) ?? 0)
            }
            if let taken {
                return Lease(
                    sourceID: sourceID,
                    runID: taken.runID,
                    epoch: taken.epoch,
                    database: database,
                    timing: timing
                )
            }
        } catch {
            await database.close()
            throw error
        }
        await database.close()
        return nil
    }
}

/// What names the lease connection's process on the server.
struct LeaseHolder {
    let pid: PostgresValue
    let start: PostgresValue

    /// Behind a transaction pooler the process changes with every transaction: then nothing is said of it, and expiry
    /// alone decides.
    static func read(_ connection: isolated PostgresConnection) throws -> LeaseHolder {
        let result = try connection.query(
            "SELECT pg_backend_pid(), (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())"
        )
        guard let pid = try result.int(0, 0), pid == Int64(connection.backendPID) else {
            return LeaseHolder(pid: .null, start: .null)
        }
        let start = try result.timestamp(0, 1)
        return LeaseHolder(pid: .int8(pid), start: start.map { .timestamptz($0) } ?? .null)
    }
}

private enum LeaseStatement {
    static let nextRunID = "SELECT nextval(pg_get_serial_sequence('sync.runs', 'run_id'))"

    /// Ends the process that held an expired lease, where this role may: a run that hangs must not wake up later.
    static let endExpiredHolder = """
        SELECT pg_terminate_backend(a.pid) FROM sync.leases l JOIN pg_stat_activity a ON a.pid = l.backend_pid
        WHERE l.source_id = $1 AND l.expires_at < clock_timestamp() AND l.expires_at <> '-infinity'
          AND a.backend_start = l.backend_start AND a.usename = current_user AND a.pid <> pg_backend_pid()
        """

    static let acquire = """
        INSERT INTO sync.leases AS l (source_id, epoch, run_id, backend_pid, backend_start, expires_at)
        VALUES ($1, 1, $2, $3::bigint::integer, $4::timestamptz, clock_timestamp() + make_interval(secs => $5))
        ON CONFLICT (source_id) DO UPDATE SET epoch = l.epoch + 1, run_id = excluded.run_id,
          backend_pid = excluded.backend_pid, backend_start = excluded.backend_start, expires_at = excluded.expires_at
        WHERE l.expires_at < clock_timestamp()
          OR l.backend_pid IS NOT NULL AND NOT EXISTS (
            SELECT FROM pg_stat_activity a
            WHERE a.pid = l.backend_pid AND coalesce(a.backend_start = l.backend_start, true))
        RETURNING epoch
        """

    static let renew = """
        UPDATE sync.leases SET expires_at = clock_timestamp() + make_interval(secs => $5),
          backend_pid = $3::bigint::integer, backend_start = $4::timestamptz
        WHERE source_id = $1 AND epoch = $2
        """

    static let release = """
        UPDATE sync.leases SET expires_at = '-infinity' WHERE source_id = $1 AND epoch = $2
        """

    static let fence = """
        UPDATE sync.leases SET expires_at = clock_timestamp() + make_interval(secs => $3)
        WHERE source_id = $1 AND epoch = $2
        """
}
