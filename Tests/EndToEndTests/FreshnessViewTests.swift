import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

@Suite("The freshness views")
struct FreshnessViewTests {
    @Test("tell what the platform had when it was asked apart from when it was stored", .timeLimit(.minutes(2)))
    func freshness() async throws {
        let school = GeneratedSchool.make(.init(courses: 4, learners: 30), seed: 71)
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let streams = harness.configuration.sources[0].streams.sorted()
            let first = try await harness.sql(
                "SELECT stream, data_as_of::text FROM bi.freshness WHERE kind = 'learnworlds' ORDER BY stream COLLATE \"C\""
            )
            #expect(first.compactMap { $0[0] } == streams)
            // The school's clock stands years away from ours: the two cannot be confused.
            let apart = """
                SELECT count(*) FROM bi.freshness
                WHERE data_as_of BETWEEN '2026-01-05' AND '2026-01-06' AND loaded_at > clock_timestamp() - interval '1 hour'
                """
            #expect(try await harness.count(apart) == streams.count)
            harness.simulator.advance(seconds: 7_200)
            #expect(await harness.sync().exitCode == 0)
            let older = try await harness.sql(
                "SELECT stream, data_as_of::text FROM bi.freshness ORDER BY stream COLLATE \"C\""
            )
            for (before, after) in zip(first, older) { #expect((before[1] ?? "") < (after[1] ?? "")) }
        }
    }

    @Test(
        "count what was read by outcome, and are open to readers who may not see the state behind",
        .timeLimit(.minutes(2))
    )
    func coverage() async throws {
        let school = GeneratedSchool.make(.init(courses: 4, learners: 30), seed: 72)
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school)) { harness in
            harness.simulator.faults.statusForPath = ["/v2/courses/course-2/grades": 403]
            #expect(await harness.baseline().exitCode == 1)
            let refused = try await harness.sql(
                "SELECT parts, never_complete FROM bi.coverage WHERE stream = 'grades' AND outcome = 'refused'"
            )
            #expect(refused == [["1", "1"]])
            let read = "SELECT sum(parts) FROM bi.coverage WHERE stream = 'grades' AND outcome IN ('read', 'empty')"
            #expect(try await harness.count(read) == 3)
            let role = "registrar_test_reader"
            let statements = [
                "DO $$ BEGIN CREATE ROLE \(role); EXCEPTION WHEN duplicate_object THEN NULL; END $$",
                "GRANT USAGE ON SCHEMA bi TO \(role)", "GRANT SELECT ON ALL TABLES IN SCHEMA bi TO \(role)",
            ]
            for statement in statements { try await harness.sql(statement) }
            let seen = try await harness.sql(
                """
                SELECT has_table_privilege('\(role)', 'bi.coverage', 'SELECT'),
                  has_table_privilege('\(role)', 'sync.coverage', 'SELECT')
                """
            )
            #expect(seen == [["t", "f"]])
        }
    }
}
