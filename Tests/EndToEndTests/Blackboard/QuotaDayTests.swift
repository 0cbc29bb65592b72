import Extractor
import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

@Suite("A Blackboard Learn site with a day's quota", .serialized)
struct QuotaDayTests {
    /// The gate's site has a quarter of the courses and of the quota: what a course costs is the same.
    private static let share = TestScale.pick(4, long: 1)
    private static let quota = 10_000 / share
    private static let shape = GeneratedBlackboardSchool.Shape(
        courses: 500 / share,
        learners: 2_000 / share,
        membersPerCourse: 40,
        columnsPerCourse: 20,
        mergedShare: 0.05,
        gradedShare: 0.5
    )

    @Test(
        "of many courses, 40 learners and 20 columns each, is loaded over two days, and a day's changes cost what the guide says",
        .timeLimit(.minutes(30))
    )
    func days() async throws {
        let options = SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(Self.shape, seed: 81),
            sourceLines: ["requests_per_day: \(Self.quota)"]
        )
        try await withSchool(options) { harness in
            try harness.simulator.setFaults(json: Array(#"{"quota_limit": \#(Self.quota)}"#.utf8))
            let time = LeapingTime()
            var harness = harness
            harness.parts.time = time
            harness.parts.limiters = RateLimiterRegistry()
            func passDay() {
                harness.simulator.advance(seconds: 86_400 + 120)
                time.leap(by: .seconds(86_400 + 120))
            }
            let formula = BlackboardFormula(harness.simulator).baseline.values.reduce(0, +)
            #expect(formula > Self.quota, "the site needs more than a day")

            let first = await harness.baseline()
            #expect(first.exitCode == 75, "\(first.story)")
            #expect(first.sources.first?.status == "partial")
            let firstDay = harness.simulator.requests
            #expect(firstDay.total + firstDay.token <= Self.quota * 9 / 10 + 4, "the reserve is left to others")
            #expect(firstDay.total > Self.quota * 85 / 100)
            #expect(await harness.baseline().exitCode == 75)
            #expect(harness.simulator.requests.total == firstDay.total, "no call before the day is over")
            #expect(firstDay.failures["429"] == nil)

            passDay()
            let second = await harness.baseline()
            #expect(second.exitCode == 0, "\(second.story)")
            try await expectTruth(harness)
            let total = harness.simulator.requests.total
            #expect(total <= formula + formula / 100, "\(total) calls, \(formula) by the formula")

            passDay()
            try await changes(harness, passDay)
        }
    }

    /// A day in which one grade of a hundred changes, and the sync after it.
    private func changes(_ harness: SchoolHarness, _ passDay: () -> Void) async throws {
        let grades = harness.simulator.truthCount("grades")
        let made = harness.simulator.change(
            ChangeRequest(seed: 82, count: grades / 100, kinds: [.regrade], secondsBetween: 0.5)
        )
        #expect(made.count >= grades / 110)
        harness.simulator.resetRequests()
        let report = await harness.sync()
        #expect(report.exitCode == 0, "\(report.story)")
        let spent = harness.simulator.requests.total
        let bound = Self.bound(harness.simulator, made)
        let naive = Self.everyColumn(harness.simulator)
        print(
            "\(made.count) of \(grades) grades changed in \(Set(made.compactMap(\.courseId)).count) courses:",
            "\(spent) calls, at most \(bound) by the formula, \(naive) to read every column"
        )
        #expect(spent <= min(bound, Self.quota * 9 / 10))
        #expect(spent < naive)
        // What the day's quota left for later comes the next day.
        passDay()
        #expect(await harness.sync().exitCode == 0)
        try await expectTruth(harness)
    }

    /// The formula of Sources/Platforms/Blackboard/README.md §5:
    /// `⌈Cm/100⌉⁺ + ⌈Um/100⌉⁺ + ⌈Ul/100⌉⁺ + Σlive + Σactive(1 + cal + h + 1) + S`.
    ///
    /// A column is hot that is due soon or was lately; where another one changed, its course is read whole (step 4).
    private static func bound(_ simulator: Simulator, _ changes: [ChangeRecord]) -> Int {
        let day: Double = 86_400
        let now = simulator.now.seconds
        let columns = TruthRows(simulator, "assessments").rows
        func isHot(_ column: [String: String]) -> Bool {
            guard let due = column["due_at"].flatMap(Double.init) else { return false }
            return (now - 14 * day...now + 7 * day).contains(due / 1_000_000)
        }
        let byCourse = Dictionary(grouping: columns) { $0["course_id"] ?? "" }
        let parents = Dictionary(
            TruthRows(simulator, "courses").rows.compactMap { row in
                row["parent_course_id"].flatMap { parent in row["course_id"].map { ($0, parent) } }
            }
        ) { first, _ in first }
        let live = TruthRows(simulator, "courses").rows.count { $0["parent_course_id"] == nil }
        let changed = Dictionary(grouping: changes) { change in
            let course = change.courseId ?? ""
            return parents[course] ?? course
        }
        let active = changed.reduce(0) { sum, entry in
            let columns = byCourse[entry.key] ?? []
            let own = columns.filter { $0["grading"] != "calculated" }
            let hot = own.count(where: isHot)
            let changedColumns = Set(entry.value.compactMap(\.unitId))
            let isExplained = own.filter { changedColumns.contains($0["assessment_id"] ?? "") }.allSatisfy(isHot)
            return sum + 2 + (columns.count - own.count) + (isExplained ? hot : own.count)
        }
        let accounts = (changed.count + 99) / 100 + 2
        // The share of a day of columns with a bound of three.
        return 3 + accounts + live + active + columns.count / 3 + live / 3
    }

    /// What it costs to read every column of every course again.
    private static func everyColumn(_ simulator: Simulator) -> Int {
        let courses = TruthRows(simulator, "courses").rows.count { $0["parent_course_id"] == nil }
        return 3 + 3 * courses + TruthRows(simulator, "assessments").rows.count
    }
}
