import Postgres

extension Warehouse {
    /// Keeps what a run of a source is said to cost, until the next run of that mode takes it over.
    ///
    /// - Parameter requests: Calls for data by stream.
    package func keepPlan(_ sourceID: String, _ mode: RunMode, requests: [String: Int]) async throws {
        guard keepsNotes else { return }
        let names = requests.keys.sorted()
        do {
            _ = try await writing.transaction { connection, _ in
                try connection.execute(
                    """
                    INSERT INTO sync.plans AS p (source_id, mode, requests)
                    SELECT $1, $2, coalesce(jsonb_object_agg(stream, calls), '{}')
                    FROM unnest($3::text[], $4::bigint[]) x(stream, calls)
                    ON CONFLICT (source_id, mode) DO UPDATE SET made_at = clock_timestamp(), requests = excluded.requests
                    """,
                    [
                        .text(sourceID), .text(mode.rawValue), .textArray(names),
                        .int8Array(names.map { Int64(requests[$0] ?? 0) }),
                    ]
                )
            }
        } catch let error as PostgresError {
            throw LoadError(error)
        }
    }
}
