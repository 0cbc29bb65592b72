import Postgres
package import Records

extension WarehouseReader {
    /// Queue entries of some streams that are due, the longest due first, then the longest queued.
    package func pending(
        _ sourceID: String,
        streams: [String],
        dueBy instant: Timestamp,
        limit: Int = 1_000
    ) async throws -> [StoredPending] {
        try await rows(
            """
            SELECT stream, partition, reason, due_at, queued_at, attempts FROM sync.pending
            WHERE source_id = $1 AND stream = ANY ($2::text[]) AND due_at <= $3
            ORDER BY due_at, queued_at, stream, partition LIMIT $4
            """,
            [.text(sourceID), .textArray(streams), PostgresValue(instant), PostgresValue(limit)],
            Self.readPending
        )
    }

    /// How many queue entries of some streams are due by an instant, or in all.
    package func pendingCount(
        _ sourceID: String,
        streams: [String],
        dueBy instant: Timestamp? = nil
    ) async throws -> Int {
        try await number(
            """
            SELECT count(*) FROM sync.pending
            WHERE source_id = $1 AND stream = ANY ($2::text[]) AND ($3::timestamptz IS NULL OR due_at <= $3)
            """,
            [.text(sourceID), .textArray(streams), instant.map { PostgresValue($0) } ?? .null]
        )
    }

    /// A stream's queue in the order of its partitions, at most `limit` entries, those after `partition`.
    ///
    /// A queue as long as a school has learners is read this way: what is answered meanwhile is not met again.
    package func pending(
        _ sourceID: String,
        stream: String,
        after partition: String,
        limit: Int
    ) async throws -> [StoredPending] {
        try await rows(
            """
            SELECT stream, partition, reason, due_at, queued_at, attempts FROM sync.pending
            WHERE source_id = $1 AND stream = $2 AND partition COLLATE "C" > $3
            ORDER BY partition COLLATE "C" LIMIT $4
            """,
            [.text(sourceID), .text(stream), .text(partition), PostgresValue(limit)],
            Self.readPending
        )
    }

    static let readPending: @Sendable (PostgresResult, Int) throws -> StoredPending = { result, row in
        let never = Timestamp(microsecondsSinceEpoch: 0)
        return StoredPending(
            stream: try result.string(row, 0) ?? "",
            partition: try result.string(row, 1) ?? "",
            reason: try result.string(row, 2) ?? "",
            dueAt: try result.instant(row, 3) ?? never,
            queuedAt: try result.instant(row, 4) ?? never,
            attempts: Int(try result.int(row, 5) ?? 0)
        )
    }
}
