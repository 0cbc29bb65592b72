import LMSSimulator
import Loader
import Platforms
import RegistrarTesting
import Sync
import Synchronization
import Testing

/// A parent that vanishes and is there again, by the changes of its platform's school.
struct Comeback: Sendable, CustomStringConvertible {
    let platform: PlatformCase
    let gone: ChangeKind
    let back: ChangeKind
    /// Its table.
    let table: String
    /// What has to happen before an increment hears of the return.
    var waking: [ChangeKind] = []
    var count = 2

    var description: String { "\(platform) \(back.rawValue)" }

    static let all: [Comeback] = [
        Comeback(platform: .grow, gone: .courseDeleted, back: .courseRestored, table: "courses"),
        Comeback(platform: .grow, gone: .learnerDeleted, back: .learnerRestored, table: "learners", count: 6),
        Comeback(platform: .grow, gone: .unenrollment, back: .reenrollment, table: "enrollments", count: 12),
        Comeback(platform: .learnWorlds, gone: .courseDeleted, back: .courseRestored, table: "courses"),
        Comeback(platform: .learnWorlds, gone: .learnerDeleted, back: .learnerRestored, table: "learners", count: 6),
        Comeback(
            platform: .blackboard,
            gone: .courseDeleted,
            back: .courseRestored,
            table: "courses",
            waking: [.courseEdited]
        ),
        Comeback(
            platform: .blackboard,
            gone: .learnerDeleted,
            back: .learnerRestored,
            table: "enrollments",
            waking: [.profileEdit],
            count: 6
        ),
        Comeback(
            platform: .blackboard,
            gone: .columnDeleted,
            back: .columnRestored,
            table: "assessments",
            waking: [.study],
            count: 4
        ),
        Comeback(platform: .matrix, gone: .courseDeleted, back: .courseUndeleted, table: "courses"),
        Comeback(platform: .matrix, gone: .learnerDeleted, back: .learnerRestored, table: "learners", count: 6),
    ]
}

/// Whatever was marked as deleted together with a parent comes back with it.
@Suite("A parent that was gone and is back", .serialized)
struct ReturnTests {
    private static let day = 90_000.0

    private static func marked(_ table: String) -> String {
        "SELECT count(*) FROM lms.\(table) WHERE deleted_at IS NOT NULL"
    }

    @Test(
        "brings with it, in one sync, everything that was marked together with it",
        .timeLimit(.minutes(5)),
        arguments: Comeback.all
    )
    func comesBackWhole(comeback: Comeback) async throws {
        let platform = comeback.platform
        try await withSchool(platform.school(.small, 901)) { harness in
            // Of so few courses one is a large part.
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: Self.day)
            let gone = harness.simulator.change(
                ChangeRequest(seed: 5, count: comeback.count, kinds: [comeback.gone], secondsBetween: 5)
            )
            #expect(!gone.isEmpty)
            harness.simulator.advance(seconds: Self.day)
            #expect(await harness.sweep().exitCode == 0)
            let before = try await harness.count(Self.marked(comeback.table))
            #expect(before > 0)
            try await expectTruth(harness)

            let back = harness.simulator.change(
                ChangeRequest(seed: 6, count: comeback.count, kinds: [comeback.back], secondsBetween: 5)
            )
            #expect(!back.isEmpty)
            if !comeback.waking.isEmpty {
                harness.simulator.change(
                    ChangeRequest(seed: 7, count: 120, kinds: comeback.waking, secondsBetween: 5)
                )
            }
            harness.simulator.advance(seconds: Self.day)
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(try await harness.count(Self.marked(comeback.table)) < before)
            try await expectTruth(harness, leavingOut: platform.lateColumns)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test(
        "has what hangs on it in the queue from the commit on that shows it",
        .timeLimit(.minutes(3)),
        arguments: [PlatformCase.grow, .learnWorlds]
    )
    func isQueuedWithItsCommit(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 902)) { harness in
            let harness = harness.configured {
                $0.maxDeletionFraction = 1
                $0.publishInterval = .zero
            }
            try await Self.loseCourse(harness)
            harness.simulator.change(ChangeRequest(seed: 6, count: 1, kinds: [.courseRestored]))
            harness.simulator.advance(seconds: 4_000)
            // Every state of the warehouse that a kill could leave behind.
            let states = Mutex<[String]>([])
            let watched = harness.watchingRequests { _, _ in
                let state = try? await harness.value(
                    """
                    SELECT (SELECT count(*) FROM lms.courses WHERE deleted_at IS NOT NULL) || ' '
                      || (SELECT count(*) FROM lms.enrollments e WHERE deleted_at IS NOT NULL AND NOT EXISTS (
                            SELECT FROM sync.pending p WHERE p.stream = 'enrollments' AND p.reason = 'whole'
                              AND p.partition = e.learner_id))
                    """
                )
                states.withLock { $0.append(state ?? "") }
            }
            #expect(await watched.sync().exitCode == 0)
            let seen = states.withLock { $0 }
            let torn = seen.filter { $0.hasPrefix("0 ") && $0 != "0 0" }
            #expect(seen.contains("0 0"), "no call was made after the course was back: \(Set(seen))")
            #expect(torn.isEmpty, "\(Set(torn))")
            try await expectTruth(harness, leavingOut: platform.lateColumns)
            #expect(try await harness.count("SELECT count(*) FROM sync.pending WHERE reason = 'whole'") == 0)
        }
    }

    @Test(
        "is read whole by whatever brings it back",
        .timeLimit(.minutes(3)),
        arguments: ["pull", "repair", "dry run", "baseline"]
    )
    func broughtBackBy(way: String) async throws {
        let platform = PlatformCase.grow
        try await withSchool(platform.school(.small, 903)) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            let course = try await Self.loseCourse(harness)
            harness.simulator.change(ChangeRequest(seed: 6, count: 1, kinds: [.courseRestored]))
            harness.simulator.advance(seconds: 4_000)
            switch way {
            case "pull":
                let report = await harness.pull(courses: [course])
                #expect(report.exitCode == 0, "\(report.story)")
                try await expectTruth(harness, leavingOut: platform.lateColumns)
            case "repair":
                // The comparison is about the list of courses alone.
                _ = try await harness.reconcile(streams: ["courses"], repair: true)
                #expect(try await harness.count(Self.marked("courses")) == 0)
                #expect(try await harness.count(Self.marked("enrollments")) > 0)
            case "baseline":
                #expect(await harness.baseline(streams: ["certificates"], restart: true).exitCode == 0)
                #expect(try await harness.count(Self.marked("courses")) == 0)
                #expect(try await harness.count(Self.marked("enrollments")) > 0)
            default:
                let versions = try await harness.rowVersions()
                harness.simulator.resetRequests()
                let report = await harness.service("sync").sync(sources: [], streams: [], dryRun: true)
                #expect(report.exitCode == 0, "\(report.story)")
                #expect((harness.simulator.requests.routes["enrollments"] ?? 0) > 0)
                #expect(try await harness.rowVersions().differing(from: versions) == [])
            }
            harness.simulator.advance(seconds: 4_000)
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            try await expectTruth(harness, leavingOut: platform.lateColumns)
        }
    }

    /// Loads the school, and has one of its courses vanish.
    @discardableResult
    private static func loseCourse(_ harness: SchoolHarness) async throws -> String {
        #expect(await harness.baseline().exitCode == 0)
        harness.simulator.advance(seconds: day)
        let gone = harness.simulator.change(ChangeRequest(seed: 5, count: 1, kinds: [.courseDeleted]))
        harness.simulator.advance(seconds: day)
        #expect(await harness.sync().exitCode == 0)
        #expect(try await harness.count(marked("courses")) == 1)
        #expect(try await harness.count(marked("enrollments")) > 3)
        return try #require(gone.first?.courseId)
    }
}
