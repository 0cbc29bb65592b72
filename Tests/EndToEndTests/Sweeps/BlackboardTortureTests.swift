import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("Blackboard Learn lists that lie")
struct BlackboardTortureTests {
    private static func options(_ lines: [String] = []) -> SchoolOptions {
        SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(
                .init(courses: 9, learners: 90, membersPerCourse: 24, columnsPerCourse: 4),
                seed: 62
            ),
            sourceLines: ["requests_per_day: 1000000"],
            optionLines: lines
        )
    }

    @Test(
        "and are empty with 200, or halved, cost nothing that the site still has",
        .timeLimit(.minutes(5)),
        arguments: ["empty_lists", "half_lists"],
        [
            "/v1/users", "/v3/courses", "/v1/terms", "/courses/_505_1/users", "/courses/_505_1/gradebook/columns",
            "/users", "/contentReviewStatus", "/gradebook/",
        ]
    )
    func emptyOrHalved(switch name: String, path: String) async throws {
        try await withSchool(Self.options(["grade_orientation: column"])) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            try harness.simulator.setFaults(json: Array(#"{"\#(name)": ["\#(path)"]}"#.utf8))
            await harness.sweep()
            try await harness.expectNothingLost("\(name) \(path)")
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test("of one learner's grades are no more believed than those of a column", .timeLimit(.minutes(3)))
    func byLearner() async throws {
        try await withSchool(Self.options(["grade_orientation: learner"])) { harness in
            #expect(await harness.baseline().exitCode == 0)
            for fault in ["empty_lists", "half_lists"] {
                harness.simulator.advance(seconds: 4_000)
                try harness.simulator.setFaults(json: Array(#"{"\#(fault)": ["/gradebook/users/"]}"#.utf8))
                await harness.sweep()
                try await harness.expectNothingLost(fault)
                harness.simulator.resetFaults()
            }
        }
    }

    @Test("that shrink while they are read cost only what is gone", .timeLimit(.minutes(3)))
    func shrinking() async throws {
        try await withSchool(Self.options()) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            let unrest = """
                {"page_size_caps": {"users": 20, "memberships": 9, "courses": 4},
                 "shrinks": [{"list": "users", "afterPage": 2, "times": 2}, {"list": "courses", "afterPage": 1, "times": 1},
                             {"list": "memberships", "afterPage": 1, "times": 3}]}
                """
            try harness.simulator.setFaults(json: Array(unrest.utf8))
            let report = await harness.sweep()
            #expect(report.exitCode == 0, "\(report.story)")
            try await harness.expectNothingLost("shrinking lists")
            // Who vanished behind the walk is found by the next one.
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test(
        "of 60 % of the learners gone at once are refused, with the numbers, and nothing is marked",
        .timeLimit(.minutes(3))
    )
    func massDeletion() async throws {
        try await withSchool(Self.options()) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let learners = try await harness.count("SELECT count(*) FROM lms.learners")
            harness.simulator.advance(seconds: 4_000)
            let count = learners * 6 / 10
            let gone = harness.simulator.change(ChangeRequest(seed: 3, count: count, kinds: [.learnerDeleted]))
            #expect(gone.count == count)
            harness.simulator.resetRequests(recent: 4_000)
            let report = await harness.sweep()
            #expect(report.exitCode == 1)
            let message = report.sources[0].message ?? ""
            #expect(message.contains("\(count) of \(learners) live rows"), "\(report.story)")
            #expect(try await harness.count("SELECT count(*) FROM lms.learners WHERE deleted_at IS NOT NULL") == 0)
            #expect(try await harness.count("SELECT count(*) FROM lms.enrollments WHERE deleted_at IS NOT NULL") == 0)
            // Nobody is asked for one by one when the answer would not be believed.
            let asked = harness.simulator.requests.recent.filter { $0.contains("/v1/users/") }
            #expect(asked.isEmpty, "\(asked)")
            try await harness.expectNothingLost("mass deletion")
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.configured({ $0.maxDeletionFraction = 1 }).sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test(
        "a course or column that is closed is on the ledger and in the exit code, and starves nobody",
        .timeLimit(.minutes(3))
    )
    func refusedCourse() async throws {
        try await withSchool(Self.options(["grade_orientation: column"])) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            let columns = try await harness.sql(
                """
                SELECT course_id, min(assessment_id) FROM lms.assessments WHERE grading <> 'calculated'
                GROUP BY 1 ORDER BY 1 LIMIT 2
                """
            )
            let (roster, course) = (try #require(columns[0][0]), try #require(columns[1][0]))
            let column = try #require(columns[1][1])
            let closed = """
                {"status_for_path": {"/v1/courses/\(roster)/users": 403,
                  "/v2/courses/\(course)/gradebook/columns/\(column)/users": 403}}
                """
            try harness.simulator.setFaults(json: Array(closed.utf8))
            harness.simulator.change(
                ChangeRequest(
                    seed: 8,
                    count: 20,
                    kinds: BlackboardChanges.silent.filter { $0 != .courseDeleted },
                    secondsBetween: 5
                )
            )
            let report = await harness.sweep()
            #expect(report.exitCode == 1 && report.sources[0].status == "partial", "\(report.story)")
            let parts = "SELECT stream || ' ' || partition || ' ' || outcome FROM sync.coverage"
            let unread = try await harness.sql(parts + " WHERE outcome NOT IN ('read', 'empty', 'gone') ORDER BY 1")
            #expect(unread == [["enrollments \(roster) refused"], ["grades \(course)/\(column) refused"]])
            let others = try await harness.compareWithTruth(["courses", "terms", "learners", "assessments"])
            #expect(others.isEmpty, "\(others.map(\.description))")
            try await harness.expectNothingLost("closed parts")
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 90_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
            #expect(try await harness.sql(parts + " WHERE outcome NOT IN ('read', 'empty', 'gone')").isEmpty)
        }
    }
}
