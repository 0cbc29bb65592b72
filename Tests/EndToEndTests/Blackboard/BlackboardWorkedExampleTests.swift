import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

/// The vendor's calculation of "Gradebook Columns and Grades": 10 courses, 10 columns and 10 students each. Column by column,
/// each asked for its last change and then for its grades, it comes to 231 requests.
@Suite("The vendor's worked example")
struct BlackboardWorkedExampleTests {
    private static let school = GeneratedBlackboardSchool.make(
        .init(
            terms: 1,
            courses: 10,
            learners: 40,
            membersPerCourse: 10,
            // Two calculated columns beside these.
            columnsPerCourse: 8,
            mergedShare: 0,
            disabledShare: 0,
            organizations: 0,
            coursesWithGuests: 0,
            anonymousColumns: 0
        ),
        seed: 231
    )

    private static func options(_ lines: [String]) -> SchoolOptions {
        SchoolOptions(blackboard: school, sourceLines: ["requests_per_day: 1000000"], optionLines: lines)
    }

    /// 1 for the release, 1 for the terms, 1 for the courses, 1 for the users; for each course 1 for its memberships, 1 for its
    /// columns, 1 for their categories, 10 for the grades, 1 for the review status.
    private static let baseline = 1 + 1 + 1 + 1 + 10 * (1 + 1 + 1 + 10 + 1)
    /// 1 for the courses, 1 for changed users, 1 for logins, and the memberships of each course.
    private static let idle = 1 + 1 + 1 + 10

    @Test(
        "takes 144 requests for a baseline and 13 for an idle cycle, in the plan and in the run",
        .timeLimit(.minutes(2))
    )
    func example() async throws {
        #expect((Self.baseline, Self.idle) == (144, 13))
        try await withSchool(Self.options(["disabled_memberships: listed"])) { harness in
            let plan = try #require(try await harness.service("plan").plan(sources: [], baseline: true).sources.first)
            #expect(plan.requests == Self.baseline)
            harness.simulator.resetRequests()
            #expect(await harness.baseline().exitCode == 0)
            #expect(harness.simulator.requests.total == Self.baseline, "\(harness.simulator.requests.routes)")
            #expect(try await harness.requestsOfLastRun().values.reduce(0, +) == Self.baseline)

            harness.simulator.advance(seconds: 900)
            let next = try #require(try await harness.service("plan").plan(sources: [], baseline: false).sources.first)
            #expect(next.requests == Self.idle)
            harness.simulator.resetRequests()
            #expect(await harness.sync().exitCode == 0)
            #expect(harness.simulator.requests.total == Self.idle, "\(harness.simulator.requests.routes)")
        }
    }

    @Test("takes 5 more where it is found out how the site lists disabled memberships", .timeLimit(.minutes(2)))
    func findingOut() async throws {
        try await withSchool(Self.options([])) { harness in
            let plan = try #require(try await harness.service("plan").plan(sources: [], baseline: true).sources.first)
            #expect(plan.requests == Self.baseline + 5)
            harness.simulator.resetRequests()
            #expect(await harness.baseline().exitCode == 0)
            #expect(harness.simulator.requests.total == Self.baseline + 5, "\(harness.simulator.requests.routes)")
        }
    }
}
