import Postgres
package import Records

/// Facts about the stored records that decide what the platform is asked.
extension WarehouseReader {
    /// The live courses, by the bytes of their ids, at most `limit`, those after `id`.
    package func courseIDs(_ sourceID: String, after id: String? = nil, limit: Int = 1_000_000) async throws -> [String]
    {
        try await keys(sourceID, of: Course.table, column: "course_id", after: id, limit: limit)
    }

    /// The live learners, by the bytes of their ids, at most `limit`, those after `id`.
    package func learnerIDs(_ sourceID: String, after id: String? = nil, limit: Int = 10_000) async throws -> [String] {
        try await keys(sourceID, of: Learner.table, column: "learner_id", after: id, limit: limit)
    }

    private func keys(
        _ sourceID: String,
        of table: Table,
        column: String,
        after id: String?,
        limit: Int
    ) async throws -> [String] {
        try await ids(
            """
            SELECT \(column) FROM \(table.qualifiedName)
            WHERE source_id = $1 AND deleted_at IS NULL AND ($2::text IS NULL OR \(column) COLLATE "C" > $2)
            ORDER BY \(column) COLLATE "C" LIMIT $3
            """,
            [.text(sourceID), PostgresValue(id), PostgresValue(limit)]
        )
    }

    /// The course of each of some assessments; those unknown, or of no course, are left out.
    package func courses(_ sourceID: String, ofAssessments ids: [String]) async throws -> [String: String] {
        let pairs = try await rows(
            """
            SELECT assessment_id, course_id FROM lms.assessments
            WHERE source_id = $1 AND assessment_id = ANY ($2::text[]) AND course_id IS NOT NULL
            """,
            [.text(sourceID), .textArray(ids)]
        ) { (try $0.string($1, 0) ?? "", try $0.string($1, 1) ?? "") }
        return Dictionary(pairs) { first, _ in first }
    }

    /// The assessment that each of some units stands for; units without one are left out.
    package func assessments(_ sourceID: String, ofUnits ids: [String]) async throws -> [String: String] {
        let pairs = try await rows(
            """
            SELECT unit_id, assessment_id FROM lms.course_units
            WHERE source_id = $1 AND unit_id = ANY ($2::text[]) AND assessment_id IS NOT NULL
            """,
            [.text(sourceID), .textArray(ids)]
        ) { (try $0.string($1, 0) ?? "", try $0.string($1, 1) ?? "") }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Those of some learners that the warehouse has no row for, live or deleted.
    package func unknownLearners(_ sourceID: String, among ids: [String]) async throws -> [String] {
        try await self.ids(
            """
            SELECT id FROM unnest($2::text[]) x(id)
            WHERE NOT EXISTS (SELECT FROM lms.learners l WHERE l.source_id = $1 AND l.learner_id = x.id)
            ORDER BY id COLLATE "C"
            """,
            [.text(sourceID), .textArray(ids)]
        )
    }

    /// Those of some learners that the warehouse has no live row for.
    package func learnersNotLive(_ sourceID: String, among ids: [String]) async throws -> [String] {
        try await self.ids(
            """
            SELECT id FROM unnest($2::text[]) x(id)
            WHERE NOT EXISTS (SELECT FROM lms.learners l
              WHERE l.source_id = $1 AND l.learner_id = x.id AND l.deleted_at IS NULL)
            ORDER BY id COLLATE "C"
            """,
            [.text(sourceID), .textArray(ids)]
        )
    }

    /// Learners with live enrollments or progress of whom the warehouse has no live row; those whose account was rejected are
    /// known to be there.
    ///
    /// - Parameter limit: How many at most; of more, others on another day.
    package func strayLearners(_ sourceID: String, limit: Int = 1_000) async throws -> [String] {
        let tables = [Enrollment.table, Progress.table].map { table in
            """
            SELECT learner_id AS id FROM \(table.qualifiedName) r
            WHERE source_id = $1 AND deleted_at IS NULL AND learner_id <> '' AND NOT EXISTS (SELECT FROM lms.learners l
              WHERE l.source_id = $1 AND l.learner_id = r.learner_id AND l.deleted_at IS NULL)
            """
        }
        return try await ids(
            """
            SELECT id FROM (
              SELECT id FROM (\(tables.joined(separator: " UNION "))) x
              WHERE NOT EXISTS (SELECT FROM sync.rejects j WHERE j.source_id = $1 AND j.stream = 'learners'
                AND j.natural_key = x.id AND j.resolved_at IS NULL)
              ORDER BY md5(id || current_date::text) LIMIT $2
            ) y ORDER BY id COLLATE "C"
            """,
            [.text(sourceID), PostgresValue(limit)]
        )
    }

    /// Live learners who ever logged in, or who have live enrollments or progress.
    package func activeLearners(_ sourceID: String) async throws -> [String] {
        let tables = [Enrollment.table, Progress.table].map { table in
            """
            EXISTS (SELECT FROM \(table.qualifiedName) r
              WHERE r.source_id = $1 AND r.learner_id = l.learner_id AND r.deleted_at IS NULL)
            """
        }
        return try await ids(
            """
            SELECT learner_id FROM lms.learners l WHERE source_id = $1 AND deleted_at IS NULL
              AND (last_login_at IS NOT NULL OR \(tables.joined(separator: " OR ")))
            """,
            [.text(sourceID)]
        )
    }

    /// The newest stored event of each of some learners.
    package func lastEventTimes(_ sourceID: String, ofLearners ids: [String]) async throws -> [String: Timestamp] {
        let pairs = try await rows(
            """
            SELECT x.id, (SELECT max(e.occurred_at) FROM lms.events e WHERE e.source_id = $1 AND e.learner_id = x.id)
            FROM unnest($2::text[]) x(id)
            """,
            [.text(sourceID), .textArray(ids)]
        ) { (try $0.string($1, 0) ?? "", try $0.instant($1, 1)) }
        return Dictionary(pairs) { first, _ in first }.compactMapValues { $0 }
    }

    /// Learners with an enrollment that expired between two instants and whose enrollments were not read since then.
    ///
    /// When they were read stands in their watermark of the stream `enrollments`, as seconds under `verified_at`; a
    /// learner without one was not read.
    package func learnersWithUnreadExpiry(
        _ sourceID: String,
        from start: Timestamp,
        to end: Timestamp,
        limit: Int = 10_000
    ) async throws -> [String] {
        try await ids(
            """
            SELECT e.learner_id FROM (
              SELECT learner_id, max(expires_at) AS expires_at FROM lms.enrollments
              WHERE source_id = $1 AND deleted_at IS NULL AND expires_at >= $2 AND expires_at < $3 GROUP BY learner_id
            ) e
            LEFT JOIN LATERAL (
              SELECT position FROM sync.watermarks
              WHERE source_id = $1 AND stream = 'enrollments' AND partition = e.learner_id LIMIT 1
            ) w ON true
            WHERE coalesce((w.position ->> 'verified_at')::numeric < extract(epoch FROM e.expires_at), true)
            ORDER BY e.learner_id COLLATE "C" LIMIT $4
            """,
            [.text(sourceID), PostgresValue(start), PostgresValue(end), PostgresValue(limit)]
        )
    }

    /// Events stored with `start <= occurred_at < end`, deleted ones left out.
    package func eventCount(_ sourceID: String, from start: Timestamp, to end: Timestamp) async throws -> Int {
        try await number(
            """
            SELECT count(*) FROM lms.events
            WHERE source_id = $1 AND occurred_at >= $2 AND occurred_at < $3 AND deleted_at IS NULL
            """,
            [.text(sourceID), PostgresValue(start), PostgresValue(end)]
        )
    }

    /// Ids of the live events with `start <= occurred_at <= end` that bear a running number among equal ones.
    package func numberedEvents(
        _ sourceID: String,
        from start: Timestamp,
        to end: Timestamp,
        limit: Int = 100_000
    ) async throws -> [String] {
        try await ids(
            """
            SELECT event_id FROM lms.events
            WHERE source_id = $1 AND occurred_at >= $2 AND occurred_at <= $3 AND deleted_at IS NULL
              AND event_id LIKE '%-%'
            ORDER BY occurred_at, event_id LIMIT $4
            """,
            [.text(sourceID), PostgresValue(start), PostgresValue(end), PostgresValue(limit)]
        )
    }

    /// Live rows of each table.
    package func liveRowCounts(_ sourceID: String) async throws -> [String: Int] {
        let counts = Table.all.map { table in
            """
            SELECT '\(table.name)', count(*) FROM \(table.qualifiedName) WHERE source_id = $1 AND deleted_at IS NULL
            """
        }
        let pairs = try await rows(counts.joined(separator: " UNION ALL "), [.text(sourceID)]) {
            (try $0.string($1, 0) ?? "", Int(try $0.int($1, 1) ?? 0))
        }
        return Dictionary(pairs) { first, _ in first }
    }

    /// Whether the source has a row in a table, live or deleted.
    package func hasRows(_ sourceID: String, in table: Table) async throws -> Bool {
        try await rows(MergeStatement.of(table).hasRows, [.text(sourceID)]) { try $0.bool($1, 0) ?? false }.first
            ?? false
    }
}
