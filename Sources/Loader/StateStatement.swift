import Postgres
import Records

/// Writes the state of a commit unit, one statement for each of the service's own tables that it touches.
enum StateStatement {
    /// - Returns: The sum of the run's counters before and after this commit unit.
    @discardableResult
    static func write(
        _ unit: CommitUnit,
        _ counts: PublishCounts,
        _ connection: isolated PostgresConnection
    ) throws -> (before: Int64, after: Int64) {
        let state = unit.state
        let (source, run) = (PostgresValue.text(unit.sourceID), PostgresValue.int8(unit.runID))
        if let streams = state.restarts { try restart(streams.sorted(), source, connection) }
        if let origin = state.origin { try write(origin, source, connection) }
        if !state.leftTables.isEmpty { try leaveFormerSchool(source, connection) }
        if let restatement = state.restatement { try restate(restatement, source, run, connection) }
        try writeQueue(state, source, connection)
        try writeMarks(state, source, run, connection)
        try writeFindings(state, source, run, connection)
        try writeSource(state, source, connection)
        return try writeLedger(state, counts, unit.runID, connection)
    }

    /// The sum of a run's counters: it grows with every commit unit that brings anything.
    static func readLedger(_ runID: Int64, _ connection: isolated PostgresConnection) throws -> Int64 {
        try connection.query(
            "SELECT requests + rows_read + rows_deleted FROM sync.runs WHERE run_id = $1",
            [.int8(runID)]
        ).int(0, 0) ?? 0
    }

    private static func restart(
        _ streams: [String],
        _ source: PostgresValue,
        _ connection: isolated PostgresConnection
    ) throws {
        let parameters = [source, .textArray(streams)]
        // Kept as rows without a position: the loader's role has no right to delete watermarks.
        try connection.execute(
            """
            UPDATE sync.watermarks SET position = '{}', data_as_of = NULL, updated_at = now()
            WHERE source_id = $1 AND stream = ANY ($2::text[]) AND (position <> '{}' OR data_as_of IS NOT NULL)
            """,
            parameters
        )
        try connection.execute(
            "DELETE FROM sync.checkpoints WHERE source_id = $1 AND stream = ANY ($2::text[])",
            parameters
        )
        try connection.execute(
            "DELETE FROM sync.pending WHERE source_id = $1 AND stream = ANY ($2::text[])",
            parameters
        )
        try connection.execute(
            """
            UPDATE sync.sources SET baseline_completed_at = NULL
            WHERE source_id = $1 AND baseline_completed_at IS NOT NULL
            """,
            [source]
        )
    }

    private static func write(
        _ origin: SourceOrigin,
        _ source: PostgresValue,
        _ connection: isolated PostgresConnection
    ) throws {
        try connection.execute(
            """
            UPDATE sync.sources SET kind = $2, url = $3, config_digest = $4::text, stored_form = $5
            WHERE source_id = $1
            """,
            [
                source, .text(origin.kind), .text(origin.url), PostgresValue(origin.configDigest),
                .jsonb(origin.storedForm),
            ]
        )
    }

    private static func leaveFormerSchool(_ source: PostgresValue, _ connection: isolated PostgresConnection) throws {
        try connection.execute(
            "UPDATE sync.rejects SET resolved_at = now() WHERE source_id = $1 AND resolved_at IS NULL",
            [source]
        )
        try connection.execute(
            "UPDATE sync.coverage SET outcome = 'gone' WHERE source_id = $1 AND outcome <> 'gone'",
            [source]
        )
    }

    /// In one transaction, so that no reader and no later run ever meets some rows in one form and some in another.
    private static func restate(
        _ restatement: LearnerRestatement,
        _ source: PostgresValue,
        _ run: PostgresValue,
        _ connection: isolated PostgresConnection
    ) throws {
        var changes = restatement.emptied.map { ("\($0) = NULL", "\($0) IS NOT NULL") }
        var parameters = [source, run]
        if let kept = restatement.keptFields {
            changes.append(
                (
                    """
                    custom_fields = (SELECT jsonb_object_agg(f.key, f.value) FROM jsonb_each(custom_fields) f
                      WHERE f.key = ANY ($3::text[]))
                    """, "custom_fields IS NOT NULL AND (custom_fields - $3::text[]) <> '{}'"
                )
            )
            parameters.append(.textArray(kept))
        }
        try restate(Learner.table, changes, parameters, connection)
        guard restatement.emptiesFreeText else { return }
        for (table, columns) in [(Event.table, ["description", "payload"]), (AssessmentResponse.table, ["answers"])] {
            try restate(table, columns.map { ("\($0) = NULL", "\($0) IS NOT NULL") }, [source, run], connection)
        }
    }

    private static func restate(
        _ table: Table,
        _ changes: [(change: String, isDue: String)],
        _ parameters: [PostgresValue],
        _ connection: isolated PostgresConnection
    ) throws {
        guard !changes.isEmpty else { return }
        try connection.execute(
            """
            UPDATE \(table.qualifiedName) SET \(changes.map(\.change).joined(separator: ", ")),
              updated_at = now(), run_id = $2
            WHERE source_id = $1 AND (\(changes.map(\.isDue).joined(separator: " OR ")))
            """,
            parameters,
            deadline: .seconds(7_200)
        )
    }

    private static func writeQueue(
        _ state: CommitUnitState,
        _ source: PostgresValue,
        _ connection: isolated PostgresConnection
    ) throws {
        if !state.unqueued.isEmpty {
            let entries = Columns(state.unqueued)
            // Each entry by its key: statistics of a queue are never up to date, and a join would go through all of it.
            try connection.execute(
                """
                DELETE FROM sync.pending p USING unnest($2::text[], $3::text[], $4::bigint[]) x(stream, partition, up_to),
                LATERAL (
                  SELECT q.ctid FROM sync.pending q
                  WHERE q.source_id = $1 AND q.stream = x.stream AND q.partition = x.partition
                    AND (x.up_to IS NULL OR q.queued_at <= \(Columns<Void>.instant("x.up_to")))
                  LIMIT 1 FOR UPDATE
                ) found
                WHERE p.ctid = found.ctid
                """,
                [
                    source, entries.streams, entries.partitions,
                    entries.instants { $0.microseconds == .max ? nil : $0 },
                ]
            )
        }
        guard !state.queued.isEmpty else { return }
        let entries = Columns(state.queued)
        try connection.execute(
            """
            INSERT INTO sync.pending AS p (source_id, stream, partition, reason, due_at, queued_at, attempts)
            SELECT $1, stream, partition, reason, \(Columns<Void>.instant("due")), now(), attempts
            FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::bigint[])
              x(stream, partition, reason, due, attempts)
            ORDER BY stream COLLATE "C", partition COLLATE "C"
            ON CONFLICT (source_id, stream, partition) DO UPDATE SET due_at = least(p.due_at, excluded.due_at),
              reason = CASE WHEN p.reason = $7 THEN p.reason ELSE excluded.reason END,
              attempts = greatest(p.attempts, excluded.attempts)
            WHERE excluded.due_at < p.due_at OR excluded.attempts > p.attempts
              OR excluded.reason = $7 AND p.reason <> $7
            """,
            [
                source, entries.streams, entries.partitions, entries.texts(\.reason), entries.instants(\.dueAt),
                entries.numbers(\.attempts), .text(CommitUnitState.wholeReason),
            ]
        )
    }

    private static func writeMarks(
        _ state: CommitUnitState,
        _ source: PostgresValue,
        _ run: PostgresValue,
        _ connection: isolated PostgresConnection
    ) throws {
        if !state.watermarks.isEmpty {
            let marks = Columns(state.watermarks)
            try connection.execute(
                watermarks,
                [
                    source, run, marks.streams, marks.partitions, marks.texts(\.position), marks.instants(\.dataAsOf),
                ]
            )
        }
        if state.clearsCheckpoints {
            try connection.execute("DELETE FROM sync.checkpoints WHERE source_id = $1", [source])
        }
        guard !state.checkpoints.isEmpty else { return }
        let checkpoints = Columns(state.checkpoints)
        try connection.execute(
            """
            INSERT INTO sync.checkpoints (source_id, stream, partition, position, run_id, updated_at)
            SELECT $1, stream, partition, position::jsonb, $2::bigint, now()
            FROM unnest($3::text[], $4::text[], $5::text[]) x(stream, partition, position)
            ORDER BY stream COLLATE "C", partition COLLATE "C"
            ON CONFLICT (source_id, stream, partition) DO UPDATE SET position = excluded.position,
              run_id = excluded.run_id, updated_at = excluded.updated_at
            """,
            [source, run, checkpoints.streams, checkpoints.partitions, checkpoints.texts(\.self)]
        )
    }

    /// A number of a position never gets smaller and a member never goes away, whatever the caller brings.
    private static let watermarks = """
        INSERT INTO sync.watermarks AS w (source_id, stream, partition, position, data_as_of, run_id, updated_at)
        SELECT $1, stream, partition, position::jsonb, \(Columns<Void>.instant("as_of")), $2::bigint, now()
        FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[]) x(stream, partition, position, as_of)
        ORDER BY stream COLLATE "C", partition COLLATE "C"
        ON CONFLICT (source_id, stream, partition) DO UPDATE SET
          position = w.position || coalesce((
            SELECT jsonb_object_agg(n.key,
              CASE WHEN jsonb_typeof(n.value) = 'number' AND jsonb_typeof(w.position -> n.key) = 'number'
                     AND (w.position ->> n.key)::numeric > (n.value #>> '{}')::numeric
                   THEN w.position -> n.key ELSE n.value END)
            FROM jsonb_each(excluded.position) n), '{}'),
          data_as_of = greatest(w.data_as_of, excluded.data_as_of),
          run_id = excluded.run_id, updated_at = excluded.updated_at
        """

    private static func writeFindings(
        _ state: CommitUnitState,
        _ source: PostgresValue,
        _ run: PostgresValue,
        _ connection: isolated PostgresConnection
    ) throws {
        if !state.coverage.isEmpty {
            let parts = Columns(state.coverage)
            try connection.execute(
                """
                INSERT INTO sync.coverage AS c
                  (source_id, stream, partition, outcome, expected, read, last_complete_at, run_id)
                SELECT $1, stream, partition, outcome, expected, read, CASE WHEN complete = 1 THEN now() END, $2::bigint
                FROM unnest($3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[])
                  x(stream, partition, outcome, expected, read, complete)
                ORDER BY stream COLLATE "C", partition COLLATE "C"
                ON CONFLICT (source_id, stream, partition) DO UPDATE SET outcome = excluded.outcome,
                  expected = excluded.expected, read = excluded.read,
                  last_complete_at = coalesce(excluded.last_complete_at, c.last_complete_at), run_id = excluded.run_id
                """,
                [
                    source, run, parts.streams, parts.partitions, parts.texts { $0.outcome.rawValue },
                    parts.numbers(\.expected), parts.numbers(\.read), parts.numbers { $0.isComplete ? 1 : 0 },
                ]
            )
        }
        try resolveRejects(state, source, connection)
        if !state.rejects.isEmpty { try writeRejects(state.rejects, source, run, connection) }
        guard !state.drift.isEmpty else { return }
        let fields = state.drift.map { ($0.key, $0.value) }
        try connection.execute(
            """
            INSERT INTO sync.schema_drift AS d
              (source_id, stream, field, json_type, first_seen_at, last_seen_at, kept)
            SELECT $1, stream, field, json_type, now(), now(), kept = 1
            FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[]) x(stream, field, json_type, kept)
            ORDER BY stream COLLATE "C", field COLLATE "C", json_type COLLATE "C"
            ON CONFLICT (source_id, stream, field, json_type) DO UPDATE SET last_seen_at = excluded.last_seen_at,
              kept = excluded.kept
            WHERE d.kept <> excluded.kept OR d.last_seen_at < excluded.last_seen_at - interval '1 hour'
            """,
            [
                source, .textArray(fields.map(\.0.stream)), .textArray(fields.map(\.0.field)),
                .textArray(fields.map(\.0.jsonType)), .int8Array(fields.map { $0.1 ? 1 : 0 }),
            ]
        )
    }

    /// A reject that is open already, with the same key and reason, is not stored again: a second run changes nothing.
    private static func writeRejects(
        _ rejects: [RejectedRecord],
        _ source: PostgresValue,
        _ run: PostgresValue,
        _ connection: isolated PostgresConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO sync.rejects (source_id, stream, run_id, natural_key, reason, payload, rejected_at)
            SELECT $1, x.stream, $2::bigint, x.natural_key, x.reason, x.payload::jsonb, now()
            FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) WITH ORDINALITY
              x(stream, natural_key, reason, payload, position)
            WHERE NOT EXISTS (
              SELECT FROM sync.rejects r
              WHERE r.source_id = $1 AND r.stream = x.stream AND r.resolved_at IS NULL AND r.reason = x.reason
                AND r.natural_key IS NOT DISTINCT FROM x.natural_key
                AND (x.natural_key IS NOT NULL OR r.payload IS NOT DISTINCT FROM x.payload::jsonb))
            ORDER BY x.position
            """,
            [
                source, run, .textArray(rejects.map(\.stream)), .textArray(rejects.map(\.naturalKey)),
                .textArray(rejects.map(\.reason)), .textArray(rejects.map(\.payload)),
            ]
        )
    }

    private static func writeSource(
        _ state: CommitUnitState,
        _ source: PostgresValue,
        _ connection: isolated PostgresConnection
    ) throws {
        if let notBefore = state.notBefore {
            try connection.execute(
                "UPDATE sync.sources SET not_before = $2 WHERE source_id = $1 AND not_before IS DISTINCT FROM $2",
                [source, notBefore.map { .timestamptz($0.microseconds) } ?? .null]
            )
        }
        if let identity = state.identity {
            try connection.execute(
                "UPDATE sync.sources SET identity = $2 WHERE source_id = $1 AND identity IS DISTINCT FROM $2",
                [source, .jsonb(identity)]
            )
        }
        if let completed = state.baselineCompletedAt {
            try connection.execute(
                "UPDATE sync.sources SET baseline_completed_at = $2 WHERE source_id = $1",
                [source, .timestamptz(completed.microseconds)]
            )
        }
    }

    private static func writeLedger(
        _ state: CommitUnitState,
        _ counts: PublishCounts,
        _ runID: Int64,
        _ connection: isolated PostgresConnection
    ) throws -> (before: Int64, after: Int64) {
        let streams = Set(counts.streams.keys).union(state.requests.keys).sorted()
        guard !streams.isEmpty else {
            let sum = try readLedger(runID, connection)
            return (sum, sum)
        }
        func column(_ value: (RowCounts) -> Int) -> PostgresValue {
            .int8Array(streams.map { Int64(value(counts.streams[$0] ?? RowCounts())) })
        }
        let result = try connection.query(
            ledger,
            [
                .int8(runID), .textArray(streams), .int8Array(streams.map { Int64(state.requests[$0] ?? 0) }),
                column(\.inserted), column(\.updated), column(\.unchanged), column(\.duplicate), column(\.suppressed),
                column(\.deleted), column(\.rejected),
            ]
        )
        let after = try result.int(0, 0) ?? 0
        return (after - (try result.int(0, 1) ?? 0), after)
    }

    private static let ledger = """
        WITH x AS (
          SELECT *, inserted + updated + unchanged + duplicate + suppressed + rejected AS read
          FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[],
            $9::bigint[], $10::bigint[])
            x(stream, requests, inserted, updated, unchanged, duplicate, suppressed, deleted, rejected)
        ), streams AS (
          INSERT INTO sync.run_streams AS r (run_id, stream, requests, rows_read, rows_inserted, rows_updated,
            rows_unchanged, rows_duplicate, rows_suppressed, rows_deleted, rows_rejected)
          SELECT $1, stream, requests, read, inserted, updated, unchanged, duplicate, suppressed, deleted, rejected FROM x
          ON CONFLICT (run_id, stream) DO UPDATE SET requests = r.requests + excluded.requests,
            rows_read = r.rows_read + excluded.rows_read, rows_inserted = r.rows_inserted + excluded.rows_inserted,
            rows_updated = r.rows_updated + excluded.rows_updated,
            rows_unchanged = r.rows_unchanged + excluded.rows_unchanged,
            rows_duplicate = r.rows_duplicate + excluded.rows_duplicate,
            rows_suppressed = r.rows_suppressed + excluded.rows_suppressed,
            rows_deleted = r.rows_deleted + excluded.rows_deleted,
            rows_rejected = r.rows_rejected + excluded.rows_rejected
        )
        UPDATE sync.runs SET requests = runs.requests + t.requests, rows_read = runs.rows_read + t.read,
          rows_written = runs.rows_written + t.written, rows_deleted = runs.rows_deleted + t.deleted,
          rows_rejected = runs.rows_rejected + t.rejected
        FROM (SELECT sum(requests) requests, sum(read) AS read, sum(inserted + updated) written, sum(deleted) deleted,
                sum(rejected) rejected FROM x) t
        WHERE run_id = $1
        RETURNING runs.requests + runs.rows_read + runs.rows_deleted, (t.requests + t.read + t.deleted)::bigint
        """
}
