import Glibc
import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("A run that is asked to stop", .serialized)
struct SignalTests {
    static let signals = [SIGTERM, SIGINT]

    @Test("ends a baseline within ten seconds and goes on where it was", .timeLimit(.minutes(2)), arguments: signals)
    func stopsBaseline(signal: Int32) async throws {
        let school = GeneratedSchool.make(.init(courses: 8, learners: 160), seed: 411)
        let undisturbed = try await withSchool(SchoolOptions(school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            return (contents: try await harness.contents(), requests: harness.simulator.requests.total)
        }
        try await withInstallation(SchoolOptions(school: school)) { place in
            let harness = place.harness
            // The first call for a learner's progress is never answered: so the run is stopped with calls under way.
            harness.simulator.faults.onlyPaths = "/progress"
            harness.simulator.faults.stalledCalls = 1_000
            try await expectStop(of: place, "baseline", by: signal) {
                (harness.simulator.requests.routes["progress"] ?? 0) > 0
            }
            let lost = harness.simulator.requests.total
            #expect(lost < undisturbed.requests)
            harness.simulator.faults = Faults()
            let next = try await place.run("baseline")
            #expect(next.code == 0, "\(next.errors)")
            #expect(try await harness.contents().differing(from: undisturbed.contents) == [])
            let total = harness.simulator.requests.total
            #expect(
                total <= undisturbed.requests + max(8, undisturbed.requests / 100),
                "\(total) of \(undisturbed.requests)"
            )
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    /// Where an increment is stopped: the calls that are never answered, and the route that shows it.
    static let moments = [
        ("/v2/users/", "enrollments"), ("/v2/users", "users"), ("/grades", "grades"),
        ("/v2/certificates", "certificates"),
    ]

    @Test(
        "loses nothing of what an increment has seen in the log",
        .timeLimit(.minutes(3)),
        arguments: signals + [SIGKILL]
    )
    func stopsIncrement(signal: Int32) async throws {
        let school = GeneratedSchool.make(.init(courses: 8, learners: 80), seed: 412)
        try await withInstallation(SchoolOptions(kind: .learnworlds, school: school)) { place in
            let harness = place.harness
            #expect(await harness.baseline().exitCode == 0)
            try await harness.watchWatermarks()
            var stopped = 0
            for (step, moment) in Self.moments.enumerated() {
                let kinds: [ChangeKind] = [.visit, .submission, .completion, .newLearner, .enrollment, .courseEdited]
                let request = ChangeRequest(
                    seed: 4_120 + UInt64(step),
                    count: 30,
                    kinds: kinds,
                    secondsBetween: 20
                )
                harness.simulator.change(request)
                harness.simulator.advance(seconds: 2_000)
                harness.simulator.resetRequests()
                harness.simulator.faults.onlyPaths = moment.0
                harness.simulator.faults.stalledCalls = 1_000
                let run = try place.start("sync")
                let isStalled = try await run.waits {
                    harness.simulator.faults.stalledCalls < 1_000
                }
                #expect(
                    (harness.simulator.requests.routes["events"] ?? 0) > 0,
                    "the log was not read before \(moment.0)"
                )
                run.signal(signal)
                let began = ContinuousClock.now
                let ending = try await run.wait()
                if isStalled {
                    stopped += 1
                    #expect(ContinuousClock.now - began < .seconds(10))
                    #expect(ending.code == 128 + signal, "\(ending.errors)")
                    if signal != SIGKILL {
                        #expect(try await harness.lastRunStatus() == "interrupted")
                        #expect(try await harness.heldLeases() == 0)
                    }
                }
                harness.simulator.faults = Faults()
            }
            #expect(stopped >= 3, "too few increments were stopped")
            harness.simulator.advance(seconds: 4_000)
            let next = try await place.run("sync")
            #expect(next.code == 0, "\(next.errors)")
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
            #expect(try await harness.watermarksThatWentBack() == [])
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    /// Starts a command, signals it at a moment, and expects the end that the contract promises.
    private func expectStop(
        of place: Installation,
        _ command: String,
        by signal: Int32,
        when moment: () async throws -> Bool
    ) async throws {
        let run = try place.start(command)
        #expect(try await run.waits(until: moment), "the run ended too early")
        run.signal(signal)
        let began = ContinuousClock.now
        let ending = try await run.wait()
        #expect(ContinuousClock.now - began < .seconds(10))
        #expect(ending.code == 128 + signal, "\(ending.errors)")
        #expect(try await place.harness.lastRunStatus() == "interrupted")
        #expect(try await place.harness.heldLeases() == 0)
        #expect(try await place.harness.count("SELECT count(*) FROM sync.runs WHERE status = 'running'") == 0)
    }
}
