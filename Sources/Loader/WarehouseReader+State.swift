import Postgres
import Records

extension WarehouseReader {
    // MARK: Watermarks and checkpoints

    /// The watermark of one part of a stream; `nil` where there is none or it was reset.
    package func watermark(
        _ sourceID: String,
        _ stream: String,
        _ partition: String = ""
    ) async throws -> StoredWatermark? {
        try await watermarks(sourceID, stream, partitions: [partition]).first
    }

    /// The watermarks of some parts of a stream.
    package func watermarks(
        _ sourceID: String,
        _ stream: String,
        partitions: [String]
    ) async throws -> [StoredWatermark] {
        try await rows(
            Self.watermarkColumns + " AND stream = $2 AND partition = ANY ($3::text[])",
            [.text(sourceID), .text(stream), .textArray(partitions)],
            Self.readWatermark
        )
    }

    /// A stream's watermarks in the order of their partitions, at most `limit`, those after `partition`.
    package func watermarks(
        _ sourceID: String,
        _ stream: String,
        after partition: String? = nil,
        limit: Int = 10_000
    ) async throws -> [StoredWatermark] {
        try await rows(
            Self.watermarkColumns + """
                 AND stream = $2 AND ($3::text IS NULL OR partition COLLATE "C" > $3)
                ORDER BY partition COLLATE "C" LIMIT $4
                """,
            [.text(sourceID), .text(stream), PostgresValue(partition), PostgresValue(limit)],
            Self.readWatermark
        )
    }

    /// All watermarks of a stream.
    package func allWatermarks(_ sourceID: String, _ stream: String) async throws -> [StoredWatermark] {
        try await rows(
            Self.watermarkColumns + " AND stream = $2",
            [.text(sourceID), .text(stream)],
            Self.readWatermark
        )
    }

    private static let watermarkColumns = """
        SELECT stream, partition, position::text, data_as_of, run_id, updated_at FROM sync.watermarks
        WHERE source_id = $1 AND position <> '{}'
        """

    private static let readWatermark: @Sendable (PostgresResult, Int) throws -> StoredWatermark = { result, row in
        StoredWatermark(
            stream: try result.string(row, 0) ?? "",
            partition: try result.string(row, 1) ?? "",
            position: try result.string(row, 2) ?? "{}",
            dataAsOf: try result.instant(row, 3),
            runID: try result.int(row, 4),
            updatedAt: try result.instant(row, 5)
        )
    }

    /// The checkpoints of a source's interrupted baseline.
    package func checkpoints(_ sourceID: String) async throws -> [StoredCheckpoint] {
        try await rows(
            """
            SELECT stream, partition, position::text, run_id FROM sync.checkpoints WHERE source_id = $1
            ORDER BY stream, partition
            """,
            [.text(sourceID)]
        ) { result, row in
            StoredCheckpoint(
                stream: try result.string(row, 0) ?? "",
                partition: try result.string(row, 1) ?? "",
                position: try result.string(row, 2) ?? "{}",
                runID: try result.int(row, 3)
            )
        }
    }

    /// The source's own row.
    package func source(_ sourceID: String) async throws -> StoredSource? {
        try await sources(where: "WHERE source_id = $1", [.text(sourceID)]).first
    }

    /// Every source that ever ran here.
    package func sources() async throws -> [StoredSource] { try await sources(where: "", []) }

    private func sources(where condition: String, _ parameters: [PostgresValue]) async throws -> [StoredSource] {
        try await rows(
            """
            SELECT source_id, kind, url, config_digest, not_before, baseline_completed_at, stored_form::text FROM sync.sources \(condition)
            ORDER BY source_id
            """,
            parameters
        ) { result, row in
            StoredSource(
                sourceID: try result.string(row, 0) ?? "",
                kind: try result.string(row, 1) ?? "",
                url: try result.string(row, 2) ?? "",
                configDigest: try result.string(row, 3),
                storedForm: try result.string(row, 6),
                notBefore: try result.instant(row, 4),
                baselineCompletedAt: try result.instant(row, 5)
            )
        }
    }
}
