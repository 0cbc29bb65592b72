import Foundation
import Glibc
import LMSSimulator
import Postgres
import RegistrarTesting
import Settings
import Sync
import Testing

@Suite("What status, plan and a refused run say", .serialized)
struct StatusTests {
    private static let small = SchoolOptions(school: GeneratedSchool.make(.init(courses: 4, learners: 30), seed: 91))

    @Test(
        "data as of and loaded at are those of bi.freshness, on every kind, after parts were read at different times",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func freshness(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 92)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.change(ChangeRequest(seed: 1, count: 20))
            harness.simulator.advance(seconds: 7_200)
            #expect(await harness.sync().exitCode == 0)
            let view = try await harness.sql(
                """
                SELECT stream, (extract(epoch FROM data_as_of) * 1000000)::bigint,
                  (extract(epoch FROM loaded_at) * 1000000)::bigint FROM bi.freshness
                """
            )
            let status = try await harness.service("status").status().sources[0]
            let shown = Dictionary(uniqueKeysWithValues: status.streams.map { ($0.name, $0) })
            #expect(!view.isEmpty)
            for row in view {
                let stream = try #require(row[0])
                // What no user asked for is in the view alone.
                guard let shown = shown[stream] else { continue }
                #expect(try Self.microseconds(shown.dataAsOf) == Int64(row[1] ?? ""), "\(stream)")
                #expect(try Self.microseconds(shown.loadedAt) == Int64(row[2] ?? ""), "\(stream)")
                if let verified = shown.oldestVerifiedAt, let asOf = shown.dataAsOf {
                    #expect(try Self.microseconds(verified) <= Self.microseconds(asOf), "\(stream)")
                }
            }
            let apart = status.streams.filter { $0.oldestVerifiedAt != nil && $0.oldestVerifiedAt != $0.dataAsOf }
            #expect(!apart.isEmpty, "some part was read before the rest")
        }
    }

    private static func microseconds(_ time: String?) throws -> Int64 {
        let time = try #require(time)
        let whole = time.split(separator: ".").first.map { $0.hasSuffix("Z") ? String($0) : "\($0)Z" } ?? ""
        let seconds = try Date(whole, strategy: .iso8601).timeIntervalSince1970
        let digits = time.split(separator: ".").count > 1 ? time.split(separator: ".")[1].prefix { $0.isNumber } : "0"
        return Int64(seconds) * 1_000_000 + (Int64(digits.padding(toLength: 6, withPad: "0", startingAt: 0)) ?? 0)
    }

    @Test(
        "a run that holds the source is named to whoever is refused, once; one that was killed is interrupted",
        .timeLimit(.minutes(3))
    )
    func killed() async throws {
        try await withInstallation(Self.small) { place in
            place.harness.simulator.faults.onlyPaths = "/v2/users"
            place.harness.simulator.faults.stalledCalls = 1_000
            let holder = try place.start("baseline")
            #expect(try await holder.waits { (place.harness.simulator.requests.routes["users"] ?? 0) > 0 })
            let running = try await place.run("status")
            #expect(running.output.hasPrefix("acme (grow): running\n"), "\(running.output)")
            for command in ["baseline", "sync", "reconcile"] {
                let refused = try await place.run(command)
                #expect(refused.code == 75)
                #expect(refused.errorLines.count == 1, "\(refused.errors)")
                let words = "registrar: acme: not run: run 1 (baseline) holds it since "
                #expect(refused.errors.hasPrefix(words), "\(refused.errors)")
                #expect(!refused.output.contains("acme: none"), "\(refused.output)")
                #expect(!refused.output.contains("holds it"), "\(refused.output)")
            }
            holder.signal(SIGKILL)
            _ = try await holder.wait()
            let gone = try await place.harness.sql("SELECT status FROM sync.runs")
            #expect(gone == [["running"]], "nobody has closed it")
            let status = try await place.run("status")
            #expect(status.code == 0)
            #expect(
                status.output.hasPrefix(
                    "acme (grow): interrupted (its connection is gone); registrar baseline goes on\n"
                ),
                "\(status.output)"
            )
            let source = try await place.harness.service("status").status().sources[0]
            #expect(source.state == "interrupted")
            #expect(source.lastRun?.isConnectionGone == true)
        }
    }

    @Test("a pause of the platform is shown until it has passed", .timeLimit(.minutes(2)))
    func paused() async throws {
        try await withSchool(Self.small) { harness in
            #expect(await harness.baseline().exitCode == 0)
            try await harness.sql("UPDATE sync.sources SET not_before = '2126-01-02 03:04:05+00'")
            #expect(
                try await harness.service("status").status().sources[0].pausedUntil == "2126-01-02T03:04:05Z"
            )
            try await harness.sql("UPDATE sync.sources SET not_before = '2016-01-02 03:04:05+00'")
            #expect(try await harness.service("status").status().sources[0].pausedUntil == nil)
        }
    }

    @Test("a run that waits for room in the warehouse is shown while it waits", .timeLimit(.minutes(2)))
    func waits() async throws {
        try await withSchool(Self.small) { harness in
            // The name that a session of ours takes while the disk is full.
            let name = "registrar/sync waits 53100 1735689600 1735689900"
            let settings = try PostgresSettings(url: harness.warehouseURL, applicationName: name)
            try await PostgresConnection.withConnection(settings) { _ async throws in
                let waits = try await harness.service("status").status().waits
                #expect(waits.map(\.session) == ["registrar/sync"])
                #expect(waits.first?.cause.contains("disk is full") == true)
                #expect(waits.first?.until == "2025-01-01T00:05:00Z")
            }
        }
    }

    @Test("a stopped baseline says how to go on", .timeLimit(.minutes(2)))
    func stopped() async throws {
        try await withSchool(Self.small) { harness in
            let report = await harness.interruptedBaseline(atCall: 8)
            #expect(report.exitCode == 130)
            #expect(report.sources.first?.message == "stopped; registrar baseline goes on where it was")
        }
    }

    @Test("a dry run counts its calls by stream", .timeLimit(.minutes(2)))
    func dryRun() async throws {
        try await withSchool(Self.small) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.change(ChangeRequest(seed: 1, count: 20))
            harness.simulator.advance(seconds: 7_200)
            let report = await harness.service("sync").sync(sources: [], streams: [], dryRun: true).sources[0]
            #expect(report.requests > 3)
            #expect(report.streams.reduce(0) { $0 + $1.requests } == report.requests)
        }
    }

    @Test("a run's report counts units' progress apart, and its streams are in the order of the kind")
    func tables() async throws {
        try await withSchool(Self.small) { harness in
            let report = await harness.baseline().sources[0]
            let progress = try #require(report.streams.first { $0.name == "progress" })
            #expect(progress.tables.map(\.name) == ["progress", "unit_progress"])
            for table in progress.tables {
                let rows = try await harness.count("SELECT count(*) FROM lms.\(table.name)")
                #expect(table.rowsInserted == rows)
            }
            #expect(progress.tables.reduce(0) { $0 + $1.rowsRead } == progress.rowsRead)
            let names = report.streams.map(\.name)
            #expect(names.first == "courses")
            #expect(names.last == "events")
        }
    }

    // MARK: Before the first run

    @Test("on a fresh warehouse status says that nothing is loaded, and plan makes its schema", .timeLimit(.minutes(2)))
    func fresh() async throws {
        try await withInstallation(Self.small) { place in
            try await Self.dropSchema(place.harness)
            let status = try await place.run("status")
            #expect(status.code == 0, "\(status.errors)")
            #expect(status.output == "acme (grow): nothing loaded yet: registrar baseline\n")
            #expect(try await place.run("rejects").output == "no rejects\n")
            let plan = try await place.run("plan")
            #expect(plan.code == 0, "\(plan.errors)")
            #expect(plan.output.contains("a baseline costs"), "\(plan.output)")
            #expect(try await place.run("status").output == status.output)
            #expect(try await place.harness.count("SELECT count(*) FROM sync.plans") == 1)
            #expect(try await place.run("baseline").code == 0)
            let loaded = try await place.run("status")
            #expect(loaded.output.contains("planned "), "\(loaded.output)")
            #expect(loaded.output.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(loaded.output)")
        }
    }

    @Test("where the role may make no schema, plan does without and says so", .timeLimit(.minutes(2)))
    func withoutRights() async throws {
        try await withInstallation(Self.small) { place in
            let full = try #require(await Self.requests(of: place.harness))
            try await Self.dropSchema(place.harness)
            let role = "registrar_test_planner"
            try await place.harness.sql(
                "DO $$ BEGIN CREATE ROLE \(role) LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
            )
            let database = try #require(try await place.harness.value("SELECT current_database()"))
            for statement in ["GRANT CONNECT ON DATABASE \(database) TO \(role)"] {
                try await place.harness.sql(statement)
            }
            var harness = place.harness
            harness.warehouseURL = try Self.url(harness.warehouseURL, user: role)
            let report = try await harness.service("plan").plan(sources: [], baseline: false)
            #expect(report.exitCode == 0, "\(report.sources.map(\.message))")
            #expect(report.sources[0].mode == "baseline")
            #expect(report.sources[0].requests == full)
            #expect(try await place.harness.count("SELECT count(*) FROM pg_namespace WHERE nspname = 'sync'") == 0)
        }
    }

    private static func requests(of harness: SchoolHarness) async -> Int? {
        try? await harness.service("plan").plan(sources: [], baseline: false).sources[0].requests
    }

    private static func dropSchema(_ harness: SchoolHarness) async throws {
        for schema in ["bi", "hist", "lms", "sync"] { try await harness.sql("DROP SCHEMA IF EXISTS \(schema) CASCADE") }
    }

    private static func url(_ url: String, user: String) throws -> String {
        var parts = try #require(URLComponents(string: url))
        parts.user = user
        return try #require(parts.string)
    }

    // MARK: Words

    @Test("output that cannot be written is a failure, and a command that is none is named", .timeLimit(.minutes(2)))
    func output() async throws {
        try await withInstallation(Self.small) { place in
            let full = try RegistrarProcess(
                ["status", "--config", "\(place.directory)/registrar.yaml"],
                in: place.directory,
                environment: ["SCHOOL_SECRET": place.secret],
                output: "/dev/full"
            )
            let ending = try await full.wait()
            #expect(ending.code == 74)
            #expect(ending.errors.contains("registrar: cannot write to standard output: No space left on device"))
            for (words, line) in [
                (["help", "nope"], "registrar: unknown command 'nope'"),
                (["syncc"], "registrar: unknown command 'syncc'; did you mean sync?"),
                (["erase", "--source", "g"], "registrar: unknown command 'erase'"),
            ] {
                let ending = try await RegistrarProcess(words, in: place.directory).wait()
                #expect(ending.code == 64)
                #expect(ending.errorLines.first == line)
                #expect(ending.output.isEmpty)
            }
        }
    }

    @Test("after the demo its configuration says that the school is gone, at once", .timeLimit(.minutes(1)))
    func afterTheDemo() async throws {
        try await withInstallation(Self.small) { place in
            let url = "http://127.0.0.1:1"
            try place.write(["# Written by `registrar demo`, anew each time it runs."] + place.lines(url: url))
            for command in ["sync", "baseline", "plan", "reconcile"] {
                let ending = try await place.run(command)
                #expect(ending.code == 69)
                #expect(ending.errors.contains("its simulated school has ended with the demo"), "\(ending.errors)")
                #expect(ending.errors.contains("registrar init"))
            }
            #expect(try await place.run("status").code == 0)
            // While the school is served, the same configuration is one like any other.
            try place.write(["# Written by `registrar demo`, anew each time it runs."] + place.lines())
            let ending = try await place.run("plan")
            #expect(ending.code == 0, "\(ending.errors)")
        }
    }
}
