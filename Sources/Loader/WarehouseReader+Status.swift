import Postgres
import Records

/// What `status` and `rejects` show.
extension WarehouseReader {
    /// The last runs of a source, the newest first.
    package func lastRuns(_ sourceID: String, limit: Int = 5) async throws -> [StoredRun] {
        try await rows(
            """
            SELECT run_id, source_id, mode, status, started_at, finished_at, requests, rows_read, rows_written,
              rows_deleted, rows_rejected, error, planned_requests
            FROM sync.runs WHERE source_id = $1 ORDER BY run_id DESC LIMIT $2
            """,
            [.text(sourceID), PostgresValue(limit)]
        ) { result, row in
            func count(_ column: Int) throws -> Int { Int(try result.int(row, column) ?? 0) }
            return StoredRun(
                runID: try result.int(row, 0) ?? 0,
                sourceID: try result.string(row, 1) ?? "",
                mode: try result.string(row, 2) ?? "",
                status: try result.string(row, 3) ?? "",
                startedAt: try result.instant(row, 4),
                finishedAt: try result.instant(row, 5),
                requests: try count(6),
                plannedRequests: try result.int(row, 12).map { Int($0) },
                rowsRead: try count(7),
                rowsWritten: try count(8),
                rowsDeleted: try count(9),
                rowsRejected: try count(10),
                error: try result.string(row, 11)
            )
        }
    }

    /// The calls that the plan made before a run named; `nil` where none was made.
    package func plannedRequests(_ runID: Int64) async throws -> Int? {
        try await rows("SELECT planned_requests FROM sync.runs WHERE run_id = $1", [.int8(runID)]) {
            try $0.int($1, 0).map { Int($0) }
        }.first ?? nil
    }

    /// The streams of a run.
    package func runStreams(_ runID: Int64) async throws -> [StoredRunStream] {
        try await rows(
            """
            SELECT stream, status, requests, rows_inserted, rows_updated, rows_unchanged, rows_duplicate, rows_suppressed,
              rows_deleted, rows_rejected, started_at, finished_at, planned_requests
            FROM sync.run_streams WHERE run_id = $1 ORDER BY stream
            """,
            [.int8(runID)]
        ) { result, row in
            func count(_ column: Int) throws -> Int { Int(try result.int(row, column) ?? 0) }
            var counts = RowCounts()
            (counts.inserted, counts.updated, counts.unchanged) = (try count(3), try count(4), try count(5))
            (counts.duplicate, counts.suppressed) = (try count(6), try count(7))
            (counts.deleted, counts.rejected) = (try count(8), try count(9))
            return StoredRunStream(
                stream: try result.string(row, 0) ?? "",
                status: try result.string(row, 1) ?? "",
                requests: try count(2),
                plannedRequests: try result.int(row, 12).map { Int($0) },
                counts: counts,
                startedAt: try result.instant(row, 10),
                finishedAt: try result.instant(row, 11)
            )
        }
    }

    /// How current each stream of a source is, with the very meaning of the view `bi.freshness`.
    ///
    /// Not from the view itself: only its readers have been given the right.
    package func freshness(_ sourceID: String) async throws -> [StreamFreshness] {
        try await rows(
            """
            SELECT w.stream, max(w.data_as_of) FILTER (WHERE w.partition = '' OR NOT whole.is_marked), max(w.updated_at),
              min(w.data_as_of) FILTER (WHERE w.partition <> ''), count(*) FILTER (WHERE w.partition <> '')
            FROM sync.watermarks w
            CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM sync.watermarks x WHERE x.source_id = w.source_id
              AND x.stream = w.stream AND x.partition = '' AND x.data_as_of IS NOT NULL)) whole(is_marked)
            WHERE w.source_id = $1 AND w.data_as_of IS NOT NULL GROUP BY w.stream ORDER BY w.stream
            """,
            [.text(sourceID)]
        ) { result, row in
            StreamFreshness(
                stream: try result.string(row, 0) ?? "",
                dataAsOf: try result.instant(row, 1),
                loadedAt: try result.instant(row, 2),
                oldestPartAsOf: try result.instant(row, 3),
                partitions: Int(try result.int(row, 4) ?? 0)
            )
        }
    }

    /// What became of the parts of each stream.
    package func coverage(_ sourceID: String) async throws -> [CoverageGroup] {
        try await rows(
            """
            SELECT stream, outcome, count(*), min(last_complete_at) FROM sync.coverage WHERE source_id = $1
            GROUP BY stream, outcome ORDER BY stream, outcome
            """,
            [.text(sourceID)]
        ) { result, row in
            CoverageGroup(
                stream: try result.string(row, 0) ?? "",
                outcome: CoverageOutcome(rawValue: try result.string(row, 1) ?? "") ?? .failed,
                parts: Int(try result.int(row, 2) ?? 0),
                lastCompleteAt: try result.instant(row, 3)
            )
        }
    }

    /// Open rejects by reason, the most frequent first, of one source or of all.
    package func rejectsByReason(_ sourceID: String? = nil) async throws -> [RejectGroup] {
        try await rows(
            """
            SELECT source_id, stream, reason, count(*), max(rejected_at) FROM sync.rejects
            WHERE resolved_at IS NULL AND ($1::text IS NULL OR source_id = $1)
            GROUP BY source_id, stream, reason ORDER BY count(*) DESC, source_id, stream, reason
            """,
            [PostgresValue(sourceID)]
        ) { result, row in
            RejectGroup(
                sourceID: try result.string(row, 0) ?? "",
                stream: try result.string(row, 1) ?? "",
                reason: try result.string(row, 2) ?? "",
                count: Int(try result.int(row, 3) ?? 0),
                newestAt: try result.instant(row, 4)
            )
        }
    }

    /// The natural keys of open rejects, by stream; those without one are left out.
    package func openRejectKeys(_ sourceID: String, limit: Int = 100_000) async throws -> [String: Set<String>] {
        let pairs = try await rows(
            """
            SELECT DISTINCT stream, natural_key FROM sync.rejects
            WHERE source_id = $1 AND resolved_at IS NULL AND natural_key IS NOT NULL LIMIT $2
            """,
            [.text(sourceID), PostgresValue(limit)]
        ) { (try $0.string($1, 0) ?? "", try $0.string($1, 1) ?? "") }
        return Dictionary(grouping: pairs, by: \.0).mapValues { Set($0.map(\.1)) }
    }

    /// Open rejects in the order they came, at most `limit`, those after `rejectID`.
    package func rejects(
        _ sourceID: String? = nil,
        after rejectID: Int64 = 0,
        limit: Int = 1_000
    ) async throws -> [StoredReject] {
        try await rows(
            """
            SELECT reject_id, source_id, stream, natural_key, reason, payload::text, rejected_at FROM sync.rejects
            WHERE resolved_at IS NULL AND ($1::text IS NULL OR source_id = $1) AND reject_id > $2
            ORDER BY reject_id LIMIT $3
            """,
            [PostgresValue(sourceID), .int8(rejectID), PostgresValue(limit)]
        ) { result, row in
            StoredReject(
                rejectID: try result.int(row, 0) ?? 0,
                sourceID: try result.string(row, 1) ?? "",
                stream: try result.string(row, 2) ?? "",
                naturalKey: try result.string(row, 3),
                reason: try result.string(row, 4) ?? "",
                payload: try result.string(row, 5),
                rejectedAt: try result.instant(row, 6)
            )
        }
    }
}
