import Postgres

/// A run's rows in `sync.runs` and `sync.run_streams`: what was done, and how it ended.
///
/// The counters grow in the transactions of the commit units they count, so that the books balance whenever a run ends.
package struct RunLedger: Sendable {
    /// The run.
    package let runID: Int64
    /// Its source.
    package let sourceID: String
    private let database: RetryingConnection

    /// What describes a source and the run of it.
    package struct Opening: Sendable {
        package var origin: SourceOrigin
        /// Whether what the rows were loaded from stays as it is noted: the run itself notes the new when it begins anew.
        package var keepsOrigin: Bool
        package var mode: RunMode
        package var binaryVersion: String?
        /// Streams the run will read.
        package var streams: [String]

        package init(
            origin: SourceOrigin,
            keepsOrigin: Bool = false,
            mode: RunMode,
            binaryVersion: String? = nil,
            streams: [String] = []
        ) {
            self.origin = origin
            self.keepsOrigin = keepsOrigin
            self.mode = mode
            self.binaryVersion = binaryVersion
            self.streams = streams
        }
    }

    init(runID: Int64, sourceID: String, database: RetryingConnection) {
        (self.runID, self.sourceID, self.database) = (runID, sourceID, database)
    }

    /// Closes the run.
    ///
    /// Needs no lease, so that a run that lost it can still say so. A cancelled task closes nothing: call it from cleanup
    /// that is not cancelled. `error` says in our own words why a run failed; a stream not named ended like the run.
    package func close(status: RunStatus, error: String? = nil, streams: [String: RunStatus] = [:]) async throws {
        precondition(status != .running, "a run is closed with an outcome")
        let (runID, sourceID, names) = (runID, sourceID, streams.keys.sorted())
        let statuses = names.map { streams[$0]?.rawValue }
        _ = try await database.transaction { connection, _ in
            try RequestStatement.settle(sourceID: sourceID, before: runID, including: true, connection)
            try connection.execute(
                """
                UPDATE sync.run_streams r SET finished_at = clock_timestamp(),
                  status = coalesce((SELECT x.status FROM unnest($3::text[], $4::text[]) x(stream, status)
                                     WHERE x.stream = r.stream), $2)
                WHERE r.run_id = $1 AND r.finished_at IS NULL
                """,
                [.int8(runID), .text(status.rawValue), .textArray(names), .textArray(statuses)]
            )
            try connection.execute(
                """
                UPDATE sync.runs SET status = $2, error = $3::text, finished_at = clock_timestamp()
                WHERE run_id = $1 AND status = 'running'
                """,
                [
                    .int8(runID), .text(status.rawValue),
                    PostgresValue(error ?? (status == .failed ? "the run failed without a reason" : nil)),
                ]
            )
        }
    }
}

extension Warehouse {
    /// Whether a plan `p` is of the run `$1` of the source `$2` in the mode `$3`: no such run has begun since it was made.
    private static let isCurrent = """
        p.source_id = $2 AND p.mode = $3 AND NOT EXISTS (SELECT FROM sync.runs r
          WHERE r.source_id = $2 AND r.run_id <> $1 AND r.started_at >= p.made_at AND r.mode IN ($3, 'full'))
        """

    /// Opens the run that a lease was taken for: the source's row, the run's, one for each stream.
    ///
    /// Runs of the source that a dead process left as running are closed as interrupted.
    package func openLedger(_ lease: Lease, _ opening: RunLedger.Opening) async throws -> RunLedger {
        _ = try await writing.transaction { connection, _ in
            try connection.execute(
                """
                INSERT INTO sync.sources AS s (source_id, kind, url, config_digest, stored_form)
                VALUES ($1, $2, $3, $4::text, $5)
                ON CONFLICT (source_id) DO UPDATE SET kind = excluded.kind, url = excluded.url,
                  config_digest = excluded.config_digest, stored_form = excluded.stored_form
                WHERE NOT $6 AND (s.kind, s.url, s.config_digest, s.stored_form)
                  IS DISTINCT FROM (excluded.kind, excluded.url, excluded.config_digest, excluded.stored_form)
                """,
                [
                    .text(lease.sourceID), .text(opening.origin.kind), .text(opening.origin.url),
                    PostgresValue(opening.origin.configDigest), .jsonb(opening.origin.storedForm),
                    .bool(opening.keepsOrigin),
                ]
            )
            try RequestStatement.settle(sourceID: lease.sourceID, before: lease.runID, connection)
            try connection.execute(
                """
                WITH dead AS (
                  UPDATE sync.runs SET status = 'interrupted', finished_at = clock_timestamp(),
                    error = coalesce(error, 'the process ended without closing the run')
                  WHERE source_id = $1 AND status = 'running' AND run_id <> $2 RETURNING run_id)
                UPDATE sync.run_streams r SET status = 'interrupted', finished_at = clock_timestamp()
                FROM dead WHERE r.run_id = dead.run_id AND r.finished_at IS NULL
                """,
                [.text(lease.sourceID), .int8(lease.runID)]
            )
            try connection.execute(
                """
                INSERT INTO sync.runs (run_id, source_id, mode, binary_version, config_digest, planned_requests)
                VALUES ($1, $2, $3, $4::text, $5::text,
                  (SELECT sum((p.requests ->> x.stream)::bigint) FROM sync.plans p, unnest($6::text[]) x(stream)
                   WHERE \(Self.isCurrent)))
                """,
                [
                    .int8(lease.runID), .text(lease.sourceID), .text(opening.mode.rawValue),
                    PostgresValue(opening.binaryVersion), PostgresValue(opening.origin.configDigest),
                    .textArray(opening.streams),
                ]
            )
            try connection.execute(
                """
                INSERT INTO sync.run_streams (run_id, stream, planned_requests)
                SELECT $1, x.stream, (SELECT (p.requests ->> x.stream)::bigint FROM sync.plans p WHERE \(Self.isCurrent))
                FROM unnest($4::text[]) x(stream)
                """,
                [
                    .int8(lease.runID), .text(lease.sourceID), .text(opening.mode.rawValue),
                    .textArray(opening.streams),
                ]
            )
            try lease.fence(connection)
        }
        return RunLedger(runID: lease.runID, sourceID: lease.sourceID, database: writing)
    }
}
