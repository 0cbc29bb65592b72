import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("A school with manners of its own")
struct MannersTests {
    /// One way in which schools differ.
    struct Manner: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var sizes: [String: Int] = [:]
        /// Calls beyond the formula: answers that taught something.
        var extra = 0
        var change: @Sendable (inout Faults) -> Void

        init(
            _ name: String,
            sizes: [String: Int] = [:],
            extra: Int = 0,
            _ change: @escaping @Sendable (inout Faults) -> Void
        ) {
            (testDescription, self.sizes, self.extra, self.change) = (name, sizes, extra, change)
        }
    }

    private static let small = [
        "users": 7, "courses": 3, "roster": 5, "grades": 4, "responses": 3, "progress": 1, "certificates": 2,
        "enrollments": 1, "events": 11,
    ]
    private static let ignored = [
        "users": 20, "courses": 50, "roster": 20, "grades": 20, "responses": 20, "progress": 20, "certificates": 20,
        "enrollments": 50, "events": 50,
    ]

    static let manners = [
        Manner("no empty list is 404") { $0.emptyIs404 = "never" },
        Manner("every empty list is 404") { $0.emptyIs404 = "all" },
        Manner("past the end the last page repeats") { $0.pastTheEnd = "repeat" },
        Manner("past the end there is nothing") { $0.pastTheEnd = "empty" },
        Manner("pages are capped", sizes: small) { [small] in $0.pageSizeCaps = small },
        Manner("pages are capped, past the end mixed", sizes: small) { [small] in
            ($0.pageSizeCaps, $0.pastTheEnd) = (small, "mixed")
        },
        Manner("sizes are ignored", sizes: ignored) { $0.ignoreSizes = true },
        Manner("undocumented sizes are refused") { $0.undocumentedSizes = "reject" },
        Manner("totals count the page", sizes: small) { [small] in
            ($0.totalItemsIsPage, $0.pageSizeCaps) = (true, small)
        },
        Manner("titles are escaped twice") { $0.escapeTitles = 2 },
        Manner("tags are null") { $0.nullTags = true },
        Manner("errors have the other body") { $0.errorBody = "error" },
        Manner("unknown objects are 401") { $0.badIdIs401 = true },
        Manner("tokens are minted under v2, from JSON") { ($0.tokenPathUnderV2, $0.tokenBodies) = (true, ["json"]) },
        Manner("tokens die early") { $0.tokenDiesAfterCalls = 40 },
    ]

    @Test("is read whole, and followed", .timeLimit(.minutes(5)), arguments: manners)
    func isReadAndFollowed(manner: Manner) async throws {
        var faults = Faults()
        manner.change(&faults)
        let shape = GeneratedSchool.Shape(courses: 5, learners: 24, unlistedAssessments: 1, hasNullUnitIDs: true)
        let school = GeneratedSchool.make(shape, seed: 81)
        try await withSchool(SchoolOptions(kind: .learnworlds, school: school, faults: faults)) { harness in
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.sources.compactMap(\.message))")
            try await expectTruth(harness)
            if faults.tokenDiesAfterCalls == 0, !faults.totalItemsIsPage {
                let formula = RequestFormula(baselineOf: harness.simulator, sizes: manner.sizes)
                #expect(try await harness.requestsOfLastRun() == formula.byStream)
            }
            harness.simulator.change(ChangeRequest(seed: 810, count: 20, secondsBetween: 20, bulkSize: 6))
            harness.simulator.advance(seconds: 4_000)
            let second = await harness.sync()
            #expect(second.exitCode == 0, "\(second.sources.compactMap(\.message))")
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test(
        "may shift its lists while they are read",
        .timeLimit(.minutes(5)),
        arguments: ["users", "courses", "grades", "certificates", "events"]
    )
    func shifts(list: String) async throws {
        var faults = Faults()
        faults.pageSizeCaps = ["users": 9, "courses": 3, "grades": 4, "certificates": 2, "events": 20]
        faults.shifts = [ListShift(list: list, afterPage: 1, times: 1)]
        let school = GeneratedSchool.make(.init(courses: 8, learners: 40), seed: 82)
        try await withSchool(SchoolOptions(school: school, faults: faults)) { harness in
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.sources.compactMap(\.message))")
            #expect(harness.simulator.faults.shifts.map(\.times) == [0])
            // A row that arrived while its list was read is found by the second walk, which the count asks for.
            let tables = [
                "users": "learners", "courses": "courses", "grades": "grades", "certificates": "certificates",
            ]
            if let table = tables[list] {
                try await expectTruth(harness, [table], leavingOut: ["learners.last_login_at"])
            }
            harness.simulator.advance(seconds: 4_000)
            #expect(await harness.sync().exitCode == 0)
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
        }
    }

    @Test(
        "may state less on a later page than on an earlier one: such a list is walked again, and counts as unread where it stays so",
        .timeLimit(.minutes(5)),
        arguments: ["users", "courses", "grades", "certificates", "events"],
        [1, 3]
    )
    func shortTotals(list: String, times: Int) async throws {
        var faults = Faults()
        faults.pageSizeCaps = ["users": 9, "courses": 3, "grades": 4, "certificates": 2, "events": 20]
        faults.shortTotals = [ListShift(list: list, afterPage: 1, times: times)]
        let school = GeneratedSchool.make(.init(courses: 8, learners: 40), seed: 83)
        try await withSchool(SchoolOptions(school: school, faults: faults)) { harness in
            // Of lists of which there is one for each course, one at a time is hit.
            let harness = harness.configured { $0.concurrency = 1 }
            let report = await harness.baseline()
            #expect(harness.simulator.faults.shortTotals.map(\.times) == [0])
            #expect(report.exitCode == (times == 1 ? 0 : 1), "\(report.story)")
            if times > 1 { #expect(report.sources[0].message?.contains("changed while it was read") == true) }
            // What a part of the list has named is read, and what it has not waits for the next run.
            harness.simulator.advance(seconds: 4_000)
            let next = await harness.sync()
            #expect(next.exitCode == 0, "\(next.story)")
            try await expectTruth(harness, leavingOut: ["learners.last_login_at"])
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }
}
