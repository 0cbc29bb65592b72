import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("Re-reading by time")
struct VisitTests {
    private static func progressCalls(of harness: SchoolHarness, after seconds: Double) async throws -> Int {
        harness.simulator.advance(seconds: seconds)
        harness.simulator.resetRequests()
        let report = await harness.sync()
        #expect(report.exitCode == 0)
        return harness.servedRequests()["progress"] ?? 0
    }

    /// One learner in one course.
    private static let lonely = GeneratedSchool.Shape(
        courses: 1,
        learners: 1,
        enrollmentsPerLearner: 1,
        certificateShare: 0,
        neverActiveShare: 0,
        suspendedShare: 0,
        expiredShare: 0
    )

    @Test(
        "visits alone re-read a learner once an hour, and once more six hours after the last of them",
        .timeLimit(.minutes(5))
    )
    func visits() async throws {
        try await withSchool(SchoolOptions(school: GeneratedSchool.make(Self.lonely, seed: 3))) { harness in
            var seed: UInt64 = 700
            func happens(_ kind: ChangeKind) {
                seed += 1
                let done = harness.simulator.change(ChangeRequest(seed: seed, count: 1, kinds: [kind]))
                #expect(done.count == 1)
            }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 600)

            happens(.visit)
            #expect(try await Self.progressCalls(of: harness, after: 60) == 1, "a first visit is read at once")
            happens(.visit)
            #expect(try await Self.progressCalls(of: harness, after: 1_200) == 0, "the next one is too soon")
            happens(.session)
            #expect(try await Self.progressCalls(of: harness, after: 1_200) == 0)
            #expect(try await Self.progressCalls(of: harness, after: 1_000) == 0, "57 minutes after the reading")
            #expect(try await Self.progressCalls(of: harness, after: 600) == 1, "an hour after it")
            try await expectTruth(harness, ["progress", "unit_progress"])

            happens(.visit)
            happens(.unknownActivity)
            #expect(try await Self.progressCalls(of: harness, after: 60) == 1, "what is no visit does not wait")

            // Study goes on without a word of it; six hours after the last visit it is found.
            happens(.quietStudy)
            #expect(try await Self.progressCalls(of: harness, after: 5 * 3_600) == 0)
            #expect(try await !harness.compareWithTruth(["progress"]).isEmpty)
            #expect(try await Self.progressCalls(of: harness, after: 3_600) == 1)
            try await expectTruth(harness, ["progress", "unit_progress"])
            #expect(try await Self.progressCalls(of: harness, after: 3_000) == 0, "and then no more")
            #expect(try await harness.count("SELECT count(*) FROM sync.pending") == 0)
        }
    }

    @Test("everybody is read once a day, for what no event tells", .timeLimit(.minutes(5)))
    func everybodyDaily() async throws {
        let school = GeneratedSchool.make(.init(courses: 2, learners: 210, enrollmentsPerLearner: 1), seed: 71)
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.change(ChangeRequest(seed: 710, count: 4, kinds: [.profileEdit, .suspension]))
            harness.simulator.advance(seconds: 3_600)
            harness.simulator.resetRequests()
            await harness.sync()
            #expect(harness.servedRequests()["learners"] == 1)
            #expect(try await !harness.compareWithTruth(["learners"]).isEmpty)

            harness.simulator.advance(seconds: 86_400)
            harness.simulator.resetRequests()
            await harness.sync()
            #expect(harness.servedRequests()["learners"] == 2)
            try await expectTruth(harness, ["learners"])

            harness.simulator.advance(seconds: 3_600)
            harness.simulator.resetRequests()
            await harness.sync()
            #expect(harness.servedRequests()["learners"] == 1, "once a day is enough")
        }
    }

    @Test("an enrollment that ends is read once, an hour later, and expires without a request", .timeLimit(.minutes(5)))
    func expiry() async throws {
        let school = GeneratedSchool.make(.init(courses: 4, learners: 40), seed: 72)
        // Weeks pass at once: without a longer bound everybody's turn would have come.
        let lines = ["active_max_age: 3650d", "cold_max_age: 3650d"]
        try await withSchool(SchoolOptions(school: school, optionLines: lines)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let ends = TruthRows(harness.simulator, "enrollments").rows
                .filter { $0["status"] == "active" }
                .compactMap { $0["expires_at"].flatMap { Int64($0) } }
                .sorted()
            let first = try #require(ends.first)
            #expect(ends.dropFirst().first.map { $0 - first > 7_200_000_000 } ?? true, "one learner at a time")
            func sync(_ seconds: Double) async throws -> Int {
                harness.simulator.advance(seconds: seconds)
                harness.simulator.resetRequests()
                #expect(await harness.sync().exitCode == 0)
                try await expectTruth(harness, ["enrollments", "certificates"])
                return harness.servedRequests()["enrollments"] ?? 0
            }
            let remaining = Double(first - harness.simulator.now.microseconds) / 1_000_000
            #expect(try await sync(remaining - 600) == 0, "ten minutes before the end")
            #expect(try await sync(1_800) == 0, "twenty minutes after it")
            #expect(try await sync(3_600) == 1, "eighty minutes after it")
            #expect(try await sync(600) == 0, "once is enough")
        }
    }
}
