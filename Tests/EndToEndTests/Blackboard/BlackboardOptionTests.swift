import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("Options of a Blackboard Learn source")
struct BlackboardOptionTests {
    private static func options(_ lines: [String], seed: UInt64 = 17) -> SchoolOptions {
        SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(seed: seed),
            sourceLines: ["requests_per_day: 1000000"],
            optionLines: lines
        )
    }

    // MARK: grade_gate

    @Test(
        "with a log that names every changed column, what an integration wrote is in the next sync",
        .timeLimit(.minutes(3))
    )
    func logs() async throws {
        try await withSchool(Self.options(["grade_gate: logs"])) { harness in
            #expect(await harness.baseline().exitCode == 0)
            #expect(
                (harness.simulator.requests.routes["logs"] ?? 0) > 0,
                "the baseline looks whether the log is any good"
            )
            harness.simulator.advance(seconds: 900)
            #expect(await harness.sync().exitCode == 0)
            for seed in [6, 7] as [UInt64] {
                harness.simulator.advance(seconds: 900)
                #expect(harness.simulator.change(ChangeRequest(seed: seed, count: 3, kinds: [.apiGrade])).count == 3)
                harness.simulator.resetRequests()
                #expect(await harness.sync().exitCode == 0)
                try await expectTruth(harness)
                let live = BlackboardFormula(harness.simulator).idle["enrollments"] ?? 0
                #expect(harness.simulator.requests.routes["logs"] == live, "one call for each live course")
                // Three columns, the totals of their courses, and once more what the log's overlap names.
                #expect((harness.simulator.requests.routes["grades"] ?? 0) <= 18)
            }
        }
    }

    @Test(
        "a log that proves nothing is not used, and the run says so",
        .timeLimit(.minutes(3)),
        arguments: [
            #"{"logs_without_column": true}"#, #"{"empty_lists": ["/gradebook/logs"]}"#, #"{"version": "3900.70.0"}"#,
        ]
    )
    func unproved(fault: String) async throws {
        let log = RecordedLog()
        try await withSchool(Self.options(["grade_gate: logs"])) { harness in
            var harness = harness
            harness.logger = log.logger
            try harness.simulator.setFaults(json: Array(fault.utf8))
            #expect(await harness.baseline().exitCode == 0)
            #expect(log.text.contains("grade_gate: logs is not used"))
            harness.simulator.advance(seconds: 900)
            harness.simulator.resetRequests()
            harness.simulator.change(ChangeRequest(seed: 5, count: 20))
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness)
            #expect(harness.simulator.requests.routes["logs"] == nil)
        }
    }

    // MARK: grade_probe

    @Test(
        "the newest change is asked first, and nothing yet has three spellings",
        .timeLimit(.minutes(3)),
        arguments: ["404", "204", "200"]
    )
    func probe(empty: String) async throws {
        try await withSchool(Self.options(["grade_probe: lastchanged", "grade_orientation: column"])) { harness in
            try harness.simulator.setFaults(json: Array(##"{"empty_column": "\##(empty)"}"##.utf8))
            #expect(await harness.baseline().exitCode == 0)
            for seed in [31, 32] as [UInt64] {
                harness.simulator.advance(seconds: 900)
                harness.simulator.change(ChangeRequest(seed: seed, count: 20))
                harness.simulator.resetRequests(recent: 2_000)
                let report = await harness.sync()
                #expect(report.exitCode == 0, "\(report.story)")
                try await expectTruth(harness)
                #expect((harness.simulator.requests.routes["last_changed"] ?? 0) > 0)
                #expect(!harness.simulator.requests.recent.contains { $0.contains("changeIndex=") })
            }
        }
    }

    // MARK: disabled_memberships

    @Test("disabled memberships that are listed apart are found out and read", .timeLimit(.minutes(3)))
    func disabledApart() async throws {
        var shape = GeneratedBlackboardSchool.Shape()
        shape.disabledShare = 0.15
        let options = SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(shape, seed: 18),
            sourceLines: ["requests_per_day: 1000000"]
        )
        try await withSchool(options) { harness in
            try harness.simulator.setFaults(json: Array(#"{"hide_disabled_memberships": true}"#.utf8))
            #expect(await harness.baseline().exitCode == 0)
            try await expectTruth(harness)
            harness.simulator.advance(seconds: 900)
            harness.simulator.resetRequests()
            #expect(await harness.sync().exitCode == 0)
            // Nobody who was disabled before is asked for again because the list of all lacks them.
            #expect(harness.simulator.requests.total == BlackboardFormula(harness.simulator).idle.values.reduce(0, +))
            for seed in [3, 4] as [UInt64] {
                harness.simulator.advance(seconds: 900)
                let made = harness.simulator.change(
                    ChangeRequest(seed: seed, count: 15, kinds: [.accessChanged, .visit])
                )
                #expect(made.count == 15)
                #expect(await harness.sync().exitCode == 0)
                harness.simulator.advance(seconds: 900)
                let report = await harness.sweep()
                #expect(report.exitCode == 0, "\(report.story)")
                try await expectTruth(harness)
            }
            #expect(try await harness.count("SELECT count(*) FROM lms.enrollments WHERE deleted_at IS NOT NULL") == 0)
        }
    }

    // MARK: by learner or by column

    @Test("where lists of one learner lack columns, grades are read by column", .timeLimit(.minutes(3)))
    func byLearnerLacks() async throws {
        let shape = GeneratedBlackboardSchool.Shape(courses: 8, learners: 40, membersPerCourse: 5, columnsPerCourse: 6)
        let options = SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(shape, seed: 19),
            sourceLines: ["requests_per_day: 1000000"]
        )
        let log = RecordedLog()
        try await withSchool(options) { harness in
            var harness = harness
            harness.logger = log.logger
            try harness.simulator.setFaults(json: Array(#"{"learner_grades_lack_calculated": true}"#.utf8))
            #expect(await harness.baseline().exitCode == 0)
            try await expectTruth(harness)
            #expect(log.text.contains("lists of one learner's grades lack columns"))
            let asked = harness.simulator.requests.routes["learner_grades"] ?? 0
            #expect((1...8).contains(asked), "only the first course was asked by learner: \(asked)")
        }
    }

    // MARK: doctor

    @Test(
        "doctor names what the account may not see, with the privilege, and counts hidden members",
        .timeLimit(.minutes(3))
    )
    func doctor() async throws {
        var shape = GeneratedBlackboardSchool.Shape()
        shape.coursesWithGuests = shape.courses
        let options = SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(shape, seed: 20),
            sourceLines: ["requests_per_day: 1000000"]
        )
        try await withSchool(options) { harness in
            func warnings() async -> String {
                await harness.service("doctor").doctor().filter { $0.check == "source acme" && $0.outcome == .warn }
                    .map { "\($0.detail) | \($0.remedy ?? "")" }.joined(separator: "\n")
            }
            harness.simulator.resetRequests()
            let first = await warnings()
            #expect(harness.simulator.requests.total <= 11, "cheap calls only")
            let hidden = try #require(first.firstMatch(of: /1 of [0-9]+ memberships of course (_[0-9]+_1) name users/))
            #expect(!first.contains("refused") && !first.contains("no row"), "\(first)")
            let course = String(hidden.output.1)

            let closed = """
                {"status_for_path": {"/v1/users": 403, "/v1/terms": 403, "/v1/courses/\(course)/users": 403,
                  "/v2/courses/\(course)/gradebook/columns": 403,
                  "/v1/courses/\(course)/performance/contentReviewStatus": 403},
                 "hidden_fields": ["courses.uuid", "courses.externalId"]}
                """
            try harness.simulator.setFaults(json: Array(closed.utf8))
            let second = await warnings()
            for privilege in [
                "system.user.VIEW", "term.VIEW", "system.user.course.enrollment.VIEW", "course.gradebook.MODIFY",
                "course.performance.dashboard.VIEW", "system.course.properties.MODIFY",
            ] {
                #expect(second.contains(privilege), "\(privilege) is missing: \(second)")
            }
            #expect(second.contains("no row of courses has uuid, externalId"), "\(second)")
            harness.simulator.resetFaults()
            #expect(await warnings() == first)
        }
    }
}
