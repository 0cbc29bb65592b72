import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("A Blackboard Learn site that refuses")
struct BlackboardFaultTests {
    @Test("the list of users gives its learners with the memberships", .timeLimit(.minutes(5)))
    func usersRefused() async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: 41))) { harness in
            try harness.simulator.setFaults(json: Array(#"{"status_for_path": {"/v1/users": 403}}"#.utf8))
            #expect(await harness.baseline().exitCode == 0)
            let tables = ["courses", "enrollments", "assessments", "grades", "progress"]
            try await expectTruth(harness, tables)
            let strangers = """
                SELECT count(*) FROM lms.enrollments e WHERE NOT EXISTS
                  (SELECT FROM lms.learners l WHERE l.source_id = e.source_id AND l.learner_id = e.learner_id)
                """
            // Hidden administrators are members whom nobody shows.
            #expect(try await harness.count(strangers) <= 2)
        }
    }

    @Test("the list of users is asked for it once a day, and read when the right is given", .timeLimit(.minutes(5)))
    func usersGiven() async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: 48))) { harness in
            try harness.simulator.setFaults(json: Array(#"{"status_for_path": {"/v1/users": 403}}"#.utf8))
            #expect(await harness.baseline().exitCode == 0)
            func asked() -> Int { harness.simulator.requests.routes["users"] ?? 0 }
            let before = asked()
            harness.simulator.advance(seconds: 3_600)
            #expect(await harness.sync().exitCode == 0)
            #expect(asked() == before)
            harness.simulator.advance(seconds: 86_400)
            #expect(await harness.sync().exitCode == 0)
            #expect(asked() == before + 1)
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 90_000)
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(asked() > before + 1)
            try await expectTruth(harness, leavingOut: PlatformCase.blackboard.lateColumns)
        }
    }

    @Test("columns whose attempts are hidden are told, and everything else loads", .timeLimit(.minutes(5)))
    func hiddenColumns() async throws {
        var shape = GeneratedBlackboardSchool.Shape()
        shape.hiddenColumns = 2
        let options = SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(shape, seed: 42),
            optionLines: ["grade_orientation: column"]
        )
        try await withSchool(options) { harness in
            #expect(await harness.baseline().exitCode == 1)
            try await expectTruth(harness)
            let refused = "SELECT count(*) FROM sync.coverage WHERE stream = 'grades' AND outcome = 'refused'"
            #expect(try await harness.count(refused) == 2)
        }
    }

    @Test("stops where the ids name other courses", .timeLimit(.minutes(5)))
    func movedDatabase() async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: 43))) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let contents = try await harness.contents()
            harness.simulator.advance(seconds: 900)
            _ = harness.simulator.change(ChangeRequest(seed: 2, count: 12, kinds: [.courseEdited]))
            try harness.simulator.setFaults(json: Array(#"{"id_shift": 1}"#.utf8))
            #expect(await harness.sync().exitCode == 69)
            #expect(try await harness.contents() == contents)
        }
    }

    @Test("stops before the day's quota is spent, and says until when", .timeLimit(.minutes(5)))
    func quota() async throws {
        try await withSchool(SchoolOptions(blackboard: GeneratedBlackboardSchool.make(seed: 44))) { harness in
            try harness.simulator.setFaults(json: Array(#"{"quota_limit": 100}"#.utf8))
            #expect(await harness.baseline().exitCode == 75)
            let made = harness.simulator.requests.total
            #expect((80...92).contains(made), "a tenth is left to others: \(made)")
            #expect(try await harness.value("SELECT not_before FROM sync.sources") != nil)
            #expect(await harness.baseline().exitCode == 75)
            #expect(harness.simulator.requests.total == made, "a run before that makes no call")
        }
    }
}
