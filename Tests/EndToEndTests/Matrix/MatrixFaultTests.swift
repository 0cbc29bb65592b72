import Extractor
import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

@Suite("A MATRIX site that misbehaves", .serialized)
struct MatrixFaultTests {
    private static func school(_ seed: UInt64) -> MatrixSchool {
        GeneratedMatrixSchool.make(MatrixShape(users: 120, classes: 8, learnersPerClass: 14), seed: seed)
    }

    /// Switches that change how the site answers and nothing of what it has.
    private static let answerForms = [
        #"{"time_form": "seconds", "offset_form": "compact"}"#, #"{"time_form": "fractions", "offset_form": "zulu"}"#,
        #"{"percent_form": "number"}"#, #"{"percent_form": "percent_sign"}"#, #"{"percent_form": "empty"}"#,
        #"{"absent_nulls": true}"#, #"{"other_spellings": true}"#, #"{"families": true}"#,
        #"{"roster_twins": true}"#, #"{"completions_lack_time": true}"#, #"{"completion_dates": "exclusive"}"#,
        #"{"walk_hides_archived": true}"#, #"{"unknown_ids": "error"}"#, #"{"newest_version": 2}"#,
        #"{"short_page": {"users": 1}}"#, #"{"plant_secrets": true}"#, #"{"site_offset_minutes": -570}"#,
        #"{"shadow_field": "state"}"#, #"{"largest_batch": 3}"#, #"{"roster_hides_unenrolled": true}"#,
    ]

    @Test(
        "whatever form its answers have, the truth is stored and kept",
        .timeLimit(.minutes(5)),
        arguments: Self.answerForms
    )
    func forms(switches: String) async throws {
        try await withSchool(SchoolOptions(matrix: Self.school(31))) { harness in
            try harness.simulator.setFaults(json: Array(switches.utf8))
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness)
            harness.simulator.advance(seconds: 4_000)
            _ = harness.simulator.change(ChangeRequest(seed: 6, count: 15, secondsBetween: 20))
            harness.simulator.advance(seconds: 4_000)
            let second = await harness.sync()
            #expect(second.exitCode == 0, "\(second.story)")
            try await expectTruth(harness)
            #expect(harness.simulator.requests.routes["forbidden"] == nil)
            try await expectNoSecrets(harness)
        }
    }

    @Test(
        "the rate limit in each of its forms is waited out",
        .timeLimit(.minutes(2)),
        arguments: [
            #"{"rate_limit_per_minute": 20}"#, #"{"rate_limit_per_minute": 20, "rate_limit_status": 403}"#,
            #"{"rate_limit_per_minute": 20, "rate_limit_status": 503}"#,
            #"{"rate_limit_per_minute": 20, "rate_limit_status": 429, "rate_limit_says_limit": false}"#,
            #"{"rate_limit_per_minute": 20, "rate_pause_status": 401}"#,
            #"{"rate_limit_per_minute": 20, "rate_pause_prolonged": true}"#,
            #"{"rate_limit_per_minute": 20, "rate_pause_prolonged": true, "rate_pause_status": 401}"#,
            #"{"rate_limit_per_minute": 20, "rate_limit_window": "fixed", "rate_limit_says_limit": true}"#,
            #"{"rate_limit_per_minute": 60, "other_client_calls": 40, "rate_pause_prolonged": true}"#,
        ]
    )
    func rateLimit(switches: String) async throws {
        let options = SchoolOptions(matrix: Self.school(32), optionLines: ["rate_pause: 1s"])
        try await withSchool(options) { harness in
            let quick = switches.dropLast() + #", "rate_pause_seconds": 0.5}"#
            try harness.simulator.setFaults(json: Array(quick.utf8))
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness)
            // Of each event the site refuses the calls that were on their way, and no other: nobody asks during the pause.
            let refused = harness.simulator.requests.failures.values.reduce(0, +)
            let events = harness.simulator.requests.routes["get_version", default: 0] - 1
            #expect(events >= 1)
            #expect(refused <= events * harness.configuration.sources[0].concurrency, "\(refused) after \(events)")
        }
    }

    @Test("a key that is refused long after a rate event is refused, and not waited for", .timeLimit(.minutes(1)))
    func refusedAfterwards() async throws {
        try await withSchool(SchoolOptions(matrix: Self.school(36))) { harness in
            var leaping = harness
            let time = LeapingTime()
            leaping.parts.time = time
            leaping.parts.limiters = RateLimiterRegistry()
            try harness.simulator.setFaults(json: Array(#"{"too_many_requests_calls": 1}"#.utf8))
            #expect(await leaping.baseline().exitCode == 0)
            // Within two minutes of the event it may be the pause that speaks: the host is asked again.
            try harness.simulator.setFaults(json: Array(#"{"status_for_call": {"get_all_users": 401}}"#.utf8))
            time.leap(by: .seconds(600))
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.resetRequests()
            #expect(await leaping.sync().exitCode == 77)
            #expect(harness.simulator.requests.total == 1, "\(harness.simulator.requests.routes)")
        }
    }

    @Test("rows that move between pages are walked again; a page that repeats ends the list", .timeLimit(.minutes(2)))
    func walks() async throws {
        let school = GeneratedMatrixSchool.make(MatrixShape(users: 250, classes: 4, learnersPerClass: 4), seed: 33)
        try await withSchool(SchoolOptions(matrix: school)) { harness in
            let shift = #"{"shifts": [{"list": "users", "after_page": 1, "times": 1}]}"#
            try harness.simulator.setFaults(json: Array(shift.utf8))
            #expect(await harness.baseline().exitCode == 0)
            try await expectTruth(harness)
            harness.simulator.resetFaults()
            try harness.simulator.setFaults(json: Array(#"{"ignore_page": ["users"]}"#.utf8))
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sync().exitCode == 1)
            harness.simulator.resetFaults()
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness, ["learners"])
        }
    }

    @Test("a key that goes with the form is in no address", .timeLimit(.minutes(1)))
    func form() async throws {
        let options = SchoolOptions(matrix: Self.school(34), optionLines: ["key_in: form"])
        try await withSchool(options) { harness in
            try harness.simulator.setFaults(json: Array(#"{"accepts_form": true}"#.utf8))
            #expect(await harness.baseline().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test("a page of HTML, a login page and a foreign redirect", .timeLimit(.minutes(1)))
    func wrongAddress() async throws {
        let cases = [
            (#"{"html_calls": 50}"#, Int32(77)),
            (#"{"redirect_calls": 50, "redirect_to": "/log_in"}"#, 77),
            (#"{"redirect_calls": 50, "redirect_to": "https://elsewhere.example.test/"}"#, 69),
        ]
        for (switches, code) in cases {
            try await withSchool(SchoolOptions(matrix: Self.school(35))) { harness in
                try harness.simulator.setFaults(json: Array(switches.utf8))
                let report = await harness.baseline()
                #expect(report.exitCode == code, "\(switches): \(report.story)")
            }
        }
    }

    private func expectNoSecrets(_ harness: SchoolHarness) async throws {
        let tables = try await harness.sql(
            "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('lms', 'sync')"
        )
        let secrets = harness.simulator.secrets.map { "('\($0)')" }.joined(separator: ", ")
        #expect(!secrets.isEmpty)
        let hits = tables.compactMap { $0[0] }.map {
            "SELECT '\($0)', secret FROM \($0) t, secrets WHERE strpos(t::text, secret) > 0"
        }
        let found = try await harness.sql(
            "WITH secrets(secret) AS (VALUES \(secrets)) \(hits.joined(separator: " UNION ALL ")) LIMIT 10"
        )
        #expect(found == [], "\(found)")
    }
}
