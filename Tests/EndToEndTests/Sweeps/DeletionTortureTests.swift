import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("Lists that lie")
struct DeletionTortureTests {
    private static let school = GeneratedSchool.make(.init(courses: 8, learners: 90, unlistedAssessments: 1), seed: 61)

    @Test(
        "that are empty with 200, or halved, cost nothing that the school still has",
        .timeLimit(.minutes(5)),
        arguments: [
            "/v2/users", "/v2/courses", "/users", "/courses", "/progress", "/grades", "/responses", "/certificates",
            "/courses/course-3/users", "/certificates?course_id=course-2", "/courses/course-4/grades",
        ]
    )
    func emptyOrHalved(path: String) async throws {
        try await withSchool(SchoolOptions(school: Self.school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.faults.emptyLists = [path]
            await harness.sweep()
            try await harness.expectNothingLost("empty \(path)")
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test("that are halved for people are believed by nobody", .timeLimit(.minutes(5)))
    func halved() async throws {
        try await withSchool(SchoolOptions(school: Self.school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            for path in ["/v2/users", "/users/", "/courses/course-3/users", "/v2/courses"] {
                harness.simulator.advance(seconds: 4_000)
                harness.simulator.faults.halfLists = [path]
                await harness.sweep()
                try await harness.expectNothingLost("half \(path)")
                harness.simulator.resetFaults()
            }
        }
    }

    @Test("that shrink while they are read cost only what is gone", .timeLimit(.minutes(3)))
    func shrinking() async throws {
        try await withSchool(SchoolOptions(school: Self.school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.faults.pageSizeCaps = ["users": 20]
            harness.simulator.faults.shrinks = [ListShift(list: "users", afterPage: 2, times: 2)]
            let report = await harness.sweep()
            #expect(report.exitCode == 0, "\(report.story)")
            try await harness.expectNothingLost("shrinking users")
            // Who vanished behind the walk is found by the next one.
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test(
        "60 % of the learners gone at once are refused, with the numbers, and nothing is marked",
        .timeLimit(.minutes(3))
    )
    func massDeletion() async throws {
        try await withSchool(SchoolOptions(school: Self.school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            let gone = harness.simulator.change(ChangeRequest(seed: 3, count: 54, kinds: [.learnerDeleted]))
            #expect(gone.count == 54)
            harness.simulator.resetRequests(recent: 2_000)
            let report = await harness.sweep()
            #expect(report.exitCode == 1)
            #expect(report.sources[0].message?.contains("learners: 54 of 90 live rows") == true, "\(report.story)")
            #expect(try await harness.count("SELECT count(*) FROM lms.learners WHERE deleted_at IS NOT NULL") == 0)
            // Nobody is asked for one by one when the answer would not be believed.
            let asked = harness.simulator.requests.recent.filter { $0.contains("/v2/users/") && !$0.contains("?") }
            #expect(asked.isEmpty, "\(asked)")
            try await harness.expectNothingLost("mass deletion")
            let raised = harness.configured { $0.maxDeletionFraction = 1 }
            harness.simulator.advance(seconds: 4_000)
            #expect(await raised.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test(
        "a course that is closed or broken is on the ledger and in the exit code, and starves nobody",
        .timeLimit(.minutes(3))
    )
    func refusedCourse() async throws {
        try await withSchool(SchoolOptions(school: Self.school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.faults.statusForPath = [
                "/v2/courses/course-3/grades": 403, "/v2/courses/course-5/contents": 500,
            ]
            harness.simulator.change(
                ChangeRequest(
                    seed: 8,
                    count: 20,
                    kinds: LearnWorldsChange.silent.filter { $0 != .courseDeleted },
                    secondsBetween: 5
                )
            )
            let report = await harness.configured({ $0.maxDeletionFraction = 1 }).sweep()
            #expect(report.exitCode == 1 && report.sources[0].status == "partial", "\(report.story)")
            let parts = "SELECT stream || ' ' || partition || ' ' || outcome FROM sync.coverage"
            let unread = try await harness.sql(parts + " WHERE outcome NOT IN ('read', 'empty') ORDER BY 1")
            #expect(unread == [["assessments course-5 failed"], ["grades course-3 refused"]])
            let status = try await harness.service("status").status().sources[0]
            let grades = try #require(status.streams.first { $0.name == "grades" })
            #expect(grades.notRead.map(\.partition) == ["course-3"])
            #expect(grades.coverage["refused"] == 1)
            let others = try await harness.compareWithTruth(["learners", "enrollments", "progress", "certificates"])
            #expect(others.isEmpty, "\(others.map(\.description))")
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 90_000)
            #expect(await harness.configured({ $0.maxDeletionFraction = 1 }).sweep().exitCode == 0)
            try await expectTruth(harness)
            #expect(try await harness.sql(parts + " WHERE outcome NOT IN ('read', 'empty')").isEmpty)
        }
    }

    @Test("a sweep that was stopped goes on where it was when it is repeated with an age", .timeLimit(.minutes(3)))
    func goesOn() async throws {
        try await withSchool(SchoolOptions(school: Self.school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 90_000)
            #expect(await harness.sweep().exitCode == 0)
            harness.simulator.advance(seconds: 600)
            harness.simulator.resetRequests()
            let report = await harness.sweep(maxAge: .seconds(3_600))
            #expect(report.exitCode == 0)
            #expect(harness.simulator.requests.total == 3, "\(harness.servedRequests())")
        }
    }
}
