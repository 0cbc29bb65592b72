import Foundation
import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

/// A school that a plan is tried on.
struct PlannedSchool: Sendable, CustomTestStringConvertible {
    var kind: String
    var name: String
    var options: @Sendable (_ seed: UInt64) -> SchoolOptions

    var testDescription: String { "\(kind): \(name)" }

    private static func grow(_ kind: LearnWorldsProduct, _ name: String, _ shape: GeneratedSchool.Shape) -> Self {
        PlannedSchool(kind: kind.rawValue, name: name) {
            SchoolOptions(kind: kind, school: GeneratedSchool.make(shape, seed: $0))
        }
    }

    private static func blackboard(
        _ name: String,
        _ shape: GeneratedBlackboardSchool.Shape,
        hidesDisabled: Bool = false
    ) -> Self {
        PlannedSchool(kind: "blackboard", name: name) {
            var faults = BlackboardFaults()
            faults.hideDisabledMemberships = hidesDisabled
            return SchoolOptions(
                blackboard: GeneratedBlackboardSchool.make(shape, seed: $0),
                faults: faults,
                sourceLines: ["requests_per_day: 1000000"]
            )
        }
    }

    private static func matrix(_ name: String, _ shape: MatrixShape) -> Self {
        PlannedSchool(kind: "matrix", name: name) {
            SchoolOptions(matrix: GeneratedMatrixSchool.make(shape, seed: $0))
        }
    }

    static let all: [PlannedSchool] = [
        grow(.grow, "small", GeneratedSchool.Shape()),
        grow(
            .grow,
            "many courses, few of them used",
            GeneratedSchool.Shape(courses: 130, learners: 500, enrollmentsPerLearner: 1, neverActiveShare: 0.5)
        ),
        grow(
            .learnworlds,
            "large courses",
            GeneratedSchool.Shape(courses: 4, learners: 900, enrollmentsPerLearner: 2, gradesPerEnrollment: 2)
        ),
        blackboard("small", GeneratedBlackboardSchool.Shape()),
        blackboard(
            "more columns than learners",
            GeneratedBlackboardSchool.Shape(courses: 60, learners: 200, membersPerCourse: 12, columnsPerCourse: 14)
        ),
        blackboard(
            "large courses",
            GeneratedBlackboardSchool.Shape(courses: 70, learners: 900, membersPerCourse: 230, columnsPerCourse: 5)
        ),
        blackboard(
            "disabled memberships apart",
            GeneratedBlackboardSchool.Shape(courses: 36, columnsPerCourse: 5, disabledShare: 0.1),
            hidesDisabled: true
        ),
        matrix("small", MatrixShape()),
        matrix("many classes", MatrixShape(users: 700, classes: 150, learnersPerClass: 6, assignmentsPerClass: 2)),
        matrix(
            "many people",
            MatrixShape(users: 2_300, classes: 30, activeShare: 0.5, learnersPerClass: 90, assignmentsPerClass: 3)
        ),
    ]
}

@Suite("A plan says what a run will cost", .serialized)
struct PlanTests {
    private func plan(_ harness: SchoolHarness, baseline: Bool = false) async throws -> SourcePlan {
        let report = try await harness.service("plan").plan(sources: [], baseline: baseline)
        return try #require(report.sources.first)
    }

    private func story(_ plan: SourcePlan, _ actual: [String: Int]) -> String {
        let streams = plan.streams.map { "\($0.name) \($0.requests)\($0.isExact ? "" : "~")/\(actual[$0.name] ?? 0)" }
        let total = actual.values.reduce(0, +)
        return "planned \(plan.requests), made \(total), asked \(plan.spent): " + streams.joined(separator: ", ")
    }

    @Test("before a baseline, within 5 %, and to the call where totals are stated", arguments: PlannedSchool.all)
    func baseline(school: PlannedSchool) async throws {
        try await withSchool(school.options(61)) { harness in
            let before = try await harness.rowVersions()
            let plan = try await plan(harness)
            #expect(plan.mode == "baseline")
            #expect(plan.message == nil)
            #expect(plan.spent <= 150, "a plan is cheap")
            #expect(try await harness.rowVersions() == before)
            #expect(try await harness.count("SELECT count(*) FROM sync.runs") == 0)

            let report = await harness.baseline()
            #expect(report.exitCode == 0)
            let actual = try await harness.requestsOfLastRun()
            let made = actual.values.reduce(0, +)
            let story = story(plan, actual)
            print(school.testDescription, story)
            #expect(abs(plan.requests - made) * 20 <= made, "\(story)")
            for stream in plan.streams where stream.isExact {
                #expect(stream.requests == actual[stream.name] ?? 0, "\(stream.name): \(story)")
            }
            for stream in plan.streams where !stream.isExact { #expect(stream.reason?.isEmpty == false) }

            let again = try await self.plan(harness, baseline: true)
            print(school.testDescription, "again:", self.story(again, actual))
            #expect(abs(again.requests - made) * 20 <= made)
        }
    }

    @Test("to the call where the lists of all courses can be looked at", arguments: [false, true])
    func allCourses(withResponses: Bool) async throws {
        let school = GeneratedSchool.make(.init(courses: 60, learners: 300), seed: 64)
        var streams = [
            "courses", "course_units", "learners", "enrollments", "progress", "certificates", "grades", "events",
        ]
        if withResponses { streams.append("assessment_responses") }
        let line = "streams: [\(streams.joined(separator: ", "))]"
        try await withSchool(SchoolOptions(school: school, sourceLines: [line])) { harness in
            let plan = try await plan(harness)
            let estimated = plan.streams.filter { !$0.isExact }.map(\.name)
            #expect(estimated == (withResponses ? ["assessment_responses"] : []))
            #expect(await harness.baseline().exitCode == 0)
            let actual = try await harness.requestsOfLastRun()
            for stream in plan.streams where stream.isExact {
                #expect(stream.requests == actual[stream.name] ?? 0, "\(stream.name): \(story(plan, actual))")
            }
        }
    }

    @Test("of 10 courses among 500, before a baseline and before a sync", arguments: PlatformCase.all)
    func inScope(platform: PlatformCase) async throws {
        try await withSchool(ScopeTests.largeSchool(platform)) { whole in
            let harness = ScopeTests.scoped(whole, to: Array(ScopeTests.courses(whole).prefix(10)))
            let plan = try await plan(harness)
            #expect(await harness.baseline().exitCode == 0)
            let actual = try await harness.requestsOfLastRun()
            let made = actual.values.reduce(0, +)
            print(platform, story(plan, actual))
            #expect(abs(plan.requests - made) * 20 <= made, "\(story(plan, actual))")
            for stream in plan.streams where stream.isExact {
                #expect(stream.requests == actual[stream.name] ?? 0, "\(stream.name): \(story(plan, actual))")
            }

            harness.simulator.advance(seconds: 3_600)
            harness.simulator.change(ChangeRequest(seed: 640, count: 60, secondsBetween: 20))
            let next = try await self.plan(harness)
            #expect(await harness.sync().exitCode == 0)
            let spent = try await harness.requestsOfLastRun()
            let total = spent.values.reduce(0, +)
            print(platform, story(next, spent))
            #expect(abs(next.requests - total) * 4 <= total, "\(story(next, spent))")
        }
    }

    @Test("of some streams, with what they need besides", arguments: PlatformCase.all)
    func someStreams(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 67)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            for streams in [["learners"], ["courses"]] {
                harness.simulator.advance(seconds: 90_000)
                let report = try await harness.service("plan").plan(sources: [], streams: streams, baseline: false)
                let plan = try #require(report.sources.first)
                let whole = try await self.plan(harness)
                #expect(streams.allSatisfy { name in plan.streams.contains { $0.name == name } })
                #expect(await harness.sync(streams: streams).exitCode == 0)
                let actual = try await harness.requestsOfLastRun()
                for (name, made) in actual where made > 0 {
                    #expect(plan.streams.contains { $0.name == name && $0.requests > 0 }, "\(name): \(story(plan, actual))")
                }
                let total = actual.values.reduce(0, +)
                #expect(abs(plan.requests - total) * 4 <= max(total, 4), "\(story(plan, actual))")
                #expect(plan.requests <= whole.requests, "\(story(plan, actual))")
            }
            // A baseline of one stream costs what the stream and its parents cost.
            let all = try #require(try await harness.service("plan").plan(sources: [], baseline: true).sources.first)
            let some = try #require(
                try await harness.service("plan").plan(sources: [], streams: ["learners"], baseline: true).sources.first
            )
            #expect(some.requests > 0 && some.requests < all.requests)
        }
    }

    /// The largest schools are left to the baselines: a round of theirs takes long and tells no more.
    private static let living = PlannedSchool.all.filter { $0.name != "large courses" }

    @Test("before each of several syncs, within 25 %", arguments: living)
    func increments(school: PlannedSchool) async throws {
        try await withSchool(school.options(62)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            for round in 0..<TestScale.pick(3, long: 5) {
                let count = [0, 12, 40, 120, 25][round]
                harness.simulator.advance(seconds: [900, 3_600, 8 * 3_600, 86_400, 4_000][round])
                harness.simulator.change(ChangeRequest(seed: UInt64(700 + round), count: count, secondsBetween: 20))
                let before = try await harness.rowVersions()
                let plan = try await plan(harness)
                #expect(plan.mode == "incremental")
                #expect(try await harness.rowVersions() == before)
                #expect(await harness.sync().exitCode == 0)
                let actual = try await harness.requestsOfLastRun()
                let made = actual.values.reduce(0, +)
                let story = "round \(round), \(count) changes: \(story(plan, actual))"
                print(school.testDescription, story)
                #expect(abs(plan.requests - made) * 4 <= made, "\(story)")
                for stream in plan.streams where stream.isExact {
                    #expect(stream.requests == actual[stream.name] ?? 0, "\(stream.name): \(story)")
                }
            }
        }
    }

    @Test("and status shows it beside what the run has made, until a run goes without a plan")
    func besideTheRun() async throws {
        try await withSchool(SchoolOptions(school: GeneratedSchool.make(.init(courses: 4, learners: 30), seed: 63))) {
            harness in
            func lastRun() async throws -> ReportedRun {
                try #require(try await harness.service("status").status().sources.first?.lastRun)
            }
            let plan = try await plan(harness)
            #expect(await harness.baseline().exitCode == 0)
            let run = try await lastRun()
            let actual = try await harness.requestsOfLastRun()
            #expect(run.plannedRequests == Int64(plan.requests))
            #expect(run.requests == Int64(actual.values.reduce(0, +)))
            for stream in plan.streams where stream.requests > 0 {
                let shown = run.streams.first { $0.name == stream.name }
                #expect(shown?.planned == Int64(stream.requests), "\(stream.name)")
                #expect(shown?.requests == Int64(actual[stream.name] ?? 0), "\(stream.name)")
            }
            harness.simulator.advance(seconds: 900)
            #expect(await harness.sync().exitCode == 0)
            #expect(try await lastRun().plannedRequests == nil)
        }
    }
}
