import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("A rejected record", .serialized)
struct RejectTests {
    private static let open = "SELECT count(*) FROM sync.rejects WHERE resolved_at IS NULL"
    private static let resolved = "SELECT count(*) FROM sync.rejects WHERE resolved_at IS NOT NULL"

    /// Puts one record into a list of the school: broken, or the same one mended.
    private static func put(_ list: String, _ kind: HostileRecord.Kind, _ harness: SchoolHarness) throws {
        let json = #"{"hostile": [{"list": "\#(list)", "kind": "\#(kind.rawValue)"}]}"#
        try harness.simulator.setFaults(json: Array(json.utf8))
    }

    @Test("is resolved by whatever run brings it whole", .timeLimit(.minutes(3)), arguments: PlatformCase.all)
    func nextPull(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 441)) { harness in
            let (list, stream) = platform.hostileList
            try Self.put(list, .deepNesting, harness)
            #expect(await harness.baseline().exitCode == 0)
            #expect(try await harness.sql("SELECT stream FROM sync.rejects WHERE resolved_at IS NULL") == [[stream]])
            try Self.put(list, .nulInText, harness)
            let run = await harness.baseline(restart: true)
            #expect(run.exitCode == 0, "\(run.story)")
            #expect(try await harness.count(Self.open) == 0)
            #expect(try await harness.count(Self.resolved) == 1)
            try await expectTruth(harness)
        }
    }

    @Test(
        "is asked for again by rejects --retry: at once resolved where it was mended",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func retry(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 442)) { harness in
            let (list, _) = platform.hostileList
            try Self.put(list, .deepNesting, harness)
            #expect(await harness.baseline().exitCode == 0)
            let positions = try await harness.positions().filter { $0[0] != "r" }
            let again = await harness.service("rejects").retryRejects(source: nil)
            #expect(again.exitCode == 0, "\(again.runs)")
            #expect(try await harness.count(Self.open) == 1, "it is broken as before")
            try Self.put(list, .nulInText, harness)
            let report = await harness.service("rejects").retryRejects(source: nil)
            #expect(report.exitCode == 0, "\(report.runs)")
            #expect(try await harness.count(Self.open) == 0)
            #expect(try await harness.positions().filter { $0[0] != "r" } == positions, "no mark moves")
            try await expectTruth(harness)
            #expect(try await harness.bookkeepingFaults() == [])
            // Nothing is open: nothing is asked.
            harness.simulator.resetRequests()
            #expect(await harness.service("rejects").retryRejects(source: nil).runs.isEmpty)
            #expect(harness.simulator.requests.total == 0)
        }
    }

    @Test(
        "of any list costs a retry that list, and is resolved when the platform has it no more",
        .timeLimit(.minutes(3)),
        arguments: ["courses", "enrollments", "progress", "grades", "certificates", "responses", "events"]
    )
    func lists(list: String) async throws {
        let school = GeneratedSchool.make(.init(courses: 4, learners: 30), seed: 443)
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school)) { harness in
            try Self.put(list, .deepNesting, harness)
            #expect(await harness.baseline().exitCode == 0)
            #expect(try await harness.count(Self.open) == 1)
            try Self.put(list, .nulInText, harness)
            harness.simulator.resetRequests(recent: 100)
            let report = await harness.service("rejects").retryRejects(source: nil)
            #expect(report.exitCode == 0, "\(report.runs)")
            #expect(harness.simulator.requests.total <= 4, "\(harness.simulator.requests.recent)")
            #expect(try await harness.count(Self.open) == 0)
            try await expectTruth(harness)

            try await harness.sql("UPDATE sync.rejects SET resolved_at = NULL")
            harness.simulator.resetFaults()
            #expect(await harness.service("rejects").retryRejects(source: nil).exitCode == 0)
            #expect(try await harness.count(Self.open) == 0, "what is no longer sent is no open question")
        }
    }

    @Test("without an id is decided by its whole stream", .timeLimit(.minutes(3)))
    func withoutID() async throws {
        let school = GeneratedSchool.make(.init(courses: 4, learners: 30), seed: 444)
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school)) { harness in
            try Self.put("users", .missingId, harness)
            #expect(await harness.baseline().exitCode == 0)
            #expect(try await harness.count(Self.open + " AND natural_key IS NULL") == 1)
            #expect(await harness.service("rejects").retryRejects(source: nil).exitCode == 0)
            #expect(try await harness.count(Self.open) == 1)
            harness.simulator.resetFaults()
            #expect(await harness.service("rejects").retryRejects(source: nil).exitCode == 0)
            #expect(try await harness.count(Self.open) == 0)
        }
    }
}
