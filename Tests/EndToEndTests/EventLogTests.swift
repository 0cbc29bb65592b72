import LMSSimulator
import RegistrarTesting
import Sync
import Testing

@Suite("The event log")
struct EventLogTests {
    /// One way a school's log may behave.
    struct Manner: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout Faults) -> Void

        init(_ name: String, _ change: @escaping @Sendable (inout Faults) -> Void) {
            (testDescription, self.change) = (name, change)
        }
    }

    static let manners = [
        Manner("late rows, inside the settle time") { $0.lateEventsSeconds = 90 },
        Manner("equal-time twins") { $0.twinEvents = true },
        Manner("stray commas") { $0.strayCommaActivities = true },
        Manner("bounds inclusive") { ($0.createdAfterInclusive, $0.createdBeforeInclusive) = (true, true) },
        Manner("lower bound inclusive, twins") { ($0.createdAfterInclusive, $0.twinEvents) = (true, true) },
        Manner("upper bound inclusive, late rows") {
            ($0.createdBeforeInclusive, $0.lateEventsSeconds) = (true, 90)
        },
        Manner("the other product's path") { $0.eventPath = "other" },
    ]

    @Test("is followed whatever its manners", .timeLimit(.minutes(5)), arguments: manners)
    func isFollowed(manner: Manner) async throws {
        var faults = Faults()
        manner.change(&faults)
        let school = GeneratedSchool.make(.init(courses: 6, learners: 40), seed: 51)
        try await withSchool(SchoolOptions(school: school, faults: faults)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            for round in 0..<3 {
                harness.simulator.change(
                    ChangeRequest(seed: 510 + UInt64(round), count: 15, secondsBetween: 7, bulkSize: 5)
                )
                // The first of these reads what the log shows at once, the others what it showed late.
                await harness.sync()
                harness.simulator.advance(seconds: 110)
                await harness.sync()
                harness.simulator.advance(seconds: 4_000)
                #expect(await harness.sync().exitCode == 0)
                try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
            }
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test("steers the increments even where its rows are not stored", .timeLimit(.minutes(5)))
    func steersWithoutBeingStored() async throws {
        let school = GeneratedSchool.make(.init(courses: 6, learners: 60), seed: 52)
        let streams =
            "streams: [courses, course_units, learners, enrollments, progress, certificates, assessments, grades]"
        try await withSchool(SchoolOptions(school: school, sourceLines: [streams])) { harness in
            let tables = harness.simulator.truthTables.filter { !["events", "assessment_responses"].contains($0) }
            #expect(await harness.baseline().exitCode == 0)
            #expect(harness.servedRequests()["events"] == nil, "the log of a stream that is off is not read")
            for round in 0..<3 {
                harness.simulator.change(
                    ChangeRequest(seed: 520 + UInt64(round), count: 15, secondsBetween: 7, bulkSize: 5)
                )
                await harness.sync()
                // Inside the overlap the same rows are seen again: nobody is read for them twice.
                harness.simulator.advance(seconds: 30)
                harness.simulator.resetRequests()
                await harness.sync()
                #expect(harness.servedRequests() == ["courses": 1, "events": 1, "learners": 1])
                harness.simulator.advance(seconds: 4_000)
                #expect(await harness.sync().exitCode == 0)
                try await expectTruth(harness, tables, leavingOut: ["learners.last_login_at"])
            }
            #expect(try await harness.count("SELECT count(*) FROM lms.events") == 0)
        }
    }

    @Test(
        "of yesterday is counted once a day, and read again only where late rows are missing",
        .timeLimit(.minutes(5))
    )
    func yesterdayIsCounted() async throws {
        let school = GeneratedSchool.make(.init(courses: 6, learners: 40), seed: 53)
        let visit = ChangeRequest(seed: 530, count: 3, kinds: [.visit])
        try await withSchool(SchoolOptions(school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.change(visit)
            await harness.sync()

            // 09:20 of the next day: everything of the day before is there, so one call shows it.
            harness.simulator.advance(seconds: 91_200)
            harness.simulator.resetRequests()
            await harness.sync()
            #expect(harness.servedRequests()["events"] == 2)
            harness.simulator.advance(seconds: 600)
            harness.simulator.resetRequests()
            await harness.sync()
            #expect(harness.servedRequests()["events"] == 1, "once a day is enough")

            // Rows of that day that show only hours later, when the window has gone on: from 09:30 until 17:50.
            harness.simulator.faults.lateEventsSeconds = 30_000
            harness.simulator.change(ChangeRequest(seed: 531, count: 3, kinds: [.unknownActivity]))
            harness.simulator.faults.lateEventsSeconds = 0
            harness.simulator.advance(seconds: 29_000)
            await harness.sync()
            harness.simulator.advance(seconds: 10_000)
            await harness.sync()
            let missing = try await harness.compareWithTruth(["events"])
            #expect(missing.count == 3, "20:20: the rows are there, and no window of the log reaches them")
            harness.simulator.advance(seconds: 15_000)
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
        }
    }

    @Test("is read in stretches that bring no row twice", .timeLimit(.minutes(5)), arguments: [false, true])
    func stretches(inclusive: Bool) async throws {
        var faults = Faults()
        (faults.createdAfterInclusive, faults.createdBeforeInclusive) = (inclusive, inclusive)
        let school = GeneratedSchool.make(.init(courses: 20, learners: 1_500), seed: 54)
        let options = SchoolOptions(school: school, faults: faults, sourceLines: ["streams: [events]"])
        try await withSchool(options) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let stored = try #require(try await harness.liveRows()["events"])
            #expect(stored > 10_000, "more than one stretch")
            try await expectTruth(harness, ["events"])
            let duplicates = "SELECT sum(rows_duplicate)::text FROM sync.run_streams WHERE stream = 'events'"
            #expect(try await harness.value(duplicates) == "0")
            // The whole log again, as an unsparing sweep reads it.
            #expect(await harness.sweep().exitCode == 0)
            #expect(try await harness.value(duplicates) == "0")
            #expect(try await harness.liveRows()["events"] == stored)
        }
    }

    @Test("loses nothing where more happens in one second than a stretch holds", .timeLimit(.minutes(3)))
    func crowdedSecond() async throws {
        let shape = GeneratedSchool.Shape(courses: 3, learners: 15_000, enrollmentsPerLearner: 0.1, neverActiveShare: 1)
        let school = GeneratedSchool.make(shape, seed: 56)
        try await withSchool(SchoolOptions(school: school, sourceLines: ["streams: [events]"])) { harness in
            #expect(await harness.baseline().exitCode == 0)
            let before = try #require(try await harness.liveRows()["events"])
            harness.simulator.change(
                ChangeRequest(seed: 560, count: 1, kinds: [.bulkEnrollment], bulkSize: 40_000)
            )
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sync().exitCode == 0)
            #expect(try #require(try await harness.liveRows()["events"]) > before + 10_000)
            try await expectTruth(harness, ["events"])
        }
    }

    @Test(
        "is walked again where a page states a smaller total than the one before, and moves no mark where it stays so",
        .timeLimit(.minutes(5)),
        arguments: [1, 2, 3]
    )
    func shortTotal(times: Int) async throws {
        let school = GeneratedSchool.make(.init(courses: 6, learners: 60), seed: 57)
        try await withSchool(SchoolOptions(school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.change(ChangeRequest(seed: 570, count: 200, secondsBetween: 7))
            harness.simulator.faults.shortTotals = [ListShift(list: "events", afterPage: 1, times: times)]
            harness.simulator.advance(seconds: 4_000)
            let stored = try #require(try await harness.liveRows()["events"])
            let report = await harness.sync()
            #expect(harness.simulator.faults.shortTotals.map(\.times) == [0], "the window has more pages")
            if times < 3 {
                #expect(report.exitCode == 0, "\(report.story)")
            } else {
                #expect(report.exitCode == 1, "\(report.story)")
                #expect(report.sources[0].status == "partial")
                #expect(report.sources[0].message?.contains("the list changed while it was read") == true)
                // The first page stands; what comes behind it is read by the next run.
                let short = try await harness.compareWithTruth(["events"])
                #expect(!short.isEmpty)
                #expect(try #require(try await harness.liveRows()["events"]) > stored)
                harness.simulator.advance(seconds: 60)
                #expect(await harness.sync().exitCode == 0)
            }
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
        }
    }

    @Test(
        "loses rows that a moving page had brought twice, the next day",
        .timeLimit(.minutes(3)),
        arguments: [false, true]
    )
    func surplus(hasTwins: Bool) async throws {
        let school = GeneratedSchool.make(.init(courses: 6, learners: 60), seed: 58)
        try await withSchool(SchoolOptions(school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            harness.simulator.faults.twinEvents = hasTwins
            harness.simulator.change(ChangeRequest(seed: 580, count: 120, secondsBetween: 7))
            harness.simulator.faults.twinEvents = false
            harness.simulator.faults.repeats = [ListShift(list: "events", afterPage: 1)]
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sync().exitCode == 0)
            #expect(harness.simulator.faults.repeats.map(\.times) == [0], "the window has a second page")
            #expect(try await harness.liveRows()["events"] == harness.simulator.truthCount("events") + 1)
            harness.simulator.advance(seconds: 90_000)
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness, ["events"])
        }
    }

    @Test("is read whole by a full sweep of all streams, and not by one of others", .timeLimit(.minutes(3)))
    func sweepOfOthers() async throws {
        let school = GeneratedSchool.make(.init(courses: 6, learners: 60), seed: 59)
        try await withSchool(SchoolOptions(school: school)) { harness in
            #expect(await harness.baseline().exitCode == 0)
            for streams in [["learners"], ["courses"], ["grades"]] {
                harness.simulator.advance(seconds: 4_000)
                harness.simulator.resetRequests()
                let report = await harness.sweep(streams: streams)
                #expect(report.exitCode == 0, "\(report.story)")
                #expect(harness.servedRequests()["events"] == 1, "\(streams): the window since the last run")
            }
            harness.simulator.advance(seconds: 4_000)
            harness.simulator.resetRequests()
            #expect(await harness.sweep(streams: ["events"]).exitCode == 0)
            #expect((harness.servedRequests()["events"] ?? 0) > 5)
        }
    }

    @Test("gets its index by learner when a first baseline has filled it, or from the next run")
    func indexIsLate() async throws {
        let school = GeneratedSchool.make(.init(courses: 4, learners: 20), seed: 55)
        try await withSchool(SchoolOptions(school: school)) { harness in
            let index = "SELECT (to_regclass('lms.events_by_learner') IS NOT NULL)::text"
            #expect(try await harness.value(index) == "false")
            #expect(await harness.baseline().exitCode == 0)
            #expect(try await harness.value(index) == "true")
            // As where the baseline was cut off just before its end.
            _ = try await harness.sql("DROP INDEX lms.events_by_learner")
            #expect(await harness.sync().exitCode == 0)
            #expect(try await harness.value(index) == "true")
        }
    }
}
