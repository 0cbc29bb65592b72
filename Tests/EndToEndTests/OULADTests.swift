import Foundation
import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("The OULAD school")
struct OULADTests {
    /// The data set, beside the package or where `REGISTRAR_OULAD` says.
    static let directory =
        ProcessInfo.processInfo.environment["REGISTRAR_OULAD"]
        ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../../shared/data/oulad"
        ).standardizedFileURL.path

    /// Enrollments and progress cost two calls for each of 28,785 learners, minutes in a debug build: `deploy/demo.sh`
    /// reads those, here is what is read by course.
    @Test(
        "is read whole by course, and then in a few calls",
        .enabled(if: FileManager.default.fileExists(atPath: directory), "the data set is not here"),
        .timeLimit(.minutes(5))
    )
    func isReadByCourse() async throws {
        let school = try await OULADSchool.load(directory: Self.directory, presentations: TestScale.presentations)
        let streams = ["courses", "course_units", "learners", "certificates", "assessments", "grades"]
        let line = "streams: [\(streams.joined(separator: ", "))]"
        try await withSchool(SchoolOptions(school: school, sourceLines: [line])) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let rows = try await harness.liveRows()
            #expect(rows["courses"] == TestScale.pick(3, long: 22))
            for table in ["learners", "certificates", "grades"] {
                #expect(rows[table] == harness.simulator.truthCount(table), "\(table)")
            }
            try await expectTruth(harness, streams)
            #expect(try await harness.bookkeepingFaults() == [])
            let versions = try await harness.rowVersions()
            harness.simulator.advance(seconds: 600)
            harness.simulator.resetRequests()
            #expect(await harness.sync().exitCode == 0)
            #expect(harness.simulator.requests.total == 3)
            #expect(try await harness.rowVersions().differing(from: versions) == [])
        }
    }
}
