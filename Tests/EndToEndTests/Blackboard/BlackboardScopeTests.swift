import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Testing

@Suite("A scope that a Learn site is asked by", .serialized)
struct BlackboardScopeTests {
    /// A university's 200,000 courses of which 10,000 are in scope, in a tenth of the size.
    private static let old = GeneratedBlackboardSchool.make(
        .init(
            courses: 1_000,
            learners: 4,
            membersPerCourse: 1,
            columnsPerCourse: 0,
            mergedShare: 0,
            organizations: 0,
            archivedCourses: 19_000,
            coursesWithGuests: 0,
            anonymousColumns: 0
        ),
        seed: 111
    )

    private static func options(_ school: BlackboardSchool, _ lines: [String] = []) -> SchoolOptions {
        SchoolOptions(blackboard: school, sourceLines: ["requests_per_day: 1000000"] + lines)
    }

    private static func stored(_ harness: SchoolHarness) async throws -> Int {
        try await harness.count("SELECT count(*) FROM lms.courses WHERE deleted_at IS NULL")
    }

    @Test(
        "costs one request for every hundred courses in scope, however many there are",
        .timeLimit(.minutes(3)),
        arguments: [
            CourseScope(createdAfter: "2024-08-01"), CourseScope(dataSource: ["_12_1"]),
            CourseScope(dataSource: ["externalId:SIS"]),
            CourseScope(createdAfter: "2024-08-01", dataSource: ["_12_1", "_77_1"]),
        ]
    )
    func pages(scope: CourseScope) async throws {
        try await withSchool(Self.options(Self.old, ["streams: [courses]"])) { whole in
            let harness = whole.configured { $0.scope = scope }
            let walks = scope.dataSource?.count ?? 1
            let plan = try #require(try await harness.service("plan").plan(sources: [], baseline: true).sources.first)
            harness.simulator.resetRequests()
            #expect(await harness.baseline().exitCode == 0)
            // 10 pages of the courses, and one for a data source that has none.
            #expect(harness.simulator.requests.routes["courses"] == 10 + walks - 1)
            #expect(harness.simulator.requests.total == 10 + walks - 1 + 1, "the version, and no terms")
            #expect(plan.requests == harness.simulator.requests.total)
            #expect(try await Self.stored(harness) == 1_000)

            harness.simulator.advance(seconds: 900)
            harness.simulator.resetRequests()
            #expect(await harness.sync().exitCode == 0)
            #expect(harness.simulator.requests.routes["courses"] == 1)
            harness.simulator.resetRequests()
            #expect(await harness.sweep().exitCode == 0)
            // One more where courses may have left: the list of what has changed.
            #expect(harness.simulator.requests.routes["courses"] ?? 0 <= 10 + walks)
            #expect(try await Self.stored(harness) == 1_000)
        }
    }

    @Test("of terms asks for each of them, by id and by name", .timeLimit(.minutes(3)))
    func terms() async throws {
        try await withSchool(Self.options(Self.old, ["streams: [courses]"])) { whole in
            let rows = TruthRows(whole.simulator, "terms").rows
            let (second, third) = (try #require(rows[1]["term_id"]), try #require(rows[2]["title"]))
            let harness = whole.configured { $0.scope = CourseScope(term: [second, third, "externalId:TERM-4"]) }
            harness.simulator.resetRequests()
            #expect(await harness.baseline().exitCode == 0)
            #expect(harness.simulator.requests.routes["courses"] == 9, "3 terms of 250 courses")
            #expect(try await Self.stored(harness) == 750)
        }
    }

    @Test(
        "is applied here where the site refuses a filter: it is asked once more, said, and not asked by again",
        .timeLimit(.minutes(3)),
        arguments: [false, true]
    )
    func refused(vaguely isVague: Bool) async throws {
        let school = GeneratedBlackboardSchool.make(.init(archivedCourses: 150), seed: 112)
        let log = RecordedLog()
        try await withSchool(Self.options(school)) { whole in
            var harness = whole.configured { $0.scope = CourseScope(createdAfter: "2024-08-01", dataSource: ["_12_1"]) }
            harness.logger = log.logger
            let switches = #"{"refused_filters": ["courses.dataSourceId"], "vague_refusals": \#(isVague)}"#
            try harness.simulator.setFaults(json: Array(switches.utf8))
            #expect(await harness.baseline().exitCode == 0)
            let wanted = TruthRows(harness.simulator, "courses").rows.count - 150
            #expect(try await Self.stored(harness) == wanted)
            #expect(log.text.contains("the site refuses to filter its courses by"))
            harness.simulator.resetRequests(recent: 1_000)
            harness.simulator.advance(seconds: 900)
            #expect(await harness.sweep().exitCode == 0)
            let asked = harness.simulator.requests.recent.filter { $0.contains("/v3/courses?") }
            #expect(!asked.isEmpty && !asked.contains { $0.contains("dataSourceId=") })
            #expect(try await Self.stored(harness) == wanted)
        }
    }

    @Test("sees a course that leaves it and one that comes in, by their change", .timeLimit(.minutes(3)))
    func leaves() async throws {
        let school = GeneratedBlackboardSchool.make(.init(mergedShare: 0), seed: 113)
        try await withSchool(Self.options(school)) { whole in
            let harness = whole.configured { $0.scope = CourseScope(availability: ["active"]) }
            #expect(await harness.baseline().exitCode == 0)
            for round in 0..<3 {
                harness.simulator.change(ChangeRequest(seed: 1_130 + UInt64(round), count: 12, kinds: [.courseEdited]))
                harness.simulator.advance(seconds: 900)
                let report = await (round == 1 ? harness.sweep() : harness.sync())
                #expect(report.exitCode == 0, "\(report.story)")
            }
            let active = Set(
                TruthRows(harness.simulator, "courses").rows.filter { $0["status"] == "active" }
                    .compactMap { $0["course_id"] }
            )
            let rows = try await harness.sql(
                "SELECT course_id FROM lms.courses WHERE status = 'active' AND deleted_at IS NULL"
            )
            #expect(active.isSubset(of: Set(rows.compactMap { $0[0] })), "what came in is there")
            harness.simulator.advance(seconds: 900)
            harness.simulator.resetRequests(recent: 1_000)
            #expect(await harness.sync().exitCode == 0)
            let visited = harness.simulator.requests.recent.compactMap { line in
                line.firstMatch(of: /courses\/(_[0-9]+_1)\/users/).map { String($0.output.1) }
            }
            #expect(Set(visited).isSubset(of: active), "what has left is visited no more")
        }
    }

    @Test("has the merged courses of its parents, which a filter leaves out, asked for by id", .timeLimit(.minutes(3)))
    func children() async throws {
        let school = GeneratedBlackboardSchool.make(.init(mergedShare: 0.5, mergedElsewhere: true), seed: 114)
        try await withSchool(Self.options(school)) { whole in
            let harness = whole.configured { $0.scope = CourseScope(dataSource: ["_12_1"]) }
            #expect(await harness.baseline().exitCode == 0)
            let children = TruthRows(harness.simulator, "courses").rows.filter { $0["parent_course_id"] != nil }
            #expect(!children.isEmpty)
            #expect(harness.simulator.requests.routes["courses_one"] == children.count)
            try await expectTruth(harness)
            harness.simulator.advance(seconds: 900)
            harness.simulator.resetRequests()
            #expect(await harness.sync().exitCode == 0)
            #expect(harness.simulator.requests.routes["courses_one"] == nil, "they are known now")
        }
    }

    @Test("of a site's own name for a data source fails where the site does not know it", .timeLimit(.minutes(2)))
    func unknownName() async throws {
        let school = GeneratedBlackboardSchool.make(.init(archivedCourses: 20), seed: 115)
        try await withSchool(Self.options(school, ["streams: [courses]"])) { whole in
            let harness = whole.configured { $0.scope = CourseScope(dataSource: ["externalId:SIS"]) }
            try harness.simulator.setFaults(json: Array(#"{"refused_filters": ["courses.dataSourceId"]}"#.utf8))
            let report = await harness.baseline()
            #expect(report.exitCode != 0, "everything would be read, and nothing of it is in scope")
            harness.simulator.resetFaults()
            #expect(await harness.baseline().exitCode == 0)
            #expect(try await Self.stored(harness) > 0)
        }
    }
}
