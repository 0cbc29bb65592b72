import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("A sync")
struct IncrementTests {
    @Test(
        "after nothing changed costs a page of every hundred courses and two calls more, and writes no row version",
        .timeLimit(.minutes(5)),
        arguments: LearnWorldsProduct.allCases
    )
    func costsNextToNothing(kind: LearnWorldsProduct) async throws {
        let school = GeneratedSchool.make(.init(courses: 130, learners: 60), seed: 21)
        try await withSchool(SchoolOptions(kind: kind, school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 900)
            let versions = try await harness.rowVersions()
            for _ in 0..<2 {
                harness.simulator.resetRequests()
                let report = await harness.sync()
                #expect(report.exitCode == 0)
                #expect(report.sources.map(\.mode) == ["incremental"])
                #expect(harness.servedRequests() == ["courses": 2, "events": 1, "learners": 1])
                #expect(try await harness.requestsOfLastRun() == harness.servedRequests())
                #expect(try await harness.rowVersions().differing(from: versions) == [])
                harness.simulator.advance(seconds: 600)
            }
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test(
        "costs what the guide's formula says of what changed",
        .timeLimit(.minutes(5)),
        arguments: [31, 32, 33] as [UInt64]
    )
    func costsWhatChanged(seed: UInt64) async throws {
        let school = GeneratedSchool.make(.init(courses: 12, learners: 150), seed: seed)
        // The rolling share is no part of what changed; RollingShareTests count it.
        let lines = ["active_max_age: 3650d", "cold_max_age: 3650d"]
        try await withSchool(SchoolOptions(school: school, optionLines: lines)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 7_200)
            await harness.sync()
            harness.simulator.advance(seconds: 7_200)
            let cost = IncrementCost(before: harness.simulator)
            let kinds: [ChangeKind] = [.visit, .completion, .submission, .newLearner, .enrollment]
            var done: [ChangeRecord] = []
            for (step, kind) in kinds.enumerated() {
                let request = ChangeRequest(seed: seed &* 10 + UInt64(step), count: 1, kinds: [kind])
                done += harness.simulator.change(request)
            }
            #expect(done.map(\.kind) == kinds)
            harness.simulator.resetRequests(recent: 100)
            let report = await harness.sync()
            #expect(report.exitCode == 0)
            let expected = cost.byStream(logRows: 6)
            #expect(harness.servedRequests() == expected, "\(harness.simulator.requests.recent)")
            #expect(try await harness.requestsOfLastRun() == expected)
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
            harness.simulator.advance(seconds: 600)
            harness.simulator.resetRequests()
            await harness.sync()
            #expect(harness.servedRequests() == ["courses": 1, "events": 1, "learners": 1], "everything was read once")
        }
    }

    @Test(
        "leaves the warehouse equal to the school after each of many random changes",
        .timeLimit(.minutes(5)),
        arguments: zip(LearnWorldsProduct.allCases, [101, 202] as [UInt64])
    )
    func followsRandomChanges(kind: LearnWorldsProduct, seed: UInt64) async throws {
        let school = GeneratedSchool.make(.init(courses: 10, learners: 120, unlistedAssessments: 1), seed: seed)
        try await withSchool(SchoolOptions(kind: kind, school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            var made = 0
            for round in 0..<6 {
                let request = ChangeRequest(seed: seed &+ UInt64(round), count: 40, secondsBetween: 15)
                made += harness.simulator.change(request).count
                harness.simulator.advance(seconds: 4_000)
                let report = await harness.sync()
                #expect(report.exitCode == 0, "\(report)")
                try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
            }
            #expect(made >= 200, "seed \(seed)")
            harness.simulator.advance(seconds: 86_400)
            #expect(await harness.sync().exitCode == 0)
            // The daily reading of everybody brings the logins too.
            try await expectTruth(harness)
            #expect(try await harness.bookkeepingFaults() == [])
            let versions = try await harness.rowVersions()
            harness.simulator.advance(seconds: 600)
            await harness.sync()
            #expect(try await harness.rowVersions().differing(from: versions) == [])
        }
    }

    @Test("stays whole while things happen that no increment can see", .timeLimit(.minutes(5)))
    func survivesSilentChanges() async throws {
        let school = GeneratedSchool.make(.init(courses: 8, learners: 90), seed: 41)
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            for round in 0..<4 {
                let kinds = LearnWorldsChange.silent + LearnWorldsChange.visible
                harness.simulator.change(
                    ChangeRequest(seed: 400 + UInt64(round), count: 40, kinds: kinds, secondsBetween: 15)
                )
                harness.simulator.advance(seconds: 4_000)
                let report = await harness.sync()
                #expect(report.exitCode == 0, "\(report)")
                #expect(try await harness.bookkeepingFaults() == [])
            }
            // What can be read is right again once everything is read; what vanished needs a sweep that proves it.
            let report = await harness.baseline(restart: true)
            #expect(report.exitCode == 0, "\(report.sources.compactMap(\.message))")
            let differences = try await harness.compareWithTruth(limit: 1_000).filter { $0.truth != nil }
            #expect(differences.isEmpty, "\(differences.prefix(5))")
        }
    }
}
