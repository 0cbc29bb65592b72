import Postgres
package import Records

/// Who holds a source, or held it last.
package struct StoredLease: Sendable, Hashable {
    package let runID: Int64
    /// The run's mode; `nil` for a run without a row, which is a dry run.
    package let mode: String?
    package let startedAt: Timestamp?
    /// Whether the holder's connection is there; where a pooler hides it, whether the lease has not run out.
    package let isConnected: Bool
    /// Whether another run is refused now.
    package let isHeld: Bool

    package init(runID: Int64, mode: String?, startedAt: Timestamp?, isConnected: Bool, isHeld: Bool) {
        (self.runID, self.mode, self.startedAt) = (runID, mode, startedAt)
        (self.isConnected, self.isHeld) = (isConnected, isHeld)
    }
}

extension WarehouseReader {
    /// The lease of a source, judged as a run would that wants it; `nil` where there never was one.
    package func lease(_ sourceID: String) async throws -> StoredLease? {
        try await rows(
            """
            SELECT l.run_id, r.mode, r.started_at,
              coalesce(here.is_there, l.expires_at >= clock_timestamp()),
              l.expires_at >= clock_timestamp() AND coalesce(here.is_there, true)
            FROM sync.leases l LEFT JOIN sync.runs r ON r.run_id = l.run_id
            CROSS JOIN LATERAL (SELECT CASE WHEN l.backend_pid IS NOT NULL THEN EXISTS (
              SELECT FROM pg_stat_activity a
              WHERE a.pid = l.backend_pid AND coalesce(a.backend_start = l.backend_start, true)) END) here(is_there)
            WHERE l.source_id = $1
            """,
            [.text(sourceID)]
        ) { result, row in
            StoredLease(
                runID: try result.int(row, 0) ?? 0,
                mode: try result.string(row, 1),
                startedAt: try result.instant(row, 2),
                isConnected: try result.bool(row, 3) ?? false,
                isHeld: try result.bool(row, 4) ?? false
            )
        }.first
    }
}
