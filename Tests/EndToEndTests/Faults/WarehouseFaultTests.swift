import Foundation
import Glibc
import LMSSimulator
import Loader
import Postgres
import RegistrarTesting
import Settings
import Sync
import Synchronization
import Testing

@Suite("A warehouse", .serialized)
struct WarehouseFaultTests {
    @Test("that ends our sessions again and again gets everything once", .timeLimit(.minutes(2)))
    func sessionsEnd() async throws {
        let school = GeneratedSchool.make(.init(courses: 8, learners: 120), seed: 461)
        let undisturbed = try await withSchool(SchoolOptions(school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            return (contents: try await harness.contents(), requests: harness.simulator.requests.total)
        }
        try await withSchool(SchoolOptions(school: school)) { harness in
            let ended = Mutex(0)
            let watched = harness.watchingRequests { number, _ in
                guard number % 60 == 30 else { return }
                let rows = try? await harness.sql(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name LIKE 'registrar%' AND pid <> pg_backend_pid()
                    """
                )
                ended.withLock { $0 += rows?.count ?? 0 }
            }
            let report = await watched.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(ended.withLock { $0 } >= 5)
            #expect(try await harness.contents().differing(from: undisturbed.contents) == [])
            #expect(harness.simulator.requests.total == undisturbed.requests, "a lost session costs no request")
            let faults = try await harness.bookkeepingFaults()
            #expect(faults == [])
            #expect(try await harness.heldLeases() == 0)
        }
    }

    @Test("whose lease was taken by another takes nothing from the first any more", .timeLimit(.minutes(2)))
    func leaseIsStolen() async throws {
        let school = GeneratedSchool.make(.init(courses: 8, learners: 120), seed: 462)
        try await withSchool(SchoolOptions(school: school)) { harness in
            let stolen = Mutex<[String: String]?>(nil)
            let watched = harness.watchingRequests { number, _ in
                guard number == 120 else { return }
                // In a task of its own: the run, and with it this call, is cancelled as soon as it notices.
                let versions = await Task { () -> [String: String]? in
                    do {
                        try await harness.sql(
                            """
                            UPDATE sync.leases SET epoch = epoch + 1, run_id = NULL, backend_pid = NULL,
                              expires_at = clock_timestamp() + interval '1 hour'
                            """
                        )
                        return try await harness.rowVersions()
                    } catch {
                        Issue.record(error)
                        return nil
                    }
                }.value
                stolen.withLock { $0 = versions }
            }
            let report = await watched.baseline()
            #expect(report.exitCode == 75, "\(report.story)")
            let versions = try #require(stolen.withLock { $0 })
            #expect(try await harness.rowVersions().differing(from: versions) == [])
            #expect(try await harness.heldLeases() == 1, "the new holder's lease is left alone")
            #expect(await harness.baseline().exitCode == 75)
            try await harness.sql("UPDATE sync.leases SET expires_at = '-infinity'")
            #expect(await harness.baseline().exitCode == 0)
            try await expectTruth(harness)
        }
    }
}

/// Tests with a server of their own, which they stop, or whose write-ahead log they measure.
@Suite("A warehouse of one's own", .serialized)
struct OwnServerTests {
    private func withOwnServer(
        _ options: SchoolOptions,
        _ body: (SchoolHarness, String) async throws -> Void
    ) async throws {
        let directory = "/tmp/registrar-faults-\(getpid())-\(UInt32.random(in: 0 ..< .max))"
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o711]
        )
        let server = try await EmbeddedServer.start(dataDirectory: directory)
        do {
            try await withSchool(options) { harness in
                let warehouse = Warehouse(settings: try PostgresSettings(url: server.url))
                try await warehouse.migrator.migrate()
                await warehouse.close()
                try await body(harness.movedTo(server.url), directory)
            }
        } catch {
            try? await server.stop()
            try? FileManager.default.removeItem(atPath: directory)
            throw error
        }
        try await server.stop()
        try FileManager.default.removeItem(atPath: directory)
    }

    /// What falls, and takes the commits with it that are not on disk.
    enum Fall: CaseIterable {
        case server
        /// One process; the server then ends all others and recovers by itself.
        case backend
    }

    @Test("may fall and rise again during a baseline", .timeLimit(.minutes(3)), arguments: Fall.allCases)
    func falls(what: Fall) async throws {
        let school = GeneratedSchool.make(.init(courses: 8, learners: 120), seed: 471)
        try await withOwnServer(SchoolOptions(school: school)) { harness, directory in
            let requests = RequestFormula(baselineOf: harness.simulator).total
            // Commits that a baseline does not wait for stay off the disk until the server falls, and are lost.
            _ = try await harness.sql("ALTER SYSTEM SET wal_writer_delay = '10s'")
            _ = try await harness.sql("SELECT pg_reload_conf()::text")
            let watched = harness.watchingRequests { number, _ in
                guard number == 150 else { return }
                do {
                    switch what {
                    case .server: try await Self.crash(directory)
                    case .backend: try await Self.crashBackend(harness)
                    }
                } catch {
                    Issue.record(error)
                }
            }
            let report = await watched.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness)
            #expect(harness.simulator.requests.total == requests, "an outage of the warehouse costs no request")
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    private static func crash(_ directory: String) async throws {
        let pidFile = "\(directory)/postgresql/data/postmaster.pid"
        let line = try String(contentsOfFile: pidFile, encoding: .utf8).split(separator: "\n").first
        let pid = try #require(line.flatMap { pid_t($0) })
        // SIGQUIT is an immediate stop: as a crash is.
        kill(pid, SIGQUIT)
        let deadline = ContinuousClock.now + .seconds(20)
        while kill(pid, 0) == 0, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(20)) }
        _ = try await EmbeddedServer.start(dataDirectory: directory)
    }

    private static func crashBackend(_ harness: SchoolHarness) async throws {
        let others = try await harness.sql(
            """
            SELECT pid::text FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY backend_start LIMIT 1
            """
        )
        let pid = try #require(others.first?.first.flatMap { $0 }.flatMap { pid_t($0) })
        kill(pid, SIGKILL)
    }

    @Test("is not written to when 100,000 rows are read again and are the same", .timeLimit(.minutes(5)))
    func rereadsUnchangedRows() async throws {
        let shape = GeneratedSchool.Shape(
            courses: 1,
            learners: 100_000,
            enrollmentsPerLearner: 0,
            eventsPerLearner: 1,
            neverActiveShare: 1
        )
        let options = SchoolOptions(
            school: GeneratedSchool.make(shape, seed: 472),
            sourceLines: ["streams: [learners]"]
        )
        try await withOwnServer(options) { harness, _ in
            #expect(await harness.baseline().exitCode == 0)
            #expect(try await harness.count("SELECT count(*) FROM lms.learners") == 100_000)
            try await harness.sql("CHECKPOINT")
            let versions = try await harness.rowVersions()
            let before = try await harness.value("SELECT pg_current_wal_lsn()")
            let report = await harness.baseline(restart: true)
            #expect(report.exitCode == 0, "\(report.story)")
            let written = try await harness.count(
                "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '\(try #require(before))')::bigint"
            )
            #expect(try await harness.rowVersions().differing(from: versions) == [])
            #expect(written < 1_000_000, "\(written) bytes of WAL")
            let unchanged =
                "SELECT rows_unchanged FROM sync.run_streams WHERE stream = 'learners' ORDER BY run_id DESC LIMIT 1"
            #expect(try await harness.count(unchanged) == 100_000)
        }
    }
}

extension SchoolHarness {
    /// The same school with another warehouse.
    fileprivate func movedTo(_ url: String) -> SchoolHarness {
        var copy = self
        copy.configuration.warehouseURL = url
        copy.warehouseURL = url
        return copy
    }
}
