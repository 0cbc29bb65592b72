import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

@Suite("A scope of courses")
struct ScopeTests {
    /// A school of 500 courses, by kind.
    static func largeSchool(_ platform: PlatformCase) -> SchoolOptions {
        switch platform.kind {
        case "blackboard":
            SchoolOptions(
                blackboard: GeneratedBlackboardSchool.make(
                    .init(courses: 500, learners: 200, membersPerCourse: 5, columnsPerCourse: 4),
                    seed: 101
                ),
                sourceLines: ["requests_per_day: 1000000"]
            )
        case "matrix":
            SchoolOptions(
                matrix: GeneratedMatrixSchool.make(
                    MatrixShape(users: 200, classes: 500, learnersPerClass: 4, assignmentsPerClass: 2),
                    seed: 101
                )
            )
        default:
            SchoolOptions(
                kind: platform.kind == "grow" ? .grow : .learnworlds,
                school: GeneratedSchool.make(.init(courses: 500, learners: 400, expiredShare: 0), seed: 101)
            )
        }
    }

    private static func smallSchool(_ platform: PlatformCase) -> SchoolOptions {
        guard ["grow", "learnworlds"].contains(platform.kind) else { return platform.school(.small, 102) }
        return SchoolOptions(
            kind: platform.kind == "grow" ? .grow : .learnworlds,
            school: GeneratedSchool.make(.init(courses: 9, learners: 60, expiredShare: 0), seed: 102)
        )
    }

    /// Courses with people in them that are nobody's child.
    static func courses(_ harness: SchoolHarness) -> [String] {
        let people = TruthRows(harness.simulator, "enrollments").counts(by: "course_id")
        return TruthRows(harness.simulator, "courses").rows
            .filter { $0["parent_course_id"] == nil && people[$0["course_id"] ?? ""] != nil }
            .compactMap { $0["course_id"] }.sorted()
    }

    /// The courses with those merged into them.
    private static func families(_ ids: [String], _ harness: SchoolHarness) -> Set<String> {
        let children = TruthRows(harness.simulator, "courses").rows.filter { row in
            harness.configuration.sources[0].kind == "blackboard" && ids.contains(row["parent_course_id"] ?? "")
        }
        return Set(ids).union(children.compactMap { $0["course_id"] })
    }

    static func scoped(_ harness: SchoolHarness, to ids: [String]?) -> SchoolHarness {
        harness.configured { $0.scope = CourseScope(include: ids) }
    }

    /// Where the warehouse is not the school's part in scope: all of its people, and of the courses these.
    private static func faults(
        _ harness: SchoolHarness,
        _ ids: Set<String>,
        late: Set<String> = []
    ) async throws -> [String] {
        let wholeTables: Set<String> = ["learners", "events", "terms", "organizations"]
        return try await harness.compareWithTruth(leavingOut: late, limit: 100_000).filter { difference in
            guard !wholeTables.contains(difference.table), difference.column == nil, let row = difference.truth else {
                return true
            }
            return ids.contains { row.contains("\"course_id\": \"\($0)\"") }
        }.map(\.description)
    }

    /// The courses that requests have named.
    private static func named(_ harness: SchoolHarness, among courses: Set<String>) -> Set<String> {
        Set(
            harness.simulator.requests.recent.flatMap { line in
                line.split { "/?&= ".contains($0) }.map(String.init)
            }
        ).intersection(courses)
    }

    @Test(
        "of 10 courses among 500 costs what those 10 cost, beside the lists of the whole school",
        .timeLimit(.minutes(5)),
        arguments: PlatformCase.all
    )
    func tenOfFiveHundred(platform: PlatformCase) async throws {
        try await withSchool(Self.largeSchool(platform)) { whole in
            let ids = Array(Self.courses(whole).prefix(10))
            let harness = Self.scoped(whole, to: ids)
            let all = Set(TruthRows(harness.simulator, "courses").rows.compactMap { $0["course_id"] })
            let family = Self.families(ids, harness)
            let late = platform.lateColumns
            harness.simulator.resetRequests(recent: 20_000)
            let report = await harness.baseline()
            #expect(report.exitCode == 0, "\(report.sources.first?.message ?? "")")
            let faults = try await Self.faults(harness, family)
            #expect(faults == [])
            #expect(Self.named(harness, among: all).subtracting(ids) == [], "no other course is asked for")
            Self.expectBaselineCost(harness, platform, ids)

            harness.simulator.advance(seconds: 120)
            harness.simulator.resetRequests(recent: 20_000)
            #expect(await harness.sync().exitCode == 0)
            Self.expectIdleCost(harness, platform, ids)

            // The school goes on living, in all of its courses.
            harness.simulator.change(ChangeRequest(seed: 1_010, count: 40, movesLastLogin: false))
            harness.simulator.advance(seconds: platform.settling)
            harness.simulator.resetRequests(recent: 20_000)
            #expect(await harness.sync().exitCode == 0)
            let after = Self.families(ids, harness)
            #expect(try await Self.faults(harness, after, late: late) == [])
            #expect(Self.named(harness, among: all).subtracting(after) == [])

            harness.simulator.resetRequests(recent: 20_000)
            #expect(await harness.sweep().exitCode == 0)
            #expect(try await Self.faults(harness, after) == [])
            #expect(Self.named(harness, among: all).subtracting(after) == [])
        }
    }

    private static func expectBaselineCost(_ harness: SchoolHarness, _ platform: PlatformCase, _ ids: [String]) {
        let routes = harness.simulator.requests.routes
        let enrollments = TruthRows(harness.simulator, "enrollments").rows.filter { row in
            ids.contains(row["parent_course_id"] ?? row["course_id"] ?? "")
        }
        let people = Set(enrollments.compactMap { $0["learner_id"] }).count
        switch platform.kind {
        case "blackboard":
            let lists = ["columns", "categories", "review_status"]
            #expect(lists.allSatisfy { routes[$0] == ids.count })
            // The first five are asked once more, to see whether disabled memberships are apart.
            #expect((ids.count...ids.count + 5).contains(routes["memberships"] ?? 0))
            let cells = Self.rows(harness, "assessments", of: ids)
            #expect((routes["grades"] ?? 0) + (routes["learner_grades"] ?? 0) <= min(cells, enrollments.count))
        case "matrix":
            let lists = ["get_students_for_class", "get_teachers_for_class", "get_assignments_for_class"]
            #expect(lists.allSatisfy { routes[$0] == ids.count })
            #expect(routes["get_grades_for_class"] ?? 0 <= ids.count)
            #expect(routes["get_all_class_completions"] ?? 0 <= ids.count)
        default:
            #expect(["contents", "roster", "grades", "certificates"].allSatisfy { routes[$0] == ids.count })
            #expect(routes["enrollments"] == people && routes["progress"] == people)
            #expect(routes["courses"] == 5 && routes["users"] == 2)
            #expect(routes["responses"] ?? 0 <= Self.rows(harness, "assessments", of: ids))
        }
    }

    private static func rows(_ harness: SchoolHarness, _ table: String, of ids: [String]) -> Int {
        TruthRows(harness.simulator, table).rows.count { ids.contains($0["course_id"] ?? "") }
    }

    private static func expectIdleCost(_ harness: SchoolHarness, _ platform: PlatformCase, _ ids: [String]) {
        let calls = harness.simulator.requests
        switch platform.kind {
        case "blackboard":
            #expect(calls.routes["memberships"] ?? 0 <= ids.count)
            #expect(calls.total - (calls.routes["memberships"] ?? 0) == 3, "courses, accounts, logins")
        case "matrix":
            let users = MatrixFormula(harness.simulator)
            #expect(calls.total == users.idle, "the walks of users and active classes")
        default: #expect(calls.routes == ["courses": 5, "events": 1, "users": 1])
        }
    }

    @Test(
        "that changes: what comes in is loaded by the next sync, what goes out stays as it is",
        .timeLimit(.minutes(5)),
        arguments: PlatformCase.all
    )
    func changes(platform: PlatformCase) async throws {
        try await withSchool(Self.smallSchool(platform)) { whole in
            let ids = Self.courses(whole)
            let (first, second) = (Array(ids.prefix(4)), Array(ids.dropFirst(2).prefix(4)))
            let left = Array(Self.families(Array(ids.prefix(2)), whole))
            #expect(await Self.scoped(whole, to: first).baseline().exitCode == 0)
            #expect(try await Self.faults(whole, Self.families(first, whole)) == [])
            whole.simulator.advance(seconds: 3_600)

            let harness = Self.scoped(whole, to: second)
            let before = try await Self.print(whole, of: left)
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.sources.first?.message ?? "")")
            let missing = try await Self.missing(harness, Self.families(second, whole))
            #expect(missing.isEmpty, "\(missing.prefix(5).joined(separator: "\n"))")

            // What happens in a course that has left is not read, and its rows are not taken for gone.
            whole.simulator.change(ChangeRequest(seed: 1_020, count: 30, kinds: Self.lively(platform)))
            whole.simulator.advance(seconds: platform.settling)
            #expect(await harness.sync().exitCode == 0)
            let swept = await harness.sweep()
            #expect(swept.exitCode == 0, "\(swept.sources.first?.message ?? "")")
            #expect(try await Self.print(whole, of: left) == before)
            let late = try await Self.missing(harness, Self.families(second, whole))
            #expect(late.isEmpty, "\(late.prefix(5).joined(separator: "\n"))")

            // Without a scope everything is loaded.
            let open = Self.scoped(whole, to: nil)
            whole.simulator.advance(seconds: 60)
            #expect(await open.sync().exitCode == 0)
            #expect(await open.sweep().exitCode == 0)
            try await expectTruth(open)
            whole.simulator.advance(seconds: 60)
            let versions = try await open.rowVersions()
            #expect(await open.sync().exitCode == 0)
            #expect(try await open.rowVersions() == versions)
        }
    }

    private static func lively(_ platform: PlatformCase) -> [ChangeKind] {
        platform.kind == "blackboard" || platform.kind == "matrix"
            ? [.study, .submission, .regrade] : [.visit, .submission, .completion]
    }

    /// A fingerprint of what is stored of some courses, local passes left out.
    private static func print(_ harness: SchoolHarness, of courses: [String]) async throws -> [String] {
        var prints: [String] = []
        for table in ["courses", "enrollments", "progress", "grades", "assessments"] {
            let list = courses.map { "'\($0)'" }.joined(separator: ",")
            prints.append(
                try await harness.value(
                    """
                    SELECT '\(table) ' || count(*) || ' ' || count(deleted_at) || ' ' || coalesce(sum(hashtextextended(
                      (to_jsonb(t) - '{status,updated_at,run_id}'::text[])::text, 0)::numeric), 0)
                    FROM lms.\(table) t WHERE course_id IN (\(list))
                    """
                ) ?? ""
            )
        }
        return prints
    }

    /// Rows of the courses that are not as the school has them; what else is stored is not looked at.
    private static func missing(_ harness: SchoolHarness, _ ids: Set<String>) async throws -> [String] {
        let late: Set<String> =
            harness.configuration.sources[0].kind == "matrix" ? ["organizations.name"] : ["learners.last_login_at"]
        return try await harness.compareWithTruth(leavingOut: late, limit: 100_000).filter { difference in
            ids.contains { id in
                difference.key.contains("\"\(id)\"") || difference.truth?.contains("\"course_id\": \"\(id)\"") == true
            }
        }.map(\.description)
    }

    @Test("asks for what the platform's courses say of themselves")
    func conditions() async throws {
        try await withSchool(Self.smallSchool(.grow)) { whole in
            let rows = TruthRows(whole.simulator, "courses").rows
            let times = rows.compactMap { $0["created_at"].flatMap { Int64($0) } }.sorted()
            let middle = Instant(microseconds: times[times.count / 2] / 86_400_000_000 * 86_400_000_000)
            let day = try await whole.value(
                "SELECT to_char(to_timestamp(\(middle.microseconds / 1_000_000)) AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
            )
            let harness = whole.configured {
                $0.scope = CourseScope(
                    createdAfter: day,
                    availability: ["active"],
                    exclude: [rows[0]["course_id"] ?? ""]
                )
            }
            #expect(await harness.baseline().exitCode == 0)
            let wanted = rows.filter { row in
                row["status"] == "active" && row["course_id"] != rows[0]["course_id"]
                    && row["created_at"].flatMap { Int64($0) } ?? 0 >= middle.microseconds
            }.compactMap { $0["course_id"] }.sorted()
            #expect(!wanted.isEmpty && wanted.count < rows.count)
            let stored = try await harness.sql("SELECT course_id FROM lms.courses ORDER BY course_id COLLATE \"C\"")
            #expect(stored.compactMap { $0[0] } == wanted)
        }
    }

    @Test("of terms and data sources selects courses of a Learn site, their merged courses with them")
    func termsAndSources() async throws {
        try await withSchool(Self.smallSchool(.blackboard)) { whole in
            let rows = TruthRows(whole.simulator, "courses").rows
            let parents = Dictionary(rows.map { ($0["course_id"] ?? "", $0) }) { first, _ in first }
            let term = try #require(rows.compactMap { $0["term_id"] }.first)
            let harness = whole.configured { $0.scope = CourseScope(term: [term], dataSource: ["_12_1"]) }
            #expect(await harness.baseline().exitCode == 0)
            let wanted = rows.filter { row in
                (row["parent_course_id"].flatMap { parents[$0] } ?? row)["term_id"] == term
            }.compactMap { $0["course_id"] }
            #expect(try await Self.faults(harness, Set(wanted)) == [])
            #expect(try await harness.count("SELECT count(*) FROM lms.courses") == wanted.count)
            let none = whole.configured { $0.scope = CourseScope(dataSource: ["_99_1"]) }
            #expect(await none.baseline(restart: true).exitCode == 0)
        }
    }

    @Test("leaves out a course that is asked for on demand, and says so")
    func onDemand() async throws {
        try await withSchool(Self.smallSchool(.grow)) { whole in
            let ids = Self.courses(whole)
            let harness = Self.scoped(whole, to: [ids[0]])
            #expect(await harness.baseline().exitCode == 0)
            let report = await harness.pull(courses: [ids[1]])
            #expect(report.exitCode == 1)
            #expect(report.sources.first?.message == "the source's scope leaves out course \(ids[1])")
            #expect(harness.simulator.requests.routes["contents"] == 1)
        }
    }
}
