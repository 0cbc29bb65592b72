import Loader
import Postgres
import Records
import Testing

/// What the planner knows of a table is older than its rows: just after a load, or without an autovacuum.
@Suite struct StaleStatisticsTests {
    /// Rows of a table that statements have gone through, by the server's own count.
    private func touched(_ table: String, _ test: TestWarehouse) async throws -> Int {
        let count = """
            SELECT (seq_tup_read + coalesce(idx_tup_fetch, 0))::text FROM pg_stat_user_tables
            WHERE schemaname || '.' || relname = $1
            """
        return try await Int(test.sql(count, [.text(table)]).first?.first.flatMap { $0 } ?? "") ?? -1
    }

    @Test("entries of the queue and stored rows are found by their keys all the same")
    func lookups() async throws {
        try await withWarehouse { test in
            _ = try await test.sql("ANALYZE sync.pending, lms.learners")
            let run = try await test.run()
            let all = (0..<20_000).map { Learner(learnerID: "l\($0)", username: "n") }
            try await run.publish(all)
            try await test.sql(
                """
                INSERT INTO sync.pending (source_id, stream, partition, reason)
                SELECT 'acme', 'progress', 'l' || n, 'test' FROM generate_series(0, 19999) n
                """
            )
            let before = (try await touched("sync.pending", test), try await touched("lms.learners", test))
            var unit = run.unit
            unit.append((0..<300).map { Learner(learnerID: "l\($0)", username: "changed") }, stream: "learners")
            // The last ones: a walk in the order they came goes past all others.
            for number in 19_700..<20_000 { unit.unqueue("progress", "l\(number)") }
            let counts = try await run.writer.publish(unit)
            #expect(counts.tables["learners"]?.updated == 300)
            #expect(try await test.value("SELECT count(*)::text FROM sync.pending") == "19700")
            // A connection hands its counts to the server at its end.
            await test.warehouse.close()
            #expect(before.0 >= 0 && before.1 >= 0)
            // One pass over a small queue is cheap; one for each entry would be six million rows.
            #expect(try await touched("sync.pending", test) - before.0 < 25_000)
            #expect(try await touched("lms.learners", test) - before.1 < 5_000)
        }
    }
}
