import Foundation
import Testing

@testable import LMSSimulator

@Suite("OULAD as a Blackboard site")
struct BlackboardOULADTests {
    @Test("the truth has the numbers of the data set's description", .enabled(if: OULADTests.directory != nil))
    func numbers() async throws {
        let directory = try #require(OULADTests.directory)
        let simulator = try await Simulator.start(try await OULADBlackboardSchool.load(directory: directory))
        let expected = [
            "terms": 4, "courses": 22, "learners": 28_785, "enrollments": 32_593, "progress": 32_593,
            "assessments": 206 + 22, "assessment_responses": 173_912,
        ]
        for (table, rows) in expected { #expect(simulator.truthCount(table) == rows, "\(table)") }
        let totals = simulator.occurrences(of: #""assessment_id":"course:"#, in: "grades")
        // 173 of 173,912 submissions have no score: column grades show no row for them.
        #expect(simulator.truthCount("grades") - totals == 173_739)
        #expect(totals > 20_000)
        #expect(simulator.occurrences(of: #""status":"ended""#, in: "enrollments") == 10_072)
        let live = simulator.change(ChangeRequest(count: 20))
        #expect(live.count == 20)
        try await simulator.stop()
    }

    @Test("a directory without the data is refused by name")
    func missing() async throws {
        await #expect(throws: SimulatorError.self) { try await OULADBlackboardSchool.load(directory: "/nonexistent") }
    }
}
