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

    /// What the kills are tried on: many pages of one list, many groups of several calls, at several concurrencies.
    struct Case: CustomTestStringConvertible {
        let platform: PlatformCase
        let concurrency: Int

        var testDescription: String { "\(platform.kind), \(concurrency) in flight" }

        static let all: [Case] =
            PlatformCase.all.map { Case(platform: $0, concurrency: 6) }
            + [Case(platform: .blackboard, concurrency: 1), Case(platform: .grow, concurrency: 16)]

        /// A school whose lists of people have many pages.
        var options: SchoolOptions {
            var options = platform.school(.small, 403)
            if platform.kind == "grow" || platform.kind == "learnworlds" {
                let shape = GeneratedSchool.Shape(courses: 12, learners: 220, enrollmentsPerLearner: 2)
                var faults = Faults()
                faults.pageSizeCaps = ["users": 5]
                options = SchoolOptions(
                    kind: platform.kind == "grow" ? .grow : .learnworlds,
                    school: GeneratedSchool.make(shape, seed: 403),
                    faults: faults
                )
            } else if platform.kind == "matrix" {
                options = SchoolOptions(
                    matrix: GeneratedMatrixSchool.make(
                        MatrixShape(users: 2_500, classes: 120, learnersPerClass: 6, assignmentsPerClass: 2),
                        seed: 403
                    )
                )
            } else {
                var faults = BlackboardFaults()
                faults.pageSizeCaps = ["users": 5, "courses": 3]
                let shape = GeneratedBlackboardSchool.Shape(courses: 30, learners: 400, columnsPerCourse: 12)
                options = SchoolOptions(
                    blackboard: GeneratedBlackboardSchool.make(shape, seed: 403),
                    faults: faults,
                    sourceLines: ["requests_per_day: 1000000"]
                )
            }
            options.sourceLines.append("concurrency: \(concurrency)")
            return options
        }
    }

    @Test(
        "repeats at most 1 % of its calls or 8, and one page, wherever it is hit",
        .timeLimit(.minutes(5)),
        arguments: Case.all
    )
    func bound(of tried: Case) async throws {
        let undisturbed = try await withSchool(tried.options) { harness in
            #expect(await harness.baseline().exitCode == 0)
            return harness.simulator.requests.total
        }
        #expect(undisturbed >= 400, "\(undisturbed) calls")
        let kills = 6
        try await withInstallation(tried.options) { place in
            for kill in 1...kills {
                let run = try place.start("baseline")
                let moment = undisturbed * kill / (kills + 1)
                #expect(try await place.waits(for: run, requests: moment), "the run ended before kill \(kill)")
                run.signal(SIGKILL)
                #expect(try await run.wait().code == 128 + SIGKILL)
            }
            #expect(try await place.run("baseline").code == 0)
            try await expectTruth(place.harness)
            let repeated = place.harness.simulator.requests.total - undisturbed
            let allowed = kills * (max(8, undisturbed / 100) + 1)
            print("\(tried.testDescription): \(repeated) of \(undisturbed) calls repeated by \(kills) kills")
            #expect(repeated <= allowed, "\(repeated) calls were repeated, \(allowed) may be")
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
