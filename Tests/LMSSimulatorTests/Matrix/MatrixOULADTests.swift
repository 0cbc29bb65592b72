import Testing

@testable import LMSSimulator

@Suite("MATRIX: OULAD")
struct MatrixOULADTests {
    @Test("the truth has the numbers of the data set's description", .enabled(if: OULADTests.directory != nil))
    func numbers() async throws {
        let directory = try #require(OULADTests.directory)
        let simulator = try await Simulator.start(try await OULADMatrixSchool.load(directory: directory))
        let expected = [
            "courses": 22, "learners": 28_785, "enrollments": 32_593, "progress": 32_593, "certificates": 15_385,
            "assessments": 206 + 22,
        ]
        for (table, rows) in expected { #expect(simulator.truthCount(table) == rows, "\(table)") }
        let caller = MatrixCaller(simulator: simulator)
        let totals = simulator.occurrences(of: #""assessment_id":"course:"#, in: "grades")
        #expect(simulator.truthCount("grades") - totals == 173_912)
        #expect(simulator.occurrences(of: #""status":"submitted""#, in: "grades") == 173)
        #expect(simulator.occurrences(of: #""status":"ended""#, in: "enrollments") == 10_072)
        #expect(caller.get("get_all_users", "page=288").rows.count == 85)
        #expect(caller.get("get_all_users", "page=289").text == "[]")
        #expect(caller.get("get_all_class_completions").rows.count == 15_385)
        try await simulator.stop()
    }

    @Test("a directory without the data is refused by name")
    func missing() async throws {
        await #expect(throws: SimulatorError.self) { try await OULADMatrixSchool.load(directory: "/nonexistent") }
    }
}
