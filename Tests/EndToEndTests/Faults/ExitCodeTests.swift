import Foundation
import Glibc
import LMSSimulator
import RegistrarTesting
import Testing

@Suite("The executable says what went wrong, in one line and by its exit code:", .serialized)
struct ExitCodeTests {
    /// Expects an exit code and one line that says something of each of `words`.
    private func expect(
        _ ending: RegistrarProcess.Ending,
        _ code: Int32,
        saying words: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(ending.code == code, "\(ending.errors)", sourceLocation: sourceLocation)
        #expect(ending.errorLines.count == 1, "\(ending.errors)", sourceLocation: sourceLocation)
        let line = ending.errorLines.first ?? ""
        #expect(line.hasPrefix("registrar: "), sourceLocation: sourceLocation)
        for word in words { #expect(line.contains(word), "\(line) lacks \(word)", sourceLocation: sourceLocation) }
    }

    private static let small = SchoolOptions(school: GeneratedSchool.make(.init(courses: 3, learners: 12), seed: 421))

    @Test("77 for a wrong secret", .timeLimit(.minutes(2)))
    func wrongSecret() async throws {
        try await withInstallation(Self.small) { place in
            var place = place
            place.secret = "quite-another-secret"
            let ending = try await place.run("sync")
            expect(ending, 77, saying: "acme", "client_secret")
            #expect(!ending.errors.contains("quite-another-secret"))
            #expect(try await place.harness.lastRunStatus() == "failed")
            #expect(place.harness.simulator.requests.token <= 3, "credentials are not tried again and again")
        }
    }

    @Test("77 for a token that is refused", .timeLimit(.minutes(2)))
    func pinnedToken() async throws {
        try await withInstallation(Self.small) { place in
            let lines = place.lines().filter { !$0.contains("client_secret") }
            try place.write(lines + ["    access_token: ${SCHOOL_SECRET}"])
            let ending = try await place.run("sync")
            expect(ending, 77, saying: "acme")
            #expect(!ending.errors.contains("fake-secret"))
            #expect(place.harness.simulator.requests.token == 0)
        }
    }

    @Test("77 for a course list that is closed to the client", .timeLimit(.minutes(2)))
    func closedCatalogue() async throws {
        try await withInstallation(Self.small) { place in
            place.harness.simulator.faults.statusForPath = ["/v2/courses": 403]
            expect(try await place.run("baseline"), 77, saying: "acme", "course list")
        }
    }

    @Test("74 for a database that is not there", .timeLimit(.minutes(2)))
    func missingDatabase() async throws {
        try await withInstallation(Self.small) { place in
            let url = try await TestServer.shared.url(database: "no_such_database")
            try place.write(place.lines(warehouse: url))
            expect(try await place.run("sync"), 74, saying: "no_such_database")
            #expect(place.harness.simulator.requests.total == 0)
        }
    }

    @Test("74 for a server that is not there", .timeLimit(.minutes(2)))
    func missingServer() async throws {
        try await withInstallation(Self.small) { place in
            try place.write(place.lines(warehouse: "postgresql://127.0.0.1:1/warehouse"))
            expect(try await place.run("sync"), 74, saying: "warehouse")
        }
    }

    @Test("69 for a platform that is dead", .timeLimit(.minutes(3)))
    func deadPlatform() async throws {
        try await withInstallation(Self.small) { place in
            try place.write(place.lines(url: "http://127.0.0.1:1"))
            expect(try await place.run("sync"), 69, saying: "acme", "127.0.0.1")
            #expect(try await place.harness.lastRunStatus() == "failed")
            #expect(try await place.harness.heldLeases() == 0)
        }
    }

    @Test("69 for web pages in the place of answers, with a hint", .timeLimit(.minutes(3)))
    func webPages() async throws {
        try await withInstallation(Self.small) { place in
            place.harness.simulator.faults.htmlCalls = 1_000
            expect(try await place.run("sync"), 69, saying: "acme", "web page", "url")
        }
    }

    @Test("78 for a misspelt key, with file, line and the nearest name", .timeLimit(.minutes(1)))
    func misspeltKey() async throws {
        try await withInstallation(Self.small) { place in
            let lines = place.lines().map {
                $0.replacingOccurrences(of: "requests_per_second", with: "request_per_second")
            }
            let line = (lines.firstIndex { $0.contains("request_per_second") } ?? 0) + 1
            try place.write(lines)
            for command in ["sync", "baseline", "status"] {
                expect(
                    try await place.run(command),
                    78,
                    saying: "registrar.yaml:\(line)",
                    "request_per_second",
                    "requests_per_second"
                )
            }
            #expect(place.harness.simulator.requests.total == 0)
        }
    }

    @Test("75 at once for a second run, which leaves no trace", .timeLimit(.minutes(2)))
    func secondRun() async throws {
        try await withInstallation(Self.small) { place in
            place.harness.simulator.faults.onlyPaths = "/v2/users"
            place.harness.simulator.faults.stalledCalls = 1_000
            let first = try place.start("baseline")
            #expect(try await first.waits { (place.harness.simulator.requests.routes["users"] ?? 0) > 0 })
            let began = ContinuousClock.now
            for command in ["baseline", "sync"] {
                expect(try await place.run(command), 75, saying: "acme", "holds it since")
            }
            #expect(ContinuousClock.now - began < .seconds(10))
            #expect(try await place.harness.count("SELECT count(*) FROM sync.runs") == 1)
            first.signal(SIGTERM)
            #expect(try await first.wait().code == 143)
        }
    }

    @Test("64 for a command line that makes no sense", .timeLimit(.minutes(1)))
    func usage() async throws {
        try await withInstallation(Self.small) { place in
            for arguments in [["synk"], ["sync", "--sorce", "acme"], ["sync", "--source", "nobody"]] {
                let more = arguments.contains("--source") ? ["--config", "\(place.directory)/registrar.yaml"] : []
                let run = try RegistrarProcess(
                    arguments + more,
                    in: place.directory,
                    environment: ["SCHOOL_SECRET": "fake-secret"]
                )
                let ending = try await run.wait()
                #expect(ending.code == 64, "\(arguments): \(ending.errors)")
                #expect(ending.errorLines.first?.hasPrefix("registrar: ") == true, "\(ending.errors)")
                #expect(ending.errorLines.count <= 3, "\(ending.errors)")
            }
        }
    }

    @Test("75 while the platform has asked for silence, without a call", .timeLimit(.minutes(2)))
    func longPause() async throws {
        try await withInstallation(Self.small) { place in
            place.harness.simulator.faults.tooManyRequestsCalls = 1
            place.harness.simulator.faults.retryAfter = "4000"
            expect(try await place.run("sync"), 75, saying: "acme")
            #expect(try await place.harness.lastRunStatus() == "partial")
            let until = try await place.harness.value(
                "SELECT to_char(not_before AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI') FROM sync.sources"
            )
            let calls = place.harness.simulator.requests
            let next = try await place.run("sync")
            expect(next, 75, saying: "acme", try #require(until))
            #expect(place.harness.simulator.requests.total == calls.total)
            #expect(place.harness.simulator.requests.token == calls.token)
            try await place.harness.sql("UPDATE sync.sources SET not_before = clock_timestamp() - interval '1 s'")
            #expect(try await place.run("sync").code == 0)
        }
    }
}
