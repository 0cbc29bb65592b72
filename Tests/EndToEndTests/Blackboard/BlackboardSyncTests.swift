import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("A Blackboard Learn sync")
struct BlackboardSyncTests {
    @Test(
        "leaves the warehouse equal to the site after each of many random changes",
        .timeLimit(.minutes(5)),
        arguments: [202, 303, 404] as [UInt64]
    )
    func equalsTruth(seed: UInt64) async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: seed))) { harness in
            #expect(await harness.baseline().exitCode == 0)
            for round in 0..<4 {
                harness.simulator.advance(seconds: 1_800)
                let changes = harness.simulator.change(ChangeRequest(seed: seed &+ UInt64(round), count: 25))
                let report = await harness.sync()
                #expect(report.exitCode == 0, "\(report.sources)")
                let differences = try await harness.compareWithTruth()
                let text = changes.map { "\($0.kind) \($0.learnerId ?? "-") \($0.courseId ?? "-") \($0.unitId ?? "-")" }
                let found = differences.map(\.description).joined(separator: "\n")
                #expect(differences.isEmpty, "round \(round): \(found) after \(text)")
            }
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test("reads one column of a course in which one grade changed, and writes that row", .timeLimit(.minutes(5)))
    func oneGrade() async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: 12))) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 900)
            let change = harness.simulator.change(ChangeRequest(seed: 3, count: 1, kinds: [.regrade]))
            #expect(change.count == 1)
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.sources)")
            try await expectTruth(harness)
            let made = try await harness.requestsOfLastRun()
            let idle = BlackboardFormula(harness.simulator).idle
            #expect(made["enrollments"] == idle["enrollments"] && made["courses"] == idle["courses"])
            #expect(made["assessments"] == 1 && made["progress"] == 1, "\(made)")
            // The same again finds nothing: the column's index moved with its row.
            harness.simulator.advance(seconds: 60)
            #expect(await harness.sync().exitCode == 0)
            #expect(try await harness.requestsOfLastRun() == idle)
        }
    }

    @Test("finds within three days what an integration wrote while nobody was there", .timeLimit(.minutes(5)))
    func rollingShare() async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: 14))) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 900)
            #expect(harness.simulator.change(ChangeRequest(seed: 5, count: 3, kinds: [.apiGrade])).count == 3)
            for _ in 0..<7 {
                harness.simulator.advance(seconds: 43_200)
                #expect(await harness.sync().exitCode == 0)
            }
            try await expectTruth(harness)
        }
    }

    @Test("renames the courses of a renamed term without asking for them", .timeLimit(.minutes(5)))
    func renamedTerm() async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: 15))) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 100_000)
            #expect(harness.simulator.change(ChangeRequest(seed: 5, count: 1, kinds: [.termRenamed])).count == 1)
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness)
            #expect(try await harness.requestsOfLastRun()["courses"] == 2, "the list and the release")
        }
    }

    @Test("without the gate finds in the next sync what an integration wrote", .timeLimit(.minutes(5)))
    func ungated() async throws {
        let options = SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(seed: 16),
            optionLines: ["grade_gate: none"]
        )
        try await withSchool(options) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 900)
            #expect(harness.simulator.change(ChangeRequest(seed: 6, count: 3, kinds: [.apiGrade])).count == 3)
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness)
        }
    }
}
