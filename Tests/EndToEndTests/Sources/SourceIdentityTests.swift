import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

@Suite("A source remembers what it was loaded from", .serialized)
struct SourceIdentityTests {
    /// Lends a loaded school and the harness of a sister school under the same id.
    private func withSister(
        _ platform: PlatformCase,
        of sister: PlatformCase? = nil,
        _ body: (SchoolHarness, SchoolHarness, Simulator) async throws -> Void
    ) async throws {
        try await withSchool(platform.school(.small, 801)) { first in
            #expect(await first.baseline().exitCode == 0)
            let options = (sister ?? platform).school(.small, 802)
            let simulator = try await options.start()
            do {
                let lines =
                    ["warehouse:", "  url: \"\(first.warehouseURL)\"", "sources:"]
                    + options.lines(id: SchoolHarness.sourceID, url: simulator.url)
                var second = first
                second.configuration = try RegistrarConfiguration(
                    parsing: Array((lines.joined(separator: "\n") + "\n").utf8),
                    file: "registrar.yaml",
                    environment: ["SCHOOL_SECRET": options.secret]
                )
                try await body(first, second, simulator)
            } catch {
                try? await simulator.stop()
                throw error
            }
            try await simulator.stop()
        }
    }

    private func calls(_ simulator: Simulator) -> Int { simulator.requests.total + simulator.requests.token }

    /// Every command that would ask the platform, by its exit code.
    private func expectRefused(_ harness: SchoolHarness, saying words: [String]) async throws {
        let reports = [
            await harness.sync(), await harness.sweep(), await harness.pull(learners: ["1"]),
            await harness.baseline(), await harness.service().sync(sources: [], streams: [], dryRun: true),
        ]
        for report in reports {
            #expect(report.exitCode == 78, "\(report.story)")
            for word in words { #expect(report.story.contains(word), "\(report.story) lacks \(word)") }
        }
        for baseline in [false, true] {
            let plan = try await harness.service().plan(sources: [], baseline: baseline)
            #expect(plan.exitCode == 78)
            #expect(words.allSatisfy { plan.sources[0].message?.contains($0) == true })
        }
        let finding = try #require(await harness.service().doctor().first { $0.outcome == .fail })
        #expect(finding.exitCode == 78)
        #expect(words.allSatisfy { finding.detail.contains($0) })
    }

    @Test(
        "another host is refused before any request, until it is confirmed",
        .timeLimit(.minutes(5)),
        arguments: PlatformCase.all
    )
    func anotherHost(platform: PlatformCase) async throws {
        try await withSister(platform) { first, second, simulator in
            let before = try await first.rowVersions()
            try await expectRefused(
                second,
                saying: ["loaded from \(platform.kind)", first.simulator.url, "moved_from"]
            )
            #expect(calls(simulator) == 0, "nothing is asked of the new host")
            #expect(try await first.rowVersions() == before)
            #expect(await first.sync().exitCode == 0, "the first school is read as before")

            // A part of it would leave the rest to the other school.
            #expect(await second.baseline(streams: ["courses"], restart: true).exitCode == 78)
            #expect(calls(simulator) == 0)
            // What is open about the first school is nobody's any more.
            try await first.sql(
                """
                INSERT INTO sync.rejects (source_id, stream, run_id, natural_key, reason, rejected_at)
                SELECT source_id, 'courses', max(run_id), 'former', 'too long', now() FROM sync.runs GROUP BY source_id
                """
            )
            try await first.sql(
                """
                INSERT INTO sync.coverage (source_id, stream, partition, outcome, run_id)
                SELECT source_id, 'courses', 'former', 'failed', max(run_id) FROM sync.runs GROUP BY source_id
                """
            )
            let confirmed = await second.baseline(restart: true)
            let open = """
                SELECT (SELECT count(*) FROM sync.rejects WHERE natural_key = 'former' AND resolved_at IS NULL)
                  + (SELECT count(*) FROM sync.coverage WHERE partition = 'former' AND outcome <> 'gone')
                """
            #expect(try await first.count(open) == 0)
            #expect(confirmed.exitCode == 0, "\(confirmed.story)")
            var sister = second
            sister.simulator = simulator
            try await expectTruth(sister)
            #expect(await second.sync().exitCode == 0)
            try await expectTruth(sister)
            #expect(await first.sync().exitCode == 78, "now the rows are the other's")
        }
    }

    @Test("a school that has moved goes on where it was", .timeLimit(.minutes(2)))
    func moved() async throws {
        try await withSchool(PlatformCase.grow.school(.small, 803)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            try await harness.sql("UPDATE sync.sources SET url = 'https://old.example.org'")
            #expect(await harness.sync().exitCode == 78)
            let moved = harness.configured { $0.movedFrom = ["https://old.example.org/"] }
            let report = await moved.sync()
            #expect(report.exitCode == 0 && report.sources.map(\.mode) == ["incremental"], "\(report.story)")
            #expect(await harness.sync().exitCode == 0, "what was confirmed once is remembered")
        }
    }

    @Test("another kind is another school, and no restart confirms it", .timeLimit(.minutes(2)))
    func anotherKind() async throws {
        try await withSister(.grow, of: .blackboard) { first, second, simulator in
            try await expectRefused(second, saying: ["loaded from grow at \(first.simulator.url)", "needs a new id"])
            #expect(await second.baseline(restart: true).exitCode == 78)
            #expect(calls(simulator) == 0)
        }
    }

    @Test("a Blackboard site whose release goes back is another site until that is confirmed", .timeLimit(.minutes(3)))
    func olderRelease() async throws {
        try await withSchool(PlatformCase.blackboard.school(.small, 805)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let release = try await harness.value("SELECT identity ->> 'release' FROM sync.sources")
            #expect(release?.hasPrefix("3900.") == true)
            try await harness.sql(
                """
                UPDATE sync.watermarks
                SET position = (position || '{"version": "9999.1"}'::jsonb) - 'version_read_at'::text
                WHERE stream = 'connection'
                """
            )
            let before = try await harness.rowVersions()
            for _ in 0..<2 {
                let report = await harness.sync()
                #expect(report.exitCode == 78 && report.story.contains("9999.1"), "\(report.story)")
            }
            #expect(try await harness.rowVersions() == before)
            #expect(await harness.baseline(restart: true).exitCode == 0)
            #expect(await harness.sync().exitCode == 0)
        }
    }

    @Test("an address that never gave a row is corrected without a word", .timeLimit(.minutes(2)))
    func correctedAddress() async throws {
        try await withSchool(PlatformCase.grow.school(.small, 804)) { harness in
            let wrong = harness.configured { $0.url = "http://127.0.0.1:1" }
            #expect(await wrong.sync().exitCode == 69)
            #expect(await harness.sync().exitCode == 0)
        }
    }
}
