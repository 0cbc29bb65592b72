import Postgres

extension StateStatement {
    /// Closes the rejects of records that have arrived whole, or that the platform sends no more.
    ///
    /// Before the commit unit's own rejects are stored: a record that came whole and broken is open again.
    static func resolveRejects(
        _ state: CommitUnitState,
        _ source: PostgresValue,
        _ connection: isolated PostgresConnection
    ) throws {
        if !state.arrivals.isEmpty {
            let keys = state.arrivals.map { ($0.stream, $0.partition) }
            try connection.execute(
                """
                UPDATE sync.rejects r SET resolved_at = now()
                FROM unnest($2::text[], $3::text[]) x(stream, natural_key)
                WHERE r.source_id = $1 AND r.resolved_at IS NULL AND r.stream = x.stream
                  AND r.natural_key = x.natural_key
                """,
                [source, .textArray(keys.map(\.0)), .textArray(keys.map(\.1))]
            )
        }
        guard !state.resolvedRejects.isEmpty else { return }
        try connection.execute(
            """
            UPDATE sync.rejects SET resolved_at = now()
            WHERE source_id = $1 AND resolved_at IS NULL AND reject_id = ANY ($2::bigint[])
            """,
            [source, .int8Array(state.resolvedRejects)]
        )
    }
}
