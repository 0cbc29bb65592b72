import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("A Blackboard Learn baseline")
struct BlackboardBaselineTests {
    @Test("leaves the warehouse equal to the site", .timeLimit(.minutes(5)), arguments: [7, 11, 23] as [UInt64])
    func equalsTruth(seed: UInt64) async throws {
        try await withSchool(.blackboard(seed: seed)) { harness in
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.sources)")
            try await expectTruth(harness, BlackboardFormula.tables)
            #expect(try await harness.bookkeepingFaults() == [])
            #expect(try await harness.count("SELECT count(*) FROM sync.rejects") == 0)
            #expect(try await harness.sql("SELECT stream, field FROM sync.schema_drift") == [])
        }
    }

    @Test(
        "makes exactly the requests of the guide's formula",
        .timeLimit(.minutes(5)),
        arguments: [
            .init(), .init(terms: 3, courses: 5, learners: 400, membersPerCourse: 230, columnsPerCourse: 9),
            .init(courses: 105, learners: 60, membersPerCourse: 4, columnsPerCourse: 3),
        ] as [GeneratedBlackboardSchool.Shape]
    )
    func costs(shape: GeneratedBlackboardSchool.Shape) async throws {
        try await withSchool(.blackboard(shape, seed: 5)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let expected = BlackboardFormula(harness.simulator).baseline
            let made = try await harness.requestsOfLastRun()
            #expect(made == expected)
            let served = harness.servedRequests().filter { $0.key != "token" }.values.reduce(0, +)
            #expect(served == expected.values.reduce(0, +))
        }
    }
}
