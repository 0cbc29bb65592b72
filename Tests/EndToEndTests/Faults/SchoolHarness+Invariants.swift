import RegistrarTesting

extension SchoolHarness {
    /// Notes from now on every move of a watermark (invariant I3).
    func watchWatermarks() async throws {
        try await sql("CREATE SCHEMA watch")
        try await sql(
            "CREATE TABLE watch.moves (stream text, partition text, old jsonb, new jsonb)"
        )
        try await sql(
            """
            CREATE FUNCTION watch.note_move() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO watch.moves SELECT OLD.stream, OLD.partition, OLD.position,
                CASE WHEN TG_OP = 'UPDATE' THEN NEW.position END;
              RETURN NULL;
            END $$
            """
        )
        try await sql(
            """
            CREATE TRIGGER note_move AFTER UPDATE OR DELETE ON sync.watermarks
            FOR EACH ROW EXECUTE FUNCTION watch.note_move()
            """
        )
    }

    /// Watermarks that went back or vanished since ``watchWatermarks()``.
    func watermarksThatWentBack() async throws -> [[String?]] {
        try await sql(
            """
            SELECT m.stream, m.partition, m.old::text, m.new::text
            FROM watch.moves m, jsonb_each_text(m.old) o
            WHERE m.stream <> 'connection' AND (m.new ->> o.key IS NULL OR CASE
              WHEN o.value ~ '^-?[0-9.]+$' THEN (m.new ->> o.key)::numeric < o.value::numeric
              ELSE m.new ->> o.key < o.value END)
            """
        )
    }

    /// Pages of learners of which some rows are stored and some are not (invariant I5).
    ///
    /// - Parameter size: Rows of a page; the school's list is newest first.
    func tornPages(size: Int) async throws -> [Int] {
        let stored = Set(try await sql("SELECT learner_id FROM lms.learners").compactMap { $0[0] })
        let listed = TruthRows(simulator, "learners").rows.compactMap { $0["learner_id"] }.reversed()
        let ids = Array(listed)
        return stride(from: 0, to: ids.count, by: size).compactMap { start in
            let page = ids[start..<min(start + size, ids.count)]
            let present = page.count { stored.contains($0) }
            return present == 0 || present == page.count ? nil : start / size + 1
        }
    }

    /// How the last run ended, as the ledger has it.
    func lastRunStatus() async throws -> String? {
        try await value("SELECT status FROM sync.runs ORDER BY run_id DESC LIMIT 1")
    }

    /// Leases that somebody still holds.
    func heldLeases() async throws -> Int {
        try await count("SELECT count(*) FROM sync.leases WHERE expires_at > clock_timestamp()")
    }
}
