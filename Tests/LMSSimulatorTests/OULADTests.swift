import Foundation
import Testing

@testable import LMSSimulator

@Suite("OULAD")
struct OULADTests {
    /// `REGISTRAR_OULAD`, else the shared data beside the package.
    static let directory: String? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let beside = root.appendingPathComponent("../shared/data/oulad").standardized.path
        let path = ProcessInfo.processInfo.environment["REGISTRAR_OULAD"] ?? beside
        return FileManager.default.fileExists(atPath: path + "/courses.csv.gz") ? path : nil
    }()

    @Test("the truth has the numbers of the data set's description", .enabled(if: OULADTests.directory != nil))
    func numbers() async throws {
        let directory = try #require(Self.directory)
        let simulator = try await Simulator.start(try await OULADSchool.load(directory: directory))
        let expected = [
            "courses": 22, "learners": 28_785, "enrollments": 32_593, "progress": 32_593, "certificates": 15_385,
            "grades": 173_912, "assessment_responses": 173_912, "assessments": 206, "course_units": 6570,
            "unit_progress": 173_912, "events": 30_770,
        ]
        for (table, rows) in expected { #expect(simulator.truthCount(table) == rows, "\(table)") }
        let caller = Caller(simulator)
        #expect(caller.get("users?include_suspended=true").meta["totalItems"] == 28_785)
        #expect(simulator.occurrences(of: #""last_login_at":"#, in: "learners") == 28_785)
        #expect(simulator.occurrences(of: #""last_login_at":null"#, in: "learners") == 0)
        #expect(simulator.occurrences(of: #""status":"expired""#, in: "enrollments") == 10_072)
        #expect(simulator.occurrences(of: #""status":"submitted""#, in: "grades") == 173)
        try await simulator.stop()
    }

    @Test("a directory without the data is refused by name")
    func missing() async throws {
        await #expect(throws: SimulatorError.self) { try await OULADSchool.load(directory: "/nonexistent") }
    }
}
