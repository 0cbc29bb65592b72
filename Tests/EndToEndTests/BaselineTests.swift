import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("A baseline")
struct BaselineTests {
    static let shape = GeneratedSchool.Shape(
        courses: 14,
        learners: 260,
        enrollmentsPerLearner: 2.5,
        gradesPerEnrollment: 1.5,
        unlistedAssessments: 2,
        hasNullUnitIDs: true
    )

    @Test(
        "equals the school in every table, costs what the guide's formula says, and its books balance",
        .timeLimit(.minutes(5)),
        arguments: LearnWorldsProduct.allCases
    )
    func equalsTheSchool(kind: LearnWorldsProduct) async throws {
        let school = GeneratedSchool.make(Self.shape, seed: 11)
        try await withSchool(SchoolOptions(kind: kind, school: school)) { harness in
            let report = await harness.baseline()
            #expect(report.exitCode == 0)
            #expect(report.sources.first?.status == "succeeded", "\(report)")
            try await expectTruth(harness)
            let formula = RequestFormula(baselineOf: harness.simulator)
            #expect(try await harness.requestsOfLastRun() == formula.byStream)
            #expect(harness.servedRequests() == formula.byStream)
            #expect(harness.simulator.requests.total == formula.total)
            #expect(report.sources.first?.requests == formula.total)
            #expect(harness.simulator.requests.token == 1)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }
}
