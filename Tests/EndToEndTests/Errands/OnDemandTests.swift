import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

@Suite("On demand")
struct OnDemandTests {
    /// What may happen without a sign and without anything being deleted.
    private static func quietChanges(of platform: PlatformCase) -> [ChangeKind] {
        switch platform.kind {
        case "blackboard":
            [.apiGrade, .override, .exemption, .study, .profileEdit, .submission, .regrade, .columnEdited]
        case "matrix": [.quietStudy, .quietRegrade, .profileEdit, .completion, .markComplete, .assignmentEdited]
        default:
            [
                .profileEdit, .regrade, .markComplete, .expiryChanged, .quietStudy, .suspension, .unitRetitled,
                .submission, .certificateReissued,
            ]
        }
    }

    /// A school in which a lot has changed since its baseline, and nobody has looked yet.
    private static func withChangedSchool(
        _ platform: PlatformCase,
        seed: UInt64,
        _ body: (SchoolHarness, [ChangeRecord]) async throws -> Void
    ) async throws {
        try await withSchool(platform.school(.small, seed)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 600)
            let done = harness.simulator.change(
                ChangeRequest(seed: seed, count: 60, kinds: quietChanges(of: platform), movesLastLogin: false)
            )
            harness.simulator.advance(seconds: 60)
            harness.simulator.resetRequests()
            try await body(harness, done)
        }
    }

    private static func mostFrequent(_ ids: [String]) -> [String] {
        let counts = ids.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    /// Differences that are about any of the ids.
    private static func differences(_ harness: SchoolHarness, about ids: Set<String>) async throws -> [String] {
        try await harness.compareWithTruth(limit: 10_000).filter { difference in
            difference.table != "events" && ids.contains { difference.key.contains("\"\($0)\"") }
        }.map(\.description)
    }

    /// What belongs to a course: itself, and what has an id of its own.
    private static func parts(of course: String, in harness: SchoolHarness) -> Set<String> {
        var ids: Set<String> = [course]
        for (table, id) in [
            ("assessments", "assessment_id"), ("certificates", "certificate_id"),
            ("assessment_responses", "response_id"),
        ] where harness.simulator.truthTables.contains(table) {
            let rows = TruthRows(harness.simulator, table).rows.filter { $0["course_id"] == course }
            ids.formUnion(rows.compactMap { $0[id] })
        }
        return ids
    }

    @Test(
        "one learner is current at once, and nothing else is read",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func learner(platform: PlatformCase) async throws {
        try await Self.withChangedSchool(platform, seed: 91) { harness, done in
            let learner = try #require(Self.mostFrequent(done.compactMap(\.learnerId)).first)
            #expect(try await !Self.differences(harness, about: [learner]).isEmpty, "there is something to find")
            let marks = try await harness.watermarkVersions()
            let report = await harness.pull(learners: [learner])
            #expect(report.exitCode == 0, "\(report.sources.first?.message ?? "")")
            #expect(report.sources.first?.mode == "incremental")
            #expect(try await Self.differences(harness, about: [learner]) == [])
            #expect(try await harness.watermarkVersions() == marks, "no watermark moves")
            try Self.expectLearnerCost(harness, platform, learner)
            // What follows from the rows that came early is not lost to the runs that come after.
            try await Self.expectCaughtUp(harness, platform)
        }
    }

    private static func expectLearnerCost(_ harness: SchoolHarness, _ platform: PlatformCase, _ learner: String) throws
    {
        let routes = harness.simulator.requests.routes
        let enrollments = TruthRows(harness.simulator, "enrollments").rows.filter { $0["learner_id"] == learner }
        let courses = Set(enrollments.compactMap { $0["parent_course_id"] ?? $0["course_id"] }).count
        switch platform.kind {
        case "blackboard":
            #expect(
                routes == [
                    "users_one": 1, "user_memberships": 1, "learner_grades": courses, "review_status": courses,
                ]
            )
        case "matrix":
            #expect(routes["get_users_with_ids"] == 1)
            #expect(routes["get_students_for_class"] == courses)
            #expect(routes["get_grades_for_class"] ?? 0 <= courses)
            #expect(routes["get_all_users"] == nil && routes["get_all_classes"] == nil)
            #expect(harness.simulator.requests.total <= 3 + 3 * courses)
        default:
            let fixed = ["user", "enrollments", "progress", "certificates"]
            #expect(fixed.allSatisfy { routes[$0] == 1 })
            let submissions = ["grades", "responses"]
            #expect(Set(routes.keys).isSubset(of: fixed + submissions))
            #expect(routes["grades"] ?? 0 <= courses)
        }
    }

    /// After the next runs everything is there, the results of those whose rows came early with it.
    private static func expectCaughtUp(_ harness: SchoolHarness, _ platform: PlatformCase) async throws {
        harness.simulator.advance(seconds: platform.settling)
        #expect(await harness.sweep().exitCode == 0)
        try await expectTruth(harness)
        #expect(try await harness.bookkeepingFaults() == [])
    }

    @Test(
        "one course is current at once, and nothing else is read",
        .timeLimit(.minutes(3)),
        arguments: PlatformCase.all
    )
    func course(platform: PlatformCase) async throws {
        try await Self.withChangedSchool(platform, seed: 92) { harness, done in
            let merged = Set(TruthRows(harness.simulator, "enrollments").rows.compactMap { $0["parent_course_id"] })
            let course = try #require(
                Self.mostFrequent(done.compactMap(\.courseId)).first { !merged.contains($0) }
            )
            let parts = Self.parts(of: course, in: harness)
            #expect(try await !Self.differences(harness, about: parts).isEmpty, "there is something to find")
            let marks = try await harness.watermarkVersions()
            let report = await harness.pull(courses: [course])
            #expect(report.exitCode == 0, "\(report.sources.first?.message ?? "")")
            #expect(try await Self.differences(harness, about: parts) == [])
            #expect(try await harness.watermarkVersions() == marks, "no watermark moves")
            let routes = harness.simulator.requests.routes
            #expect(
                ["users", "courses", "get_all_users", "get_all_classes", "events"].allSatisfy { routes[$0] == nil }
            )
            let members = Set(
                TruthRows(harness.simulator, "enrollments").rows.filter { $0["course_id"] == course }
                    .compactMap { $0["learner_id"] }
            ).count
            switch platform.kind {
            case "blackboard":
                #expect(routes["courses_one"] == 1 && routes["memberships"] == 1 && routes["columns"] == 1)
                #expect((routes["grades"] ?? 0) + (routes["learner_grades"] ?? 0) <= max(parts.count, members))
            case "matrix":
                #expect(harness.simulator.requests.total == 6, "its record, its four lists, its completions")
            default:
                #expect(routes["course"] == 1 && routes["contents"] == 1 && routes["roster"] == 1)
                #expect(routes["grades"] ?? 0 >= 1 && routes["certificates"] == 1)
                #expect(routes["progress"] == routes["enrollments"] && routes["progress"] ?? 0 >= members)
            }
            try await Self.expectCaughtUp(harness, platform)
        }
    }

    @Test("what the platform does not have is said, exit 1, and the rest is done", arguments: PlatformCase.all)
    func unknown(platform: PlatformCase) async throws {
        try await Self.withChangedSchool(platform, seed: 93) { harness, done in
            let learner = try #require(done.compactMap(\.learnerId).first)
            let nobody =
                platform.kind == "blackboard"
                ? "_999999_1" : platform.kind == "matrix" ? "999999999" : "65f0dead00000000beef0000"
            let report = await harness.pull(learners: [nobody, learner], courses: [nobody])
            #expect(report.exitCode == 1)
            let message = try #require(report.sources.first?.message)
            #expect(message.contains("no learner \(nobody), no course \(nobody)"), "\(message)")
            #expect(try await Self.differences(harness, about: [learner]) == [])
            #expect(try await harness.value("SELECT status FROM sync.runs ORDER BY run_id DESC LIMIT 1") == "partial")
        }
    }

    @Test("a dry run says what would change and writes nothing")
    func dryRun() async throws {
        try await Self.withChangedSchool(.grow, seed: 94) { harness, done in
            let learner = try #require(Self.mostFrequent(done.compactMap(\.learnerId)).first)
            let versions = try await harness.rowVersions()
            let report = await harness.pull(learners: [learner], dryRun: true)
            #expect(report.exitCode == 0)
            #expect(report.sources.first?.streams.contains { $0.rowsInserted + $0.rowsUpdated > 0 } == true)
            #expect(try await harness.rowVersions() == versions)
        }
    }

    @Test("of several sources those are asked that know the id; an id that none has is unknown")
    func severalSources() async throws {
        try await withSchool(PlatformCase.grow.school(.small, 95)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            var both = harness
            var other = harness.configuration.sources[0]
            other.id = "beta"
            both.configuration.sources.append(other)
            let known = try #require(TruthRows(harness.simulator, "learners").rows.first?["learner_id"])
            let first = await both.pull(learners: [known])
            #expect(first.exitCode == 0 && first.sources.map(\.id) == ["acme"], "beta is not asked for acme's learner")

            // A learner whom the warehouse does not know is looked for everywhere.
            harness.simulator.change(ChangeRequest(seed: 950, count: 1, kinds: [.newLearner]))
            let learners = Set(TruthRows(harness.simulator, "learners").rows.compactMap { $0["learner_id"] })
            let stored = Set(try await harness.sql("SELECT learner_id FROM lms.learners").compactMap { $0[0] })
            let new = try #require(learners.subtracting(stored).first)
            let second = await both.pull(learners: [new])
            #expect(second.exitCode == 0 && second.sources.map(\.id) == ["acme", "beta"])
            let third = await both.pull(learners: ["65f0dead00000000beef0000"])
            #expect(third.exitCode == 1 && third.sources.allSatisfy { $0.exitCode == 1 })
        }
    }
}
