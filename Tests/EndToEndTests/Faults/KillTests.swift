import Glibc
import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("A run that is killed", .serialized)
struct KillTests {
    @Test(
        "ten times loses nothing, doubles nothing, tears no page and costs few calls more",
        .timeLimit(.minutes(5))
    )
    func tenKills() async throws {
        let shape = GeneratedSchool.Shape(courses: 16, learners: 480, enrollmentsPerLearner: 2)
        let school = GeneratedSchool.make(shape, seed: 401)
        var faults = Faults()
        faults.pageSizeCaps = ["users": 20]
        let options = SchoolOptions(school: school, faults: faults)
        let undisturbed = try await withSchool(options) { harness in
            #expect(await harness.baseline().exitCode == 0)
            return (contents: try await harness.contents(), requests: harness.simulator.requests.total)
        }
        #expect(undisturbed.requests >= 1_000)
        try await withInstallation(options) { place in
            let harness = place.harness
            try await harness.watchWatermarks()
            for kill in 1...10 {
                let run = try place.start("baseline")
                let moment = undisturbed.requests * kill / 11
                #expect(try await place.waits(for: run, requests: moment), "the run ended before kill \(kill)")
                run.signal(SIGKILL)
                let ending = try await run.wait()
                #expect(ending.code == 128 + SIGKILL, "kill \(kill): \(ending.code) \(ending.errors)")
                #expect(try await harness.tornPages(size: 20) == [], "kill \(kill)")
            }
            let last = try await place.run("baseline")
            #expect(last.code == 0, "\(last.errors)")
            #expect(try await harness.contents().differing(from: undisturbed.contents) == [])
            try await expectTruth(harness)
            #expect(try await harness.watermarksThatWentBack() == [])
            let total = harness.simulator.requests.total
            #expect(Double(total) <= 1.15 * Double(undisturbed.requests), "\(total) of \(undisturbed.requests)")
            #expect(try await harness.bookkeepingFaults() == [])
            #expect(try await harness.count("SELECT count(*) FROM sync.runs WHERE status = 'interrupted'") >= 9)
            #expect(try await harness.heldLeases() == 0)
        }
    }

    @Test("gives way to the next one within five seconds", .timeLimit(.minutes(2)))
    func takesOver() async throws {
        let school = GeneratedSchool.make(.init(courses: 6, learners: 60), seed: 402)
        try await withInstallation(SchoolOptions(school: school)) { place in
            place.harness.simulator.faults.onlyPaths = "/v2/users"
            place.harness.simulator.faults.stalledCalls = 1_000
            let holder = try place.start("baseline")
            #expect(try await holder.waits { (place.harness.simulator.requests.routes["users"] ?? 0) > 0 })
            #expect(try await place.harness.heldLeases() == 1)
            holder.signal(SIGKILL)
            #expect(try await holder.wait().code == 128 + SIGKILL)
            let killed = ContinuousClock.now
            place.harness.simulator.faults = Faults()
            place.harness.simulator.resetRequests()
            let next = try place.start("baseline")
            #expect(try await next.waits { place.harness.simulator.requests.total > 0 })
            #expect(ContinuousClock.now - killed < .seconds(5))
            let ending = try await next.wait()
            #expect(ending.code == 0, "\(ending.errors)")
            try await expectTruth(place.harness)
            #expect(try await place.harness.bookkeepingFaults() == [])
        }
    }
}
