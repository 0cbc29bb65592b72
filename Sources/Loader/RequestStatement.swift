import Postgres

/// Counts calls for a platform as they are made, apart from the commit units of a run.
enum RequestStatement {
    private static let slot: Int64 = 360_000_000
    private static let slots: Int64 = 250

    /// Writes what is new; what it writes is true whoever holds the source by now.
    ///
    /// - Parameter runID: The run that made the calls; `nil` for calls outside of any run.
    static func tell(
        _ news: RequestNews,
        sourceID: String,
        runID: Int64?,
        _ connection: isolated PostgresConnection
    ) throws {
        // A crash of the server may take back the last moments of a count; to wait for its disk would cost more.
        try connection.execute("SET LOCAL synchronous_commit = off")
        if let runID, !news.totals.isEmpty {
            try settle(sourceID: sourceID, before: runID, connection)
            let streams = news.totals.keys.sorted()
            try connection.execute(
                run,
                [
                    .text(sourceID), .int8(runID), .textArray(streams),
                    .int8Array(streams.map { Int64(news.totals[$0] ?? 0) }),
                ]
            )
        }
        let moments = news.spent.keys.sorted()
        guard !moments.isEmpty else { return }
        try connection.execute(
            day,
            [
                .text(sourceID), .int8Array(moments.map { $0 / slot % slots }), .int8Array(moments),
                .int8Array(moments.map { Int64(news.spent[$0] ?? 0) }),
            ]
        )
    }

    /// Brings into the ledger what was told of a run that could not do so itself, or of the run itself at its end.
    ///
    /// - Parameter runID: Told of runs before this one, or `including` it.
    static func settle(
        sourceID: String,
        before runID: Int64,
        including: Bool = false,
        _ connection: isolated PostgresConnection
    ) throws {
        let parameters: [PostgresValue] = [.text(sourceID), .int8(including ? runID + 1 : runID)]
        if try connection.execute(streams, parameters) > 0 { try connection.execute(sum, parameters) }
    }

    private static let run = """
        INSERT INTO sync.run_requests AS r (source_id, run_id, requests)
        SELECT $1, $2, jsonb_object_agg(x.stream, x.n) FROM unnest($3::text[], $4::bigint[]) x(stream, n)
        ON CONFLICT (source_id) DO UPDATE SET run_id = excluded.run_id, requests = excluded.requests
        WHERE r.run_id <= excluded.run_id
        """

    private static let day = """
        INSERT INTO sync.request_counts AS c (source_id, slot, counted_at, requests)
        SELECT $1, x.slot::integer, to_timestamp(x.moment / 1000000), x.n
        FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) x(slot, moment, n)
        ON CONFLICT (source_id, slot) DO UPDATE SET counted_at = excluded.counted_at,
          requests = excluded.requests + CASE WHEN c.counted_at = excluded.counted_at THEN c.requests ELSE 0 END
        """

    private static let streams = """
        INSERT INTO sync.run_streams AS s (run_id, stream, requests)
        SELECT q.run_id, x.key, x.value::bigint FROM sync.run_requests q CROSS JOIN jsonb_each_text(q.requests) x
        WHERE q.source_id = $1 AND q.run_id < $2 AND x.key <> 'token'
          AND EXISTS (SELECT FROM sync.runs r WHERE r.run_id = q.run_id)
        ORDER BY x.key
        ON CONFLICT (run_id, stream) DO UPDATE SET requests = excluded.requests WHERE s.requests < excluded.requests
        """

    private static let sum = """
        UPDATE sync.runs r SET requests = t.requests
        FROM (SELECT s.run_id, sum(s.requests)::bigint AS requests
              FROM sync.run_requests q JOIN sync.run_streams s USING (run_id)
              WHERE q.source_id = $1 AND q.run_id < $2 GROUP BY s.run_id) t
        WHERE r.run_id = t.run_id AND r.requests < t.requests
        """
}

extension Lease {
    /// Counts calls of the run by the lease's own connection, whatever becomes of its commit units.
    package func tell(_ news: RequestNews) async throws {
        let (sourceID, runID) = (sourceID, runID)
        _ = try await database.transaction { connection, _ in
            try RequestStatement.tell(news, sourceID: sourceID, runID: runID, connection)
        }
    }
}

extension Warehouse {
    /// Counts calls that were made outside of any run: for a plan, by `doctor`.
    package func tell(_ news: RequestNews, sourceID: String) async throws {
        guard keepsNotes else { return }
        _ = try await writing.transaction { connection, _ in
            try RequestStatement.tell(news, sourceID: sourceID, runID: nil, connection)
        }
    }
}

extension WarehouseReader {
    /// The calls of a source since a moment (µs since 1970), by the beginning of each tenth of an hour.
    package func requests(
        _ sourceID: String,
        since wall: Int64
    ) async throws -> [(atMicroseconds: Int64, count: Int)] {
        try await rows(
            """
            SELECT (extract(epoch FROM counted_at) * 1000000)::bigint, requests FROM sync.request_counts
            WHERE source_id = $1 AND counted_at > to_timestamp($2::bigint / 1000000)
            """,
            [.text(sourceID), .int8(wall)]
        ) { (atMicroseconds: try $0.int($1, 0) ?? 0, count: Int(try $0.int($1, 1) ?? 0)) }
    }
}
