import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

/// Rows that no list of the plan speaks of by itself: each scenario left something live that the school no longer had, or
/// missed something that it had.
@Suite("A full sweep of what no list speaks of")
struct StrayRowsTests {
    /// Schools so small that lists of a person or a course become empty.
    private static func school(
        courses: Int = 3,
        learners: Int = 8,
        enrollments: Double = 1,
        certificateShare: Double = 1,
        neverActiveShare: Double = 0,
        seed: UInt64
    ) -> School {
        GeneratedSchool.make(
            .init(
                courses: courses,
                learners: learners,
                enrollmentsPerLearner: enrollments,
                certificateShare: certificateShare,
                neverActiveShare: neverActiveShare,
                suspendedShare: 0,
                expiredShare: 0
            ),
            seed: seed
        )
    }

    private static let orphans = """
        SELECT count(*) FROM lms.progress p WHERE p.deleted_at IS NULL AND NOT EXISTS (
          SELECT FROM lms.learners l
          WHERE (l.source_id, l.learner_id) = (p.source_id, p.learner_id) AND l.deleted_at IS NULL)
        """

    /// Changes the school and lets time pass.
    @discardableResult
    private func change(
        _ harness: SchoolHarness,
        _ kinds: [ChangeKind],
        _ count: Int,
        seed: UInt64 = 1,
        seconds: Double = 4_000
    ) -> [ChangeRecord] {
        defer { harness.simulator.advance(seconds: seconds) }
        return harness.simulator.change(ChangeRequest(seed: seed, count: count, kinds: kinds, secondsBetween: 5))
    }

    @Test(
        "a learner who comes back and studies comes with the account, and vanishes with it again",
        .timeLimit(.minutes(2))
    )
    func comesBackAndGoes() async throws {
        try await withSchool(SchoolOptions(school: Self.school(seed: 21))) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            let gone = try #require(change(harness, [.learnerDeleted], 1).first?.learnerId)
            #expect(await harness.sweep().exitCode == 0)
            #expect(try await harness.count("SELECT count(*) FROM lms.learners WHERE deleted_at IS NULL") == 7)
            change(harness, [.learnerRestored], 1)
            let studied = change(harness, [.session], 40)
            #expect(studied.contains { $0.learnerId == gone })
            #expect(await harness.sync().exitCode == 0)
            #expect(try await harness.count("SELECT count(*) FROM lms.learners WHERE deleted_at IS NULL") == 8)
            #expect(try await harness.count(Self.orphans) == 0)
            var vanished: Set<String?> = []
            for seed in 1...7 where !vanished.contains(gone) {
                vanished.formUnion(change(harness, [.learnerDeleted], 1, seed: UInt64(seed)).map(\.learnerId))
            }
            #expect(vanished.contains(gone))
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test(
        "rows of somebody without an account here: the platform is asked for the account, once",
        .timeLimit(.minutes(2)),
        arguments: [false, true]
    )
    func withoutAccount(isThere: Bool) async throws {
        try await withSchool(SchoolOptions(school: Self.school(seed: 22))) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            let ids = try await harness.sql("SELECT learner_id FROM lms.learners ORDER BY 1").compactMap { $0[0] }
            // As a version of the service left it that pulled people without looking for their account.
            let stray =
                isThere
                ? ids[3] : try #require(change(harness, [.learnerDeleted], 1).first?.learnerId)
            try await harness.sql("UPDATE lms.learners SET deleted_at = now() WHERE learner_id = '\(stray)'")
            #expect(try await harness.count(Self.orphans) > 0)
            harness.simulator.resetRequests(recent: 2_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
            let asked = harness.simulator.requests.recent.filter { $0.hasSuffix("/v2/users/\(stray)") }
            // Who stands in the list of all accounts need not be asked for.
            #expect(asked.count == (isThere ? 0 : 1), "\(harness.simulator.requests.recent)")
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.resetRequests(recent: 2_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
            #expect(!harness.simulator.requests.recent.contains { $0.hasSuffix("/v2/users/\(stray)") })
        }
    }

    @Test("rows of somebody without an account anywhere stay while their own lists have them", .timeLimit(.minutes(2)))
    func withoutAccountButWithLists() async throws {
        let school = Self.school(courses: 5, learners: 12, enrollments: 4, certificateShare: 0.5, seed: 32)
        try await withSchool(SchoolOptions(school: school)) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            let ids = try await harness.sql("SELECT learner_id FROM lms.learners").compactMap { $0[0] }
            // A 404 of an account counts once the path has answered for one.
            change(harness, [.learnerDeleted], 1)
            #expect(await harness.sweep().exitCode == 0)
            try await harness.sql("UPDATE lms.learners SET deleted_at = now()")
            // Half of the accounts are in the list, none is there when asked for; people's own lists are halved, too.
            harness.simulator.faults.halfLists = ["/v2/users"]
            harness.simulator.faults.statusForPath = Dictionary(
                uniqueKeysWithValues: ids.map { ("/v2/users/\($0)", 404) }
            )
            harness.simulator.advance(seconds: 90_000)
            await harness.sweep()
            #expect(try await harness.count(Self.orphans) > 0)
            try await expectTruth(harness, ["enrollments", "progress", "unit_progress"])
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test("costs nothing where nothing changed", .timeLimit(.minutes(2)))
    func costsNothing() async throws {
        let school = GeneratedSchool.make(.init(courses: 8, learners: 60), seed: 33)
        try await withSchool(SchoolOptions(school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.resetRequests()
            #expect(await harness.sweep().exitCode == 0)
            let formula = RequestFormula(baselineOf: harness.simulator)
            let served = harness.servedRequests()
            for stream in ["learners", "enrollments", "progress"] {
                #expect(served[stream] == formula.byStream[stream], "\(stream): \(served)")
            }
        }
    }

    @Test("a completion that was set back and then lost with the only course", .timeLimit(.minutes(2)))
    func lastCompletion() async throws {
        try await withSchool(SchoolOptions(school: Self.school(courses: 1, learners: 4, seed: 23))) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            let completed = "SELECT count(*) FROM lms.progress WHERE deleted_at IS NULL AND status = 'completed'"
            #expect(try await harness.count(completed) == 4)
            change(harness, [.reset], 40)
            #expect(change(harness, [.unenrollment], 2).count == 2)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test(
        "the last learner of a course loses the only course",
        .timeLimit(.minutes(2)),
        arguments: [24, 25] as [UInt64],
        [0, 1]
    )
    func lastOnTheRoster(seed: UInt64, completed: Double) async throws {
        // Completions outlive the access, other progress goes with it.
        let school = Self.school(courses: 6, learners: 8, certificateShare: completed, seed: seed)
        try await withSchool(SchoolOptions(school: school)) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            #expect(change(harness, [.unenrollment], 6, seed: seed).count == 6)
            #expect(await harness.sweep().exitCode == 0)
            let emptied = """
                SELECT count(*) FROM lms.enrollments e WHERE deleted_at IS NOT NULL AND NOT EXISTS (
                  SELECT FROM lms.enrollments o WHERE o.deleted_at IS NULL
                    AND (o.course_id = e.course_id OR o.learner_id = e.learner_id))
                """
            try await expectTruth(harness)
            #expect(try await harness.count(emptied) > 0)
        }
    }

    @Test("an only course that is taken away and would have run out since", .timeLimit(.minutes(2)))
    func ranOutSince() async throws {
        let school = Self.school(courses: 2, learners: 6, certificateShare: 0, seed: 26)
        try await withSchool(SchoolOptions(school: school)) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            change(harness, [.expiryChanged], 6)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
            #expect(change(harness, [.unenrollment], 3).isEmpty == false)
            harness.simulator.advance(seconds: 200 * 86_400)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test("progress that goes while its enrollment stays, and comes back", .timeLimit(.minutes(2)))
    func progressAlone() async throws {
        let school = Self.school(courses: 1, learners: 4, certificateShare: 0.5, seed: 27)
        try await withSchool(SchoolOptions(school: school)) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            let rows = "SELECT count(*) FROM lms.progress WHERE deleted_at IS NULL"
            let learner = try #require(
                try await harness.value("SELECT min(learner_id) FROM lms.progress WHERE deleted_at IS NULL")
            )
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.faults.emptyLists = ["/v2/users/\(learner)/progress"]
            #expect(await harness.sweep().exitCode == 0)
            #expect(try await harness.count(rows) == 4)
            // The progress asked for by itself is not there either.
            harness.simulator.faults.statusForPath = ["/v2/users/\(learner)/courses/course-1/progress": 404]
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sweep().exitCode == 0)
            #expect(try await harness.count(rows) == 3)
            let units = "SELECT count(*) FROM lms.unit_progress WHERE deleted_at IS NULL AND learner_id = '\(learner)'"
            #expect(try await harness.count(units) == 0)
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sweep().exitCode == 0)
            try await expectTruth(harness)
        }
    }

    @Test(
        "who was only ever pulled on demand, or the rolling share",
        .timeLimit(.minutes(2)),
        arguments: [true, false]
    )
    func pulledOnDemand(isSwept: Bool) async throws {
        let options = SchoolOptions(
            school: Self.school(learners: 3, seed: 31),
            sourceLines: ["streams: [courses, learners, enrollments, progress]"],
            optionLines: ["active_max_age: 2d", "cold_max_age: 4d"]
        )
        try await withSchool(options) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let newcomers = change(harness, [.newLearner], 4).compactMap(\.learnerId)
            // Their enrollment is not in the log, and they never log in.
            harness.simulator.faults.lateEventsSeconds = 1e9
            change(harness, [.enrollment], 30)
            #expect(await harness.pull(learners: newcomers).exitCode == 0)
            let pulled = try await harness.sql("SELECT DISTINCT learner_id FROM lms.progress").compactMap { $0[0] }
            #expect(newcomers.contains { pulled.contains($0) })
            change(harness, [.markComplete], 60)
            if isSwept {
                #expect(await harness.sweep().exitCode == 0)
            } else {
                // The bound of the share, and the day until its turn comes.
                for _ in 0..<20 {
                    harness.simulator.advance(seconds: 21_600)
                    #expect(await harness.sync().exitCode == 0)
                }
            }
            try await expectTruth(harness)
        }
    }

    @Test("who logged in and was never read, of whom the log says nothing", .timeLimit(.minutes(2)))
    func neverRead() async throws {
        let lines = ["streams: [courses, learners, enrollments, progress]"]
        let options = SchoolOptions(school: Self.school(learners: 3, seed: 28), sourceLines: lines)
        try await withSchool(options) { harness in
            let harness = harness.configured { $0.maxDeletionFraction = 1 }
            #expect(await harness.baseline().exitCode == 0)
            change(harness, [.newLearner], 6)
            // The log lacks what they do: they get a course, complete it, and lose the access.
            harness.simulator.faults.lateEventsSeconds = 1e9
            change(harness, [.enrollment], 30)
            change(harness, [.markComplete], 60)
            change(harness, [.unenrollment], 22)
            harness.simulator.resetFaults()
            change(harness, [.login], 60)
            #expect(await harness.sweep().exitCode == 0)
            #expect(try await harness.count("SELECT count(DISTINCT learner_id) FROM lms.progress") > 3)
            try await expectTruth(harness)
        }
    }
}
