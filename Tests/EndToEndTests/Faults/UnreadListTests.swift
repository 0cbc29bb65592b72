import LMSSimulator
import Platforms
import RegistrarTesting
import Settings
import Sync
import Testing

/// A list of the whole source that the account may not read, from the first run on.
@Suite("A list that may never be read")
struct UnreadListTests {
    struct List: Sendable, CustomTestStringConvertible {
        var kind: String
        /// The stream that stays empty.
        var stream: String
        /// The switch of the simulator.
        var fault: String
        /// Columns that come of the list.
        var columns: Set<String> = []
        /// Tables whose changes the list shows before their own turn comes.
        var hinted: Set<String> = []

        var testDescription: String { "\(kind): \(stream)" }
    }

    static let lists = [
        List(
            kind: "blackboard",
            stream: "terms",
            fault: #"{"status_for_path": {"/v1/terms": 403}}"#,
            columns: ["courses.category", "courses.starts_at", "courses.ends_at", "courses.status"]
        ),
        List(
            kind: "matrix",
            stream: "organizations",
            fault: #"{"status_for_path": {"/get_all_organizations": 400}}"#
        ),
        List(
            kind: "matrix",
            stream: "certificates",
            fault: #"{"status_for_path": {"/get_all_class_completions": 400}}"#,
            hinted: ["progress"]
        ),
        List(kind: "grow", stream: "events", fault: #"{"status_for_path": {"/v2/eventlogs": 403}}"#),
        List(kind: "learnworlds", stream: "events", fault: #"{"status_for_path": {"/v2/event-logs": 403}}"#),
        List(kind: "grow", stream: "learners", fault: #"{"status_for_path": {"/v2/users": 403}}"#),
        List(kind: "learnworlds", stream: "learners", fault: #"{"status_for_path": {"/v2/users": 500}}"#),
    ]

    @Test("holds back no other stream, and is loaded as soon as it can be", .timeLimit(.minutes(5)), arguments: lists)
    func holdsBackNothing(list: List) async throws {
        let platform = try #require(PlatformCase.all.first { $0.kind == list.kind })
        let seed: UInt64 = 821
        try await withSchool(platform.school(.small, seed)) { harness in
            try harness.simulator.setFaults(json: Array(list.fault.utf8))
            let baseline = await harness.baseline()
            #expect(baseline.exitCode == 1, "\(baseline.story)")
            let others = Self.tables(harness).filter { $0 != list.stream && !list.hinted.contains($0) }
            var late = platform.lateColumns.union(list.columns)
            for round in 0..<3 {
                let wish = ChangeRequest(seed: seed * 10 + UInt64(round), count: 10, secondsBetween: 15)
                late.formUnion(harness.simulator.change(wish).flatMap(\.silentColumns))
                harness.simulator.advance(seconds: platform.settling)
                let report = await harness.sync()
                #expect(report.exitCode == 1, "round \(round): \(report.story)")
                #expect(report.sources.first?.mode == "incremental", "round \(round): \(report.story)")
                #expect(report.story.contains(list.stream), "round \(round): \(report.story)")
                try await expectTruth(harness, others, leavingOut: late)
            }
            // Nobody is told that what cannot be followed is current.
            let asOf = try await harness.value(
                "SELECT max(data_as_of)::text FROM sync.watermarks WHERE stream = '\(list.stream)'"
            )
            #expect(asOf == nil, "\(list.stream) is as of \(asOf ?? "")")

            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: platform.settling)
            let loading = await harness.sync()
            #expect(loading.exitCode == 0, "\(loading.story)")
            #expect(loading.sources.map(\.mode) == ["incremental", "baseline", "incremental"], "\(loading.story)")
            try await expectTruth(harness, leavingOut: late.subtracting(list.columns))
            harness.simulator.advance(seconds: platform.settling)
            let next = await harness.sync()
            #expect(next.sources.map(\.mode) == ["incremental"], "\(next.story)")
            try await expectTruth(harness, leavingOut: late.subtracting(list.columns))
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    /// The tables of the streams that are on.
    private static func tables(_ harness: SchoolHarness) -> [String] {
        let source = harness.configuration.sources[0]
        let kind = PlatformRegistry.kinds.first { $0.kind == source.kind }
        let streams = kind?.completed(source.streams) ?? []
        return harness.simulator.truthTables.filter { streams.contains($0 == "unit_progress" ? "progress" : $0) }
    }

    @Test("keeps no sweep from being made once the right is given", .timeLimit(.minutes(5)), arguments: lists)
    func sweeps(list: List) async throws {
        let platform = try #require(PlatformCase.all.first { $0.kind == list.kind })
        try await withSchool(platform.school(.small, 823)) { harness in
            try harness.simulator.setFaults(json: Array(list.fault.utf8))
            #expect(await harness.baseline().exitCode == 1)
            harness.simulator.change(
                ChangeRequest(seed: 8_230, count: 30, kinds: harness.simulator.changeKinds.silent, secondsBetween: 15)
            )
            harness.simulator.advance(seconds: platform.settling)
            harness.simulator.resetFaults()
            // Of so few rows a few are a large part.
            let lenient = harness.configured { $0.maxDeletionFraction = 1 }
            let report = await lenient.sweep()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(report.sources.map(\.mode) == ["full", "baseline", "incremental"], "\(report.story)")
            try await expectTruth(harness)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }

    @Test("of terms is not asked for where the stream is left out", .timeLimit(.minutes(2)))
    func leftOut() async throws {
        var options = PlatformCase.blackboard.school(.small, 825)
        options.sourceLines.append("streams: [courses, learners, enrollments, progress, assessments, grades]")
        try await withSchool(options) { harness in
            try harness.simulator.setFaults(json: Array(Self.lists[0].fault.utf8))
            let baseline = await harness.baseline()
            #expect(baseline.exitCode == 0, "\(baseline.story)")
            harness.simulator.advance(seconds: 90_000)
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(harness.simulator.requests.routes["terms"] == nil, "\(harness.simulator.requests.routes)")
            try await expectTruth(harness, leavingOut: Self.lists[0].columns)
        }
    }

    @Test(
        "is the event log, left out: people are followed without it, and it is asked for once a day",
        .timeLimit(.minutes(3))
    )
    func logLeftOut() async throws {
        var options = PlatformCase.grow.school(.small, 827)
        options.sourceLines.append(
            "streams: [courses, course_units, learners, enrollments, progress, certificates, assessments, grades]"
        )
        try await withSchool(options) { harness in
            try harness.simulator.setFaults(json: Array(Self.lists[3].fault.utf8))
            #expect(await harness.baseline().exitCode == 0)
            for round in 0..<3 {
                harness.simulator.change(ChangeRequest(seed: 8_270 + UInt64(round), count: 10, secondsBetween: 15))
                harness.simulator.advance(seconds: 4_000)
                let report = await harness.sync()
                #expect(report.exitCode == 0, "\(report.story)")
                try await expectTruth(harness)
            }
            #expect(harness.simulator.requests.failures["403"] == 1, "\(harness.simulator.requests.failures)")
            harness.simulator.resetFaults()
            harness.simulator.change(ChangeRequest(seed: 8_280, count: 10, secondsBetween: 15))
            harness.simulator.advance(seconds: 90_000)
            #expect(await harness.sync().exitCode == 0)
            #expect(harness.simulator.requests.routes["events"] ?? 0 > 0)
            try await expectTruth(harness)
        }
    }

    @Test(
        "of one course alone costs the next sync that course's share, and no second load",
        .timeLimit(.minutes(3)),
        arguments: [PlatformCase.grow, .learnWorlds, .blackboard]
    )
    func oneCourse(platform: PlatformCase) async throws {
        try await withSchool(platform.school(.small, 829)) { harness in
            let graded = TruthRows(harness.simulator, "grades").counts(by: "course_id")
            let children = TruthRows(harness.simulator, "courses").rows.filter { $0["parent_course_id"] != nil }
                .compactMap { $0["course_id"] }
            let course = try #require(graded.keys.filter { !children.contains($0) }.min())
            let fault = #"{"only_paths": "/courses/\#(course)/", "html_calls": 100000}"#
            try harness.simulator.setFaults(json: Array(fault.utf8))
            let baseline = await harness.baseline()
            #expect(baseline.exitCode == 1, "\(baseline.story)")
            harness.simulator.resetFaults()
            harness.simulator.advance(seconds: 60)
            let loaded = harness.simulator.requests.total
            harness.simulator.resetRequests()
            let report = await harness.sync()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(report.sources.map(\.mode) == ["incremental"])
            #expect(harness.simulator.requests.total < loaded / 2, "\(harness.simulator.requests.routes) of \(loaded)")
            try await expectTruth(harness, leavingOut: platform.lateColumns)
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }
}
