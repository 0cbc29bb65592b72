import Extractor
import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("A setting that changes stored values", .serialized)
struct StoredFormTests {
    private static let clear = "SELECT count(*) FROM lms.learners WHERE email LIKE '%@%'"
    private static let hashed = "SELECT count(*) FROM lms.learners WHERE email ~ '^[0-9a-f]{64}$'"

    private static func pseudonymized(
        _ harness: SchoolHarness,
        _ columns: [String] = ["email"],
        key: String = "k"
    ) -> SchoolHarness {
        harness.configured { settings in
            settings.pseudonymize = columns
            settings.pseudonymKey = columns.isEmpty ? nil : Secret(String(repeating: key, count: 32))
        }
    }

    /// Somebody who is gone from the platform: nothing will ever read the row again.
    private static func plantGone(_ harness: SchoolHarness) async throws {
        try await harness.sql(
            """
            INSERT INTO lms.learners
              (source_id, learner_id, email, custom_fields, first_seen_at, updated_at, run_id, deleted_at)
            VALUES ('acme', 'gone', 'gone@example.org', '{"mail": "gone@example.org"}', now(), now(), 1, now())
            """
        )
    }

    private func expectRefused(_ harness: SchoolHarness, saying word: String) async throws {
        let before = harness.simulator.requests.total
        for report in [
            await harness.sync(), await harness.sweep(), await harness.baseline(),
            await harness.service().sync(sources: [], streams: [], dryRun: true),
        ] {
            #expect(report.exitCode == 78, "\(report.story)")
            #expect(report.story.contains(word) && report.story.contains("baseline --restart"), "\(report.story)")
        }
        #expect(try await harness.service().plan(sources: [], baseline: false).exitCode == 78)
        let finding = try #require(await harness.service().doctor().first { $0.outcome == .fail })
        #expect(finding.exitCode == 78 && finding.detail.contains(word))
        #expect(harness.simulator.requests.total == before, "nothing is asked")
        let plan = try await harness.service().plan(sources: [], baseline: true)
        #expect(plan.exitCode == 0 && plan.sources[0].requests > 0, "the cost of reading again can be asked for")
    }

    @Test(
        "pseudonyms: on, other key, off, each refused until the rows are read again",
        .timeLimit(.minutes(5)),
        arguments: PlatformCase.all
    )
    func pseudonyms(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 811)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            try await Self.plantGone(harness)
            let all = try await harness.count(Self.clear)
            #expect(all > 1)

            let on = Self.pseudonymized(harness)
            try await expectRefused(on, saying: "email switched on")
            #expect(try await harness.count(Self.clear) == all)
            #expect(
                await on.baseline(streams: ["courses"], restart: true).exitCode == 78,
                "learners are what it touches"
            )
            let hasLog = ["grow", "learnworlds"].contains(platform.kind)
            let described = "SELECT count(*) FROM lms.events WHERE description IS NOT NULL"
            if hasLog {
                #expect(try await harness.count(described) > 0)
                #expect(
                    await on.baseline(streams: ["learners"], restart: true).exitCode == 78,
                    "free text names people"
                )
            }
            let report = await on.baseline(
                streams: hasLog ? ["learners", "events", "assessment_responses"] : ["learners"],
                restart: true
            )
            #expect(try await harness.count(described) == 0)
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(try await harness.count(Self.clear) == 0, "nor of those who are gone")
            #expect(try await harness.count(Self.hashed) == all - 1)
            #expect(
                try await harness.count("SELECT count(*) FROM lms.learners WHERE custom_fields::text LIKE '%gone@%'")
                    == 0
            )
            #expect(await on.sync().exitCode == 0)

            let other = Self.pseudonymized(harness, key: "x")
            try await expectRefused(other, saying: "REGISTRAR_PSEUDONYM_KEY")
            try await expectRefused(harness, saying: "email switched off")
            #expect(await harness.baseline(restart: true).exitCode == 0)
            #expect(try await harness.count(Self.hashed) == 0)
            #expect(try await harness.count(Self.clear) == all - 1)
            #expect(await harness.sync().exitCode == 0)
            #expect(try await harness.compareWithTruth() == [])
        }
    }

    @Test("custom fields: what is not kept any more is gone at once", .timeLimit(.minutes(2)))
    func customFields() async throws {
        try await withSchool(PlatformCase.grow.school(.small, 812)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            try await Self.plantGone(harness)
            let filled = "SELECT count(*) FROM lms.learners WHERE custom_fields IS NOT NULL"
            #expect(try await harness.count(filled) > 1)
            let none = harness.configured { $0.customFields = .none }
            try await expectRefused(none, saying: "learners.custom_fields (all before)")
            #expect(await none.baseline(streams: ["learners"], restart: true).exitCode == 0)
            #expect(try await harness.count(filled) == 0)
            #expect(await none.sync().exitCode == 0)
        }
    }

    @Test("the zone of bare dates and an option of the platform", .timeLimit(.minutes(3)))
    func zoneAndOption() async throws {
        try await withSchool(PlatformCase.matrix.school(.small, 813)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            try await expectRefused(harness.configured { $0.timeZone = "Asia/Tokyo" }, saying: "time_zone (UTC before)")
            #expect(await harness.sync().exitCode == 0, "put back, nothing is the matter")
        }
        try await withSchool(PlatformCase.grow.school(.small, 814)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            #expect(await harness.configured { $0.timeZone = "Asia/Tokyo" }.sync().exitCode == 0, "of schedules alone")
            let other = harness.configured { $0.options["external_id_field"] = .string("cf_number") }
            try await expectRefused(other, saying: "options.external_id_field")
        }
    }

    @Test(
        "a restart that is interrupted leaves no row in the old form, and the next sync completes it",
        .timeLimit(.minutes(2))
    )
    func interrupted() async throws {
        try await withSchool(PlatformCase.grow.school(.small, 815)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let all = try await harness.count(Self.clear)
            let on = Self.pseudonymized(harness)
            harness.simulator.faults.onlyPaths = "/v2/users"
            harness.simulator.faults.statusForPath = ["/v2/users": 500]
            #expect(await on.baseline(restart: true).exitCode != 0)
            #expect(try await harness.count(Self.clear) == 0)
            harness.simulator.faults.statusForPath = [:]
            let report = await on.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(try await harness.count(Self.hashed) == all)
            #expect(try await harness.count(Self.clear) == 0)
            #expect(await harness.sync().exitCode == 78, "the form is the new one")
        }
    }

    @Test("a warehouse of an earlier release is gone on with where nothing changed", .timeLimit(.minutes(2)))
    func earlierRelease() async throws {
        try await withSchool(PlatformCase.grow.school(.small, 816)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            try await harness.sql("UPDATE sync.sources SET stored_form = NULL")
            #expect(await harness.sync().exitCode == 0)
            #expect(try await harness.value("SELECT stored_form ->> 'custom_fields' FROM sync.sources") == "all")
            try await harness.sql("UPDATE sync.sources SET stored_form = NULL, config_digest = 'other'")
            #expect(await harness.sync().exitCode == 78)
        }
    }

    @Test(
        "what an earlier release left in clear beside a pseudonymised number is read again, once",
        .timeLimit(.minutes(3)),
        arguments: [PlatformCase.grow, .blackboard]
    )
    func formerRule(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 817)) { harness in
            let on = Self.pseudonymized(harness, ["external_id"])
            #expect(await on.baseline().exitCode == 0)
            #expect(await on.sync().exitCode == 0)
            let formers = ["stored_form - 'person_rule'", "NULL"]
            for former in formers {
                try await harness.sql("UPDATE sync.sources SET stored_form = \(former)")
                try await expectRefused(on, saying: "external_id")
                #expect(await on.baseline(streams: ["courses"], restart: true).exitCode == 78)
                #expect(await on.baseline(streams: ["learners"], restart: true).exitCode == 0)
                #expect(await on.sync().exitCode == 0)
            }
        }
    }

    @Test(
        "the common rule for persons refuses nobody whose rows it leaves as they are, and writes none",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all,
        [["email", "last_name"], []]
    )
    func unaffectedByRule(platform: PlatformCase, columns: [String]) async throws {
        try await withSchool(platform.school(.small, 818)) { harness in
            let source = Self.pseudonymized(harness, columns)
            #expect(await source.baseline().exitCode == 0)
            #expect(await source.sync().exitCode == 0)
            let form = try await harness.value("SELECT stored_form::text FROM sync.sources")
            #expect(form?.contains("person_rule") == false, "the text is that of the release before")
            let versions = "SELECT coalesce(max(xmin::text::bigint), 0) FROM lms.learners"
            let newest = try await harness.value(versions)
            #expect(await source.sync().exitCode == 0)
            #expect(try await harness.value(versions) == newest)
        }
    }
}
