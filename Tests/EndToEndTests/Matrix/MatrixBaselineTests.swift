import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("A MATRIX baseline", .serialized)
struct MatrixBaselineTests {
    @Test(
        "equals the truth and costs the guide's formula",
        .timeLimit(.minutes(3)),
        arguments: [1, 2, 3] as [UInt64]
    )
    func equalsTruth(seed: UInt64) async throws {
        let school = GeneratedMatrixSchool.make(MatrixShape(users: 230, classes: 14, learnersPerClass: 24), seed: seed)
        let options = SchoolOptions(
            matrix: school,
            sourceLines: ["streams: [courses, learners, grades, certificates, organizations, events]"]
        )
        try await withSchool(options) { harness in
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness)
            let calls = harness.simulator.requests
            let sessions = calls.routes["get_session_details"] ?? 0
            #expect(calls.total - sessions == MatrixFormula(harness.simulator).baseline, "\(calls.routes)")
            #expect(calls.routes["forbidden"] == nil)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }
}
