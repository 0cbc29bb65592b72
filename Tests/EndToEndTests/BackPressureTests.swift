import LMSSimulator
import Postgres
import RegistrarTesting
import Sync
import Testing

@Suite("A warehouse that stands still")
struct BackPressureTests {
    @Test("stops the calls to the platform after a known number, and they go on with it", .timeLimit(.minutes(5)))
    func stopsTheCalls() async throws {
        let school = GeneratedSchool.make(.init(courses: 4, learners: 400, enrollmentsPerLearner: 1), seed: 91)
        try await withSchool(SchoolOptions(school: school)) { harness in
            let formula = RequestFormula(baselineOf: harness.simulator)
            let settings = try PostgresSettings(url: harness.warehouseURL)
            let report = try await PostgresConnection.withConnection(settings) { blocker in
                try await withThrowingTaskGroup(of: RunReport.self) { tasks in
                    tasks.addTask { await harness.baseline() }
                    let people = { harness.simulator.requests.routes["enrollments"] ?? 0 }
                    while people() == 0 { try await Task.sleep(for: .milliseconds(10)) }
                    try await blocker.execute("BEGIN; LOCK TABLE lms.enrollments IN ACCESS EXCLUSIVE MODE")
                    let begun = people()
                    // Two seconds are time for all of them many times over.
                    try await Task.sleep(for: .seconds(2))
                    let held = people()
                    // A commit unit at the warehouse and one that waits, of three calls and what was under way each.
                    #expect(held - begun <= 20, "of \(formula.total) calls \(held - begun) were made for people")
                    #expect(held < 400, "all were read before the warehouse stood still")
                    try await Task.sleep(for: .milliseconds(500))
                    #expect(people() == held)
                    try await blocker.execute("COMMIT")
                    return try await tasks.next() ?? RunReport(sources: [], exitCode: -1)
                }
            }
            #expect(report.exitCode == 0)
            #expect(harness.simulator.requests.total == formula.total)
            try await expectTruth(harness)
        }
    }
}
