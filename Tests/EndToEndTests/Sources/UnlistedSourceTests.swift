import LMSSimulator
import Platforms
import Records
import RegistrarTesting
import Sync
import Testing

@Suite("Sources that the file lacks", .serialized)
struct UnlistedSourceTests {
    @Test("status and doctor name them, and whose address they have; forget removes every row", .timeLimit(.minutes(3)))
    func renamed() async throws {
        try await withSchool(PlatformCase.grow.school(.small, 821)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            #expect(await harness.sync().exitCode == 0)
            let renamed = harness.configured { $0.id = "acme_new" }
            #expect(await renamed.sync().exitCode == 0)
            let rows = try await harness.count("SELECT count(*) FROM lms.learners WHERE source_id = 'acme'")
            #expect(rows > 0)

            let unlisted = try await renamed.service().status().unlisted
            #expect(unlisted.map(\.id) == ["acme"] && unlisted[0].sameAs == "acme_new" && unlisted[0].rows > rows)
            let finding = try #require(await renamed.service().doctor().first { $0.check == "sources" })
            #expect(finding.outcome == .warn && finding.detail.contains("same url as acme_new"))
            #expect(finding.remedy?.contains("registrar forget --source acme") == true)
            #expect(try await harness.service().status().unlisted.map(\.id) == ["acme_new"])

            // A source that the file has is not forgotten, nor one that nobody knows.
            await #expect(throws: SyncError.self) {
                try await renamed.service().forget(source: "acme_new", dryRun: false)
            }
            await #expect(throws: SyncError.self) { try await renamed.service().forget(source: "nobody", dryRun: true) }

            // What a run leaves only now and then.
            _ = try await harness.service().plan(sources: [], baseline: true)
            for statement in Self.leavings { try await harness.sql(statement) }
            let places = ["leases", "sources", "plans", "rejects", "schema_drift", "inbox", "checkpoints", "pending"]
            #expect(Set(try await leftovers(of: "acme", harness)).isSuperset(of: places))

            let before = try await harness.rowVersions()
            let preview = try await renamed.service().forget(source: "acme", dryRun: true)
            #expect(preview.tables.contains { $0 == ("lms.learners", rows) })
            #expect(try await harness.rowVersions() == before)
            let report = try await renamed.service().forget(source: "acme", dryRun: false)
            #expect(report.tables.map(\.table) == preview.tables.map(\.table))
            #expect(report.tables.elementsEqual(preview.tables) { $0 == $1 })
            #expect(try await leftovers(of: "acme", harness) == ["leases"])
            #expect(try await renamed.service().status().unlisted == [])
            #expect(await renamed.sync().exitCode == 0)
            #expect(try await harness.count("SELECT count(*) FROM lms.learners WHERE source_id = 'acme_new'") == rows)
        }
    }

    private static let leavings = [
        "INSERT INTO sync.rejects (source_id, stream, reason) VALUES ('acme', 'learners', 'test')",
        """
        INSERT INTO sync.schema_drift (source_id, stream, field, json_type, kept)
        VALUES ('acme', 'learners', 'test', 'string', false)
        """,
        "INSERT INTO sync.inbox (source_id, delivery_id, kind) VALUES ('acme', '1', 'test')",
        "INSERT INTO sync.checkpoints (source_id, stream, position) VALUES ('acme', 'learners', '{}')",
        "INSERT INTO sync.pending (source_id, stream, reason) VALUES ('acme', 'learners', 'test')",
    ]

    /// The tables of the warehouse that still have a row of a source, whatever tables there are.
    private func leftovers(of id: String, _ harness: SchoolHarness) async throws -> [String] {
        let tables = try await harness.sql(
            """
            SELECT table_schema, table_name FROM information_schema.columns
            WHERE column_name = 'source_id' AND table_schema IN ('lms', 'sync', 'hist') ORDER BY 2
            """
        )
        var left: [String] = []
        for table in tables {
            let (schema, name) = (table[0] ?? "", table[1] ?? "")
            let rows = try await harness.count("SELECT count(*) FROM \(schema).\(name) WHERE source_id = '\(id)'")
            if rows > 0 { left.append(name) }
        }
        let orphans = try await harness.count(
            "SELECT count(*) FROM sync.run_streams s WHERE NOT EXISTS (SELECT FROM sync.runs r WHERE r.run_id = s.run_id)"
        )
        return left + (orphans > 0 ? ["run_streams"] : [])
    }

    @Test(
        "a scope that leaves nothing is told by sync, plan and doctor",
        .timeLimit(.minutes(4)),
        arguments: PlatformCase.all
    )
    func emptyScope(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 822)) { whole in
            let harness = whole.configured { $0.scope = CourseScope(include: ["nope-1"]) }
            let plan = try await harness.service().plan(sources: [], baseline: false)
            #expect(plan.sources[0].notes.contains { $0.contains("scope leaves no") }, "\(plan.sources[0].notes)")
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            let notes = report.sources.flatMap(\.notes)
            #expect(notes.contains("scope.include names 1 id that the platform lacks: nope-1"), "\(notes)")
            #expect(notes.contains("scope leaves no course"))
            let details = await harness.service().doctor().filter { $0.outcome == .warn }.map(\.detail)
            #expect(details.contains("scope leaves no course"), "\(details)")
            #expect(details.contains { $0.contains("nope-1") })
        }
    }

    @Test("a scope that is met says nothing", .timeLimit(.minutes(2)))
    func metScope() async throws {
        try await withSchool(PlatformCase.grow.school(.small, 823)) { whole in
            #expect(await whole.baseline().exitCode == 0)
            let course = try #require(try await whole.value("SELECT min(course_id) FROM lms.courses"))
            let harness = whole.configured { $0.scope = CourseScope(include: [course]) }
            #expect(await harness.sync().sources.flatMap(\.notes) == [])
        }
    }

    @Test("a baseline that is complete is not read again", .timeLimit(.minutes(2)), arguments: PlatformCase.all)
    func secondBaseline(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 824)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let calls = harness.simulator.requests.total + harness.simulator.requests.token
            let again = await harness.baseline()
            #expect(again.exitCode == 0)
            #expect(
                again.story.contains("complete since 20") && again.story.contains("baseline --restart"),
                "\(again.story)"
            )
            #expect(harness.simulator.requests.total + harness.simulator.requests.token == calls)
            #expect(await harness.baseline(restart: true).sources[0].requests > 0)
        }
    }
}
