import Postgres
package import Records

/// When the parts of a stream were last read whole, and which of them deserve it more often.
extension WarehouseReader {
    /// When each partition of a stream was last read whole: the member `verified_at` or `full_at` of its watermark, in
    /// seconds; `nil` for one that has a watermark and was never read whole.
    package func verifiedTimes(_ sourceID: String, _ stream: String) async throws -> [String: Timestamp?] {
        let pairs = try await rows(
            """
            SELECT partition, (\(Self.verifiedAt) * 1000000)::bigint FROM sync.watermarks
            WHERE source_id = $1 AND stream = $2 AND position <> '{}'
            """,
            [.text(sourceID), .text(stream)]
        ) { (try $0.string($1, 0) ?? "", try $0.int($1, 1).map(Timestamp.init(microsecondsSinceEpoch:))) }
        return Dictionary(pairs) { first, _ in first }
    }

    private static let verifiedAt = """
        coalesce((position ->> 'verified_at')::numeric, (position ->> 'full_at')::numeric)
        """

    /// Partitions of a stream that failed and wait in the queue for another try.
    package func failedPartitions(_ sourceID: String, _ stream: String) async throws -> [String] {
        try await ids(
            "SELECT partition FROM sync.pending WHERE source_id = $1 AND stream = $2 AND attempts > 0",
            [.text(sourceID), .text(stream)]
        )
    }

    /// Partitions of a stream that the ledger has as refused or failed.
    package func unreadPartitions(_ sourceID: String, _ stream: String) async throws -> [String] {
        try await ids(
            """
            SELECT partition FROM sync.coverage
            WHERE source_id = $1 AND stream = $2 AND outcome IN ('refused', 'failed')
            """,
            [.text(sourceID), .text(stream)]
        )
    }

    /// The live rows of a table.
    package func liveRowCount(_ sourceID: String, of table: Table) async throws -> Int {
        try await number(
            "SELECT count(*) FROM \(table.qualifiedName) WHERE source_id = $1 AND deleted_at IS NULL",
            [.text(sourceID)]
        )
    }

    /// The distinct values of a text column of the live rows whose columns have one of the values given.
    ///
    /// - Parameter instant: Asks for the rows that were marked as deleted then or later, instead of the live ones.
    package func distinct(
        _ sourceID: String,
        _ column: String,
        of table: Table,
        matching: [String: [String]],
        deletedSince instant: Timestamp? = nil
    ) async throws -> [String] {
        var parameters: [PostgresValue] = [.text(sourceID), instant.map { PostgresValue($0) } ?? .null]
        let isWanted = instant == nil ? "deleted_at IS NULL AND $2::timestamptz IS NULL" : "deleted_at >= $2"
        let conditions = matching.sorted { $0.key < $1.key }.map { name, values in
            parameters.append(.textArray(values))
            return " AND \(name) = ANY ($\(parameters.count)::text[])"
        }
        return try await ids(
            """
            SELECT DISTINCT \(column) FROM \(table.qualifiedName)
            WHERE source_id = $1 AND \(isWanted) AND \(column) IS NOT NULL\(conditions.joined())
            """,
            parameters
        )
    }

    /// Whether any row of the table is marked as deleted.
    package func hasDeletedRows(_ sourceID: String, of table: Table) async throws -> Bool {
        try await rows(
            "SELECT EXISTS (SELECT FROM \(table.qualifiedName) WHERE source_id = $1 AND deleted_at IS NOT NULL)",
            [.text(sourceID)]
        ) { try $0.bool($1, 0) ?? false }.first ?? false
    }

    /// Learners with an active enrollment in a course that they have not completed.
    package func learnersWithOpenCourses(_ sourceID: String) async throws -> [String] {
        try await ids(
            """
            SELECT DISTINCT e.learner_id FROM lms.enrollments e
            LEFT JOIN lms.progress p ON p.source_id = $1 AND p.course_id = e.course_id AND p.learner_id = e.learner_id
            WHERE e.source_id = $1 AND e.deleted_at IS NULL AND e.status = 'active'
              AND p.status IS DISTINCT FROM 'completed'
            """,
            [.text(sourceID)]
        )
    }

    /// The oldest verification of each stream, of the parts that are still there.
    package func oldestVerifications(_ sourceID: String) async throws -> [String: Timestamp] {
        let pairs = try await rows(
            """
            SELECT stream, (min(\(Self.verifiedAt)) * 1000000)::bigint FROM sync.watermarks w
            WHERE source_id = $1 AND \(Self.verifiedAt) IS NOT NULL
              AND NOT EXISTS (SELECT FROM lms.learners x
                WHERE x.source_id = $1 AND x.learner_id = w.partition AND x.deleted_at IS NOT NULL)
              AND NOT EXISTS (SELECT FROM lms.courses x
                WHERE x.source_id = $1 AND x.course_id = w.partition AND x.deleted_at IS NOT NULL)
              AND NOT EXISTS (SELECT FROM lms.assessments x
                WHERE x.source_id = $1 AND x.assessment_id = w.partition AND x.deleted_at IS NOT NULL)
            GROUP BY stream
            """,
            [.text(sourceID)]
        ) { (try $0.string($1, 0) ?? "", try $0.int($1, 1).map(Timestamp.init(microsecondsSinceEpoch:))) }
        return Dictionary(pairs) { first, _ in first }.compactMapValues { $0 }
    }

    /// The rows that each part of a stream held when it was last read whole, as the platform counted them or as they came.
    package func rowsLastRead(_ sourceID: String, _ stream: String) async throws -> [String: Int] {
        let pairs = try await rows(
            """
            SELECT partition, coalesce(expected, read) FROM sync.coverage
            WHERE source_id = $1 AND stream = $2 AND outcome IN ('read', 'empty')
            """,
            [.text(sourceID), .text(stream)]
        ) { (try $0.string($1, 0) ?? "", Int(try $0.int($1, 1) ?? 0)) }
        return Dictionary(pairs) { first, _ in first }
    }

    /// The parts of streams that could not be read, or not yet, at most `limit`.
    package func unreadParts(_ sourceID: String, limit: Int = 100) async throws -> [UnreadPart] {
        try await rows(
            """
            SELECT stream, partition, outcome FROM sync.coverage
            WHERE source_id = $1 AND outcome NOT IN ('read', 'empty', 'gone')
              AND NOT EXISTS (SELECT FROM lms.courses x
                WHERE x.source_id = $1 AND x.course_id = partition AND x.deleted_at IS NOT NULL)
            ORDER BY stream, partition COLLATE "C" LIMIT $2
            """,
            [.text(sourceID), PostgresValue(limit)]
        ) { result, row in
            UnreadPart(
                stream: try result.string(row, 0) ?? "",
                partition: try result.string(row, 1) ?? "",
                outcome: CoverageOutcome(rawValue: try result.string(row, 2) ?? "") ?? .failed
            )
        }
    }
}
