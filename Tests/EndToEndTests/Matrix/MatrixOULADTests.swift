import Foundation
import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("The OULAD school on MATRIX")
struct MatrixOULADTests {
    /// The data set, beside the package or where `REGISTRAR_OULAD` says.
    private static let directory =
        ProcessInfo.processInfo.environment["REGISTRAR_OULAD"]
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../../../shared/data/oulad"
        ).standardizedFileURL.path

    @Test(
        "is read whole in some hundreds of calls, and equals the truth",
        .enabled(if: FileManager.default.fileExists(atPath: directory), "the data set is not here"),
        .timeLimit(.minutes(5))
    )
    func isReadWhole() async throws {
        let school = try await OULADMatrixSchool.load(
            directory: Self.directory,
            presentations: TestScale.presentations
        )
        try await withSchool(SchoolOptions(matrix: school)) { harness in
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            let rows = try await harness.liveRows()
            #expect(rows["courses"] == TestScale.pick(3, long: 22))
            try await expectTruth(harness)
            // Completions fall on a few days: their months make fewer windows than the formula's two thousand a call.
            #expect(harness.simulator.requests.total <= MatrixFormula(harness.simulator).baseline)
            #expect(try await harness.bookkeepingFaults() == [])
            let versions = try await harness.rowVersions()
            harness.simulator.advance(seconds: 600)
            #expect(await harness.sync().exitCode == 0)
            #expect(try await harness.rowVersions().differing(from: versions) == [])
        }
    }
}
