import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

/// How a warehouse comes to hear of what is gone and of what is back.
private enum Way: String, CaseIterable {
    case increment, sweep, repair

    func run(_ harness: SchoolHarness) async throws {
        switch self {
        case .increment:
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
        case .sweep:
            let report = await harness.sweep()
            #expect(report.exitCode == 0, "\(report.story)")
        case .repair: _ = try await harness.reconcile(full: true, repair: true)
        }
    }
}

/// What vanishes and comes back.
enum BlackboardLoss: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case accounts
    case mergedCourses

    var gone: ChangeKind { self == .accounts ? .learnerDeleted : .mergedCourseDeleted }
    var back: ChangeKind { self == .accounts ? .learnerRestored : .courseRestored }
    var table: String { self == .accounts ? "learners" : "courses" }
    var testDescription: String { self == .accounts ? "accounts" : "courses with merged courses" }
}

@Suite("A Blackboard account or course that is gone and back")
struct BlackboardReturnTests {
    /// Longer than the age at which an increment reads everything whole, so that it meets all that is gone.
    private static let longTime = 3_000_000.0

    private static func options(seed: UInt64) -> SchoolOptions {
        SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(
                .init(courses: 8, learners: 60, membersPerCourse: 12, columnsPerCourse: 6, mergedShare: 0.5),
                seed: seed
            ),
            sourceLines: [
                "requests_per_day: 1000000",
                "streams: [terms, courses, learners, enrollments, assessments, grades, progress, assessment_responses]",
            ]
        )
    }

    /// The rows that are marked as deleted, by table, each by its key.
    private static func deletedRows(_ harness: SchoolHarness) async throws -> [String: Set<String>] {
        let keys = [
            "courses": "course_id", "learners": "learner_id", "assessments": "assessment_id",
            "enrollments": "course_id || ' ' || learner_id", "progress": "course_id || ' ' || learner_id",
            "grades": "course_id || ' ' || learner_id || ' ' || assessment_id",
            "assessment_responses": "learner_id || ' ' || response_id",
        ]
        var rows: [String: Set<String>] = [:]
        for (table, key) in keys {
            let found = try await harness.sql("SELECT \(key) FROM lms.\(table) WHERE deleted_at IS NOT NULL")
            rows[table] = Set(found.compactMap { $0[0] })
        }
        return rows
    }

    @Test(
        "takes the same rows along and brings them back, by an increment, a sweep or a repair",
        .timeLimit(.minutes(5)),
        arguments: BlackboardLoss.allCases
    )
    func sameForAll(loss: BlackboardLoss) async throws {
        var (gone, left): ([Way: [String: Set<String>]], [Way: [String: Set<String>]]) = ([:], [:])
        for way in Way.allCases {
            try await withSchool(Self.options(seed: 17)) { harness in
                let harness = harness.configured { $0.maxDeletionFraction = 1 }
                #expect(await harness.baseline().exitCode == 0)
                let before = try await harness.liveRows()
                harness.simulator.advance(seconds: 4_000)
                let made = harness.simulator.change(
                    ChangeRequest(seed: 5, count: loss == .accounts ? 6 : 2, kinds: [loss.gone])
                )
                #expect(!made.isEmpty)
                harness.simulator.advance(seconds: Self.longTime)
                try await way.run(harness)
                try await expectTruth(harness, leavingOut: ["grades.submitted_at"])
                gone[way] = try await Self.deletedRows(harness)

                #expect(!harness.simulator.change(ChangeRequest(seed: 6, count: 12, kinds: [loss.back])).isEmpty)
                harness.simulator.advance(seconds: Self.longTime)
                try await way.run(harness)
                // What a repair has queued is read by the next run.
                if way == .repair { #expect(await harness.sync().exitCode == 0) }
                try await expectTruth(harness, leavingOut: ["grades.submitted_at"])
                left[way] = try await Self.deletedRows(harness)
                let after = try await harness.liveRows()
                let lost = before.filter { $0.key != "grades" && after[$0.key, default: 0] < $0.value }
                #expect(lost.isEmpty, "\(way): \(lost) \(after)")
            }
        }
        for table in [loss.table, "enrollments", "progress", "grades", "assessment_responses"] {
            #expect(gone[.sweep]?[table]?.isEmpty == false, "no row of \(table) was marked")
            #expect(gone[.increment]?[table] == gone[.sweep]?[table], "\(table)")
            #expect(gone[.repair]?[table] == gone[.sweep]?[table], "\(table)")
            #expect(left[.increment]?[table] == left[.sweep]?[table], "\(table)")
            #expect(left[.repair]?[table] == left[.sweep]?[table], "\(table)")
        }
    }

    @Test(
        "that is only hidden, as an administrator's is, keeps its memberships and grades",
        .timeLimit(.minutes(3)),
        arguments: ["increment", "sweep", "repair"]
    )
    func hidden(way: String) async throws {
        try await withSchool(Self.options(seed: 18)) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            #expect(!harness.simulator.change(ChangeRequest(seed: 7, count: 1, kinds: [.learnerHidden])).isEmpty)
            harness.simulator.advance(seconds: Self.longTime)
            try await Way(rawValue: way)?.run(harness)
            #expect(try await harness.count("SELECT count(*) FROM lms.learners WHERE deleted_at IS NOT NULL") == 1)
            #expect(try await harness.count("SELECT count(*) FROM lms.enrollments WHERE deleted_at IS NOT NULL") == 0)
            try await expectTruth(harness, leavingOut: ["grades.submitted_at"])
        }
    }
}
