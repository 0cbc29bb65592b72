import LMSSimulator
import Postgres
import RegistrarTesting
import Sync
import Testing

@Suite("Replay")
struct ReplayTests {
    /// The vendor's worked example: a receiver was down from 1751290000 to 1751299200.
    private static let outage = (from: "1751290000", to: "1751299200")

    /// A school whose clock stands just before the outage.
    private static func school(seed: UInt64) -> SchoolOptions {
        SchoolOptions(
            school: GeneratedSchool.make(
                .init(courses: 6, learners: 60),
                seed: seed,
                end: Instant(seconds: 1_751_200_000)
            ),
            clock: .frozen(Instant(seconds: 1_751_290_000)),
            // Days pass at once, and no share of the school shall hide what the replay brings.
            optionLines: ["active_max_age: 3650d", "cold_max_age: 3650d"]
        )
    }

    /// Completions and awards, one every five minutes of the outage.
    private static func completions(_ harness: SchoolHarness, seed: UInt64) -> [ChangeRecord] {
        harness.simulator.advance(seconds: 60)
        return harness.simulator.change(
            ChangeRequest(seed: seed, count: 12, kinds: [.completion, .visit], secondsBetween: 300)
        )
    }

    @Test("the vendor's worked example: lost completions and awards of a window come back", .timeLimit(.minutes(2)))
    func workedExample() async throws {
        try await withSchool(Self.school(seed: 81)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let done = Self.completions(harness, seed: 810)
            let learners = Set(done.filter { $0.kind == .completion }.compactMap(\.learnerId))
            #expect(learners.count > 2, "the outage saw completions")
            harness.simulator.advance(seconds: 30_000)
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])

            // What a receiver lost: the rows of these people, and what the log says of the window.
            for table in ["progress", "unit_progress", "certificates", "enrollments", "grades", "assessment_responses"]
            {
                let recent =
                    switch table {
                    case "grades": " AND submitted_at >= to_timestamp(1751290000)"
                    case "assessment_responses": " AND submitted_at >= to_timestamp(1751290000)"
                    case "certificates": " AND issued_at >= to_timestamp(1751290000)"
                    default: ""
                    }
                try await harness.sql(
                    "DELETE FROM lms.\(table) WHERE learner_id = ANY ($1)\(recent)",
                    [.textArray(learners.sorted())]
                )
            }
            try await harness.sql(
                "DELETE FROM lms.events WHERE activity IN ('complete_course', 'award_certificate')"
                    + " AND occurred_at BETWEEN to_timestamp(1751290000) AND to_timestamp(1751299200)"
            )
            #expect(try await !harness.compareWithTruth().isEmpty)
            let marks = try await harness.watermarkVersions()
            harness.simulator.resetRequests(recent: 1_000)
            let report = try await harness.replay(
                from: Self.outage.from,
                to: Self.outage.to,
                activities: ["complete_course", "award_certificate"]
            )
            #expect(report.exitCode == 0)
            #expect(report.sources.first?.mode == "replay")
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
            #expect(try await harness.watermarkVersions() == marks, "no watermark moves")

            let calls = harness.simulator.requests
            let walks = calls.recent.filter { $0.contains("/eventlogs") }
            #expect(walks.count == 2, "one walk for each activity")
            #expect(
                walks.allSatisfy { $0.contains("created_after=1751289999") && $0.contains("created_before=1751299201") }
            )
            #expect(calls.routes["progress"] == learners.count && calls.routes["enrollments"] == learners.count)
            #expect(
                calls.routes["users"] == nil && calls.routes["courses"] == nil,
                "nothing is asked that nobody named"
            )

            let versions = try await harness.rowVersions()
            let again = try await harness.replay(
                from: "2025-06-30T13:26:40Z",
                to: "2025-06-30T16:00:00Z",
                activities: ["complete_course", "award_certificate"]
            )
            #expect(again.exitCode == 0)
            #expect(try await harness.rowVersions() == versions, "a second replay writes nothing")
            #expect(try await harness.count("SELECT count(*) FROM sync.runs WHERE mode = 'replay'") == 2)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test(
        "rows that the log showed too late for any increment come with a replay of all activities",
        .timeLimit(.minutes(2))
    )
    func lateRows() async throws {
        try await withSchool(Self.school(seed: 82)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.faults.lateEventsSeconds = 20_000
            _ = Self.completions(harness, seed: 820)
            harness.simulator.faults.lateEventsSeconds = 0
            // Hour after hour the window of the log goes on, and passes the rows that are not there yet.
            for _ in 0..<7 {
                harness.simulator.advance(seconds: 3_600)
                await harness.sync()
            }
            #expect(try await !harness.compareWithTruth(["progress", "events"]).isEmpty)
            let marks = try await harness.watermarkVersions()
            let report = try await harness.replay(from: Self.outage.from, to: Self.outage.to)
            #expect(report.exitCode == 0)
            #expect(try await harness.watermarkVersions() == marks)
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
            // What the replay has stored makes nobody pending in the next increment.
            harness.simulator.resetRequests()
            #expect(await harness.sync().exitCode == 0)
            #expect(harness.servedRequests()["progress"] == nil)
        }
    }

    @Test("a platform without an event log says so, exit 64", arguments: [PlatformCase.blackboard, .matrix])
    func noLog(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 83)) { harness in
            let error = await #expect(throws: SyncError.self) {
                try await harness.replay(from: Self.outage.from, to: Self.outage.to)
            }
            #expect(error?.code.exitCode == .usage)
            #expect(error?.message.contains("has no event log") == true)
            #expect(harness.simulator.requests.total == 0)
        }
    }

    @Test("a window that is none is refused before any request")
    func badWindow() async throws {
        try await withSchool(Self.school(seed: 84)) { harness in
            for (from, to) in [("yesterday", "1751299200"), ("1751299200", "1751290000"), ("1751290000", "2025-02-30")]
            {
                await #expect(throws: (any Error).self) { try await harness.replay(from: from, to: to) }
            }
            #expect(harness.simulator.requests.total == 0)
        }
    }
}
