import LMSSimulator
import RegistrarTesting
import Sync
import Testing

/// A list of one course that a baseline could not read.
@Suite("A part that was not read")
struct UnreadPartTests {
    struct Part: Sendable, CustomTestStringConvertible {
        var kind: String
        /// The switch of the simulator; `ID` stands for a course.
        var fault: String

        var testDescription: String { "\(kind): \(fault)" }
    }

    static let parts =
        ["contents", "users", "grades"].map {
            Part(kind: "grow", fault: #"{"status_for_path": {"/v2/courses/ID/\#($0)": STATUS}}"#)
        }
        + ["/v1/courses/ID/users", "/v2/courses/ID/gradebook/columns", "/v1/courses/ID/gradebook/categories"]
        .map { Part(kind: "blackboard", fault: #"{"status_for_path": {"\#($0)": STATUS}}"#) }
        + ["students", "teachers", "assignments", "grades"]
        .map { Part(kind: "matrix", fault: #"{"status_for_call": {"get_\#($0)_for_class/ID": STATUS}}"#) }

    @Test("is missing in every run until one reads it", .timeLimit(.minutes(4)), arguments: parts, [403, 500])
    func isMissing(part: Part, status: Int) async throws {
        let platform = try #require(PlatformCase.all.first { $0.kind == part.kind })
        try await withSchool(platform.school(.small, 811)) { harness in
            let graded = TruthRows(harness.simulator, "grades").rows.compactMap { $0["course_id"] }
            let children = Set(
                TruthRows(harness.simulator, "courses").rows.filter { $0["parent_course_id"] != nil }
                    .compactMap { $0["course_id"] }
            )
            let course = try #require(Set(graded).subtracting(children).min())
            let fault = part.fault.replacing("ID", with: course).replacing("STATUS", with: "\(status)")
            try harness.simulator.setFaults(json: Array(fault.utf8))
            let baseline = await harness.baseline()
            #expect(baseline.exitCode == 1, "\(baseline.story)")
            for _ in 0..<2 {
                harness.simulator.advance(seconds: 60)
                let report = await harness.sync()
                #expect(report.exitCode == 1, "\(report.story)")
                #expect(report.sources.first?.message?.hasPrefix("not read: ") == true, "\(report.story)")
            }
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 90_000)
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness, leavingOut: platform.lateColumns)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }
}
