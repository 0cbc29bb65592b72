import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("A Blackboard Learn sync")
struct BlackboardSyncTests {
    @Test("after nothing changed costs three calls and one for each live course, and writes nothing", .timeLimit(.minutes(5)))
    func costsNextToNothing() async throws {
        try await withSchool(.blackboard()) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let versions = try await harness.rowVersions()
            let live = try await harness.liveCourses()
            #expect(live > 0)
            for _ in 0..<2 {
                harness.simulator.advance(seconds: 600)
                let report = await harness.sync()
                #expect(report.exitCode == 0, "\(report.sources)")
                #expect(try await harness.requestsOfLastRun() == BlackboardFormula(harness.simulator).idle(live: live))
                #expect(try await harness.rowVersions().differing(from: versions) == [])
            }
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test(
        "leaves the warehouse equal to the site after each of many random changes",
        .timeLimit(.minutes(5)),
        arguments: [101, 202, 303, 404, 505, 606] as [UInt64]
    )
    func equalsTruth(seed: UInt64) async throws {
        try await withSchool(.blackboard(seed: seed)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            for round in 0..<4 {
                harness.simulator.advance(seconds: 1_800)
                let changes = harness.simulator.change(ChangeRequest(seed: seed &+ UInt64(round), count: 25))
                let report = await harness.sync()
                #expect(report.exitCode == 0, "\(report.sources)")
                let text = changes.map { "\($0.kind) \($0.learnerId ?? "-") \($0.courseId ?? "-") \($0.unitId ?? "-")" }
                let differences = try await harness.compareWithTruth(BlackboardFormula.tables)
                #expect(differences.isEmpty, "round \(round): \(differences.map(\.description).joined(separator: "\n")) after \(text)")
            }
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }
}

extension SchoolHarness {
    /// Courses that a sync visits: neither archived, nor child courses, nor over for more than 30 days.
    func liveCourses() async throws -> Int {
        let now = simulator.now.seconds
        return try await count(
            """
            SELECT count(*) FROM lms.courses WHERE deleted_at IS NULL AND parent_course_id IS NULL
              AND status <> 'archived'
              AND coalesce(ends_at >= to_timestamp(\(now)) - interval '30 days', true)
            """
        )
    }
}
