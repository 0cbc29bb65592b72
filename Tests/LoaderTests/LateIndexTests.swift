import Loader
import Postgres
import Records
import Testing

/// Indexes that are built once the tables are filled.
@Suite struct LateIndexTests {
    private let names = ["enrollments_by_learner", "events_by_learner", "progress_by_learner"]

    private func indexes(_ test: TestWarehouse) async throws -> [String?] {
        try await test.sql(
            """
            SELECT relname FROM pg_class WHERE relnamespace = 'lms'::regnamespace AND relkind IN ('i', 'I')
              AND relname LIKE '%\\_by\\_learner' ORDER BY 1
            """
        ).map { $0.first ?? nil }
    }

    private func run(_ script: String, _ test: TestWarehouse) async throws {
        try await PostgresConnection.withConnection(try PostgresSettings(url: test.url)) { connection in
            _ = try await connection.execute(script)
        }
    }

    @Test("are missing in an empty warehouse, built once, and grow with the log's partitions")
    func built() async throws {
        try await withWarehouse { test in
            #expect(try await indexes(test) == [])
            let run = try await test.run()
            try await run.publish([Event(eventID: "e1", occurredAt: instant(), learnerID: "l1")], stream: "events")
            try await run.writer.ensureIndexes()
            #expect(try await indexes(test) == names)
            let versions = "SELECT max(xmin::text::bigint)::text FROM pg_class WHERE relname LIKE '%\\_by\\_learner'"
            let before = try await test.value(versions)
            try await run.writer.ensureIndexes()
            #expect(try await test.value(versions) == before)
            let later = instant(400 * 86_400)
            try await run.publish([Event(eventID: "e2", occurredAt: later, learnerID: "l1")], stream: "events")
            #expect(
                try await test.value(
                    """
                    SELECT count(*)::text FROM pg_index i JOIN pg_inherits h ON h.inhrelid = i.indrelid
                    WHERE h.inhparent = 'lms.events'::regclass AND NOT i.indisunique
                    """
                ) == "2"
            )
        }
    }

    @Test("are built by a role that owns no table, with its owner's rights")
    func byTheLoader() async throws {
        try await withWarehouse { test in
            _ = try await test.sql("CREATE ROLE loader_of_indexes")
            _ = try await test.sql("GRANT loader_of_indexes TO CURRENT_USER")
            _ = try await test.sql("GRANT USAGE ON SCHEMA sync TO loader_of_indexes")
            let call = "BEGIN; SET LOCAL ROLE loader_of_indexes; SELECT sync.ensure_indexes(); COMMIT"
            await #expect(throws: PostgresError.self, "not for everyone") { try await run(call, test) }
            _ = try await test.sql("GRANT EXECUTE ON FUNCTION sync.ensure_indexes() TO loader_of_indexes")
            try await run(call, test)
            #expect(try await indexes(test) == names)
        }
    }
}
