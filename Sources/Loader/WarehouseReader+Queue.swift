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

    /// Parts of some streams that could not be read when they were last asked for, by stream and partition.
    ///
    /// Those in the queue wait for another try; of the others, which only the ledger names, those of live courses count: what a
    /// course lacks that is gone nobody misses.
    ///
    /// - Returns: With each, the course it is a list of, where it is one's.
    package func missingParts(
        _ sourceID: String,
        streams: [String]
    ) async throws -> [(stream: String, partition: String, course: String?)] {
        try await rows(
            """
            WITH missing AS (
              SELECT stream, partition, true AS is_queued FROM sync.pending
              WHERE source_id = $1 AND stream = ANY ($2::text[]) AND attempts > 0
              UNION
              SELECT stream, partition, false FROM sync.coverage
              WHERE source_id = $1 AND stream = ANY ($2::text[]) AND outcome IN ('refused', 'failed')
            )
            SELECT DISTINCT m.stream, m.partition, c.course_id
            FROM missing m LEFT JOIN lms.courses c
              ON c.source_id = $1 AND c.course_id = m.partition AND c.deleted_at IS NULL
            WHERE m.is_queued OR m.partition = '' OR c.course_id IS NOT NULL
            ORDER BY 1, 2
            """,
            [.text(sourceID), .textArray(streams)]
        ) { (try $0.string($1, 0) ?? "", try $0.string($1, 1) ?? "", try $0.string($1, 2)) }
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
