import Extractor
import LMSSimulator
import NIOCore
import Platforms
import RegistrarTesting
import Sync
import Synchronization
import Testing

/// Answers calls with one status, instead of the platform.
private struct FailingTransport: HTTPTransport {
    let base: any HTTPTransport
    let status: Int
    /// Whether calls for tokens are answered by the platform itself.
    let sparesTokens: Bool

    func send(_ request: TransportRequest) async throws -> TransportResponse {
        if sparesTokens, request.target.contains("oauth2") { return try await base.send(request) }
        return TransportResponse(
            status: status,
            headers: ResponseHeaders([("Content-Type", "application/json")]),
            body: ByteBuffer(string: #"{"message":"down for maintenance"}"#)
        )
    }
}

extension SchoolHarness {
    /// The same in front of a platform that answers everything with `status`, on a clock whose sleepers jump.
    fileprivate func answering(_ status: Int, sparesTokens: Bool) -> SchoolHarness {
        var copy = self
        copy.parts.time = LeapingTime()
        copy.parts.limiters = RateLimiterRegistry()
        let make = parts.makeTransport
        copy.parts.makeTransport = { origin, connections in
            let (transport, end) = make(origin, connections)
            return (FailingTransport(base: transport, status: status, sparesTokens: sparesTokens), end)
        }
        return copy
    }
}

@Suite("A platform that answers nothing")
struct OutageTests {
    @Test(
        "fails every run with 69, whatever it was sent for",
        .timeLimit(.minutes(5)),
        arguments: PlatformCase.all,
        [true, false]
    )
    func everyMode(platform: PlatformCase, sparesTokens: Bool) async throws {
        try await withSchool(platform.school(.small, 117)) { harness in
            let down = harness.answering(503, sparesTokens: sparesTokens)
            try await expectFailure(down, "first load", await down.baseline(), words: "503")
            #expect(await harness.baseline().exitCode == 0)
            let course = try #require(try await harness.value("SELECT min(course_id) FROM lms.courses"))
            try await expectFailure(down, "sync", await down.sync(), words: "503")
            try await expectFailure(down, "sweep", await down.sweep(), words: "503")
            try await expectFailure(down, "pull", await down.pull(courses: [course]), words: "503")
            if platform.kind == "grow" {
                let report = try await down.replay(from: "2025-01-01", to: "2025-02-01")
                try await expectFailure(down, "replay", report, words: "503")
            }
            let compared = await down.service().reconcile(
                sources: [],
                streams: [],
                courses: [],
                full: true,
                repair: false
            )
            #expect(compared.exitCode == 69)
            let dry = await down.service().sync(sources: [], streams: [], dryRun: true)
            #expect(dry.exitCode == 69, "\(dry.story)")
            #expect(try await down.service().plan(sources: [], baseline: false).exitCode == 69)
            #expect(await down.service().doctor().contains { $0.outcome == .fail && $0.exitCode == 69 })
        }
    }

    private func expectFailure(
        _ harness: SchoolHarness,
        _ name: String,
        _ report: RunReport,
        words: String
    ) async throws {
        #expect(report.exitCode == 69, "\(name): \(report.story)")
        #expect(report.story.contains(words), "\(name): \(report.story)")
        #expect(report.sources.last?.status == "failed", "\(name): \(report.story)")
        #expect(try await harness.value("SELECT status FROM sync.runs ORDER BY run_id DESC LIMIT 1") == "failed")
        let asked = report.sources.last?.requests ?? 0
        // Three lists, six calls each, and those that other workers had begun by then.
        #expect(asked <= 42, "\(name): \(asked) calls")
    }

    @Test(
        "that answers 404 everywhere is at another address: it is named, and 69",
        .timeLimit(.minutes(2)),
        arguments: [
            ("grow", "Grow", "/admin/api"), ("learnworlds", "LearnWorlds", "/admin/api"),
            ("blackboard", "Blackboard", "/learn/api/public"), ("matrix", "MATRIX", "/api"),
        ]
    )
    func wrongAddress(kind: String, name: String, root: String) async throws {
        let platform = try #require(PlatformCase.all.first { $0.kind == kind })
        try await withSchool(platform.school(.small, 118)) { harness in
            let elsewhere = harness.configured { $0.url += "/some/path" }.answering(404, sparesTokens: false)
            let path = kind == "blackboard" ? root : "/some/path" + root
            let words = "no \(name) API at \(harness.simulator.url)\(path): check url (or options.api_root)"
            let report = await elsewhere.baseline()
            #expect(report.exitCode == 69, "\(report.story)")
            #expect(report.story.contains(words), "\(report.story)")
            let findings = await elsewhere.service().doctor()
            #expect(findings.contains { $0.exitCode == 69 && $0.detail.contains(words) }, "\(findings)")
        }
    }

    @Test(
        "is not called by doctor while it has asked for a pause; a run and doctor say until when",
        .timeLimit(.minutes(2))
    )
    func pause() async throws {
        try await withSchool(PlatformCase.grow.school(.small, 119)) { harness in
            harness.simulator.faults.tooManyRequestsCalls = 1
            harness.simulator.faults.retryAfter = "4000"
            let report = await harness.baseline()
            #expect(report.exitCode == 75)
            let until = try #require(
                try await harness.value(
                    "SELECT to_char(not_before AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI') FROM sync.sources"
                )
            )
            #expect(report.story.contains("try again after \(until)"), "\(report.story)")
            let before = harness.simulator.requests
            let finding = try #require(await harness.service().doctor().first { $0.check == "source acme" })
            #expect(finding.detail.contains("paused until \(until)"), "\(finding.detail)")
            #expect(finding.outcome == .warn)
            #expect(harness.simulator.requests.total == before.total)
            #expect(harness.simulator.requests.token == before.token)
        }
    }
}

@Suite("The calls of a run that fails")
struct CountedCallsTests {
    @Test(
        "are told and count on the day, whatever happens to the rows",
        .timeLimit(.minutes(2)),
        arguments: PlatformCase.all
    )
    func refusedRows(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 121)) { harness in
            try await harness.sql(
                """
                CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '42501'; END $$
                """
            )
            try await harness.sql(
                "CREATE TRIGGER refuse BEFORE INSERT ON lms.enrollments FOR EACH STATEMENT EXECUTE FUNCTION public.refuse()"
            )
            let report = await harness.baseline()
            #expect(report.exitCode == 74, "\(report.story)")
            let made = harness.simulator.requests
            #expect(made.total > 0)
            let told = report.sources[0].requests
            // Calls that were on their way when the run failed may not have arrived.
            #expect((made.total...made.total + 4).contains(told), "\(told) of \(made.total)")
            #expect(try await harness.count("SELECT requests FROM sync.runs") == told)
            #expect(try await harness.requestsOfLastRun().values.reduce(0, +) == told)
            #expect(
                try await harness.count("SELECT sum(requests)::bigint FROM sync.request_counts") == told + made.token
            )
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test(
        "a ceiling that somebody wrote down holds for all runs of a day, beside the platform's own",
        .timeLimit(.minutes(2))
    )
    func ceiling() async throws {
        let options = SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(seed: 122),
            sourceLines: ["requests_per_day: 40"]
        )
        try await withSchool(options) { harness in
            var harness = harness
            try harness.simulator.setFaults(json: Array(#"{"quota_limit": 10000}"#.utf8))
            harness.parts.limiters = RateLimiterRegistry()
            let first = await harness.baseline()
            #expect(first.exitCode == 75, "\(first.story)")
            try await harness.sql("UPDATE sync.sources SET not_before = NULL")
            // Another process, which has the count from the warehouse alone.
            harness.parts.limiters = RateLimiterRegistry()
            #expect(await harness.sync().exitCode == 75)
            let made = harness.simulator.requests
            #expect(made.total + made.token <= 40, "\(made.total) calls, \(made.token) for tokens")
            #expect(made.total > 20)
        }
    }
}
