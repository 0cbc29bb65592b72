import Testing

@testable import LMSSimulator

@Suite("Living school")
struct LivingSchoolTests {
    @Test("the API and the truth agree in every table, before and after changes of every kind")
    func agreement() async throws {
        try await withSimulator(GeneratedSchool.Shape(courses: 6, learners: 40, unlistedAssessments: 0)) {
            simulator,
            caller in
            for round in 0..<3 {
                if round > 0 {
                    let wish = ChangeRequest(seed: UInt64(round), count: 80, kinds: LearnWorldsChange.all, bulkSize: 4)
                    #expect(simulator.change(wish).count > 60)
                }
                let pull = FullPull(caller)
                for table in FullPull.columns.keys.sorted() {
                    let truth = FullPull.lines(of: try caller.truth(table), table: table)
                    let read = pull.tables[table] ?? []
                    #expect(truth == read, "\(table) in round \(round)")
                    #expect(!truth.isEmpty, "\(table) in round \(round)")
                }
            }
        }
    }

    @Test("each kind of change happens and leaves its trace", arguments: LearnWorldsChange.all)
    func traces(kind: ChangeKind) async throws {
        try await withSimulator(GeneratedSchool.Shape(courses: 6, learners: 80, expiredShare: 0.3)) {
            simulator,
            caller in
            let tables = simulator.truthTables
            let before = tables.map { simulator.truth($0) }
            let events = caller.get("eventlogs").meta["totalItems"] ?? 0
            let changes = simulator.change(ChangeRequest(seed: 11, count: 1, kinds: [kind], bulkSize: 5))
            #expect(changes.count == 1)
            #expect(changes.first?.kind == kind)
            #expect(changes.first?.visible == LearnWorldsChange.visible.contains(kind))
            #expect(tables.map { simulator.truth($0) } != before)
            let written = (caller.get("eventlogs").meta["totalItems"] ?? 0) - events
            let expected: ClosedRange<Int> =
                switch kind {
                case .bulkEnrollment: 1...5
                case .completion: 2...2
                case .courseCreated, .courseEdited, .contentsChanged: 0...0
                default: LearnWorldsChange.visible.contains(kind) ? 1...1 : 0...0
                }
            #expect(expected.contains(written))
        }
    }

    @Test("the same seed makes the same school and the same changes; another seed does not")
    func determinism() async throws {
        func fingerprint(school seed: UInt64, changes: UInt64) async throws -> [[UInt8]] {
            let simulator = try await Simulator.start(GeneratedSchool.make(.init(learners: 50), seed: seed))
            simulator.change(ChangeRequest(seed: changes, count: 30, kinds: LearnWorldsChange.all))
            let tables = simulator.truthTables.map { simulator.truth($0) }
            try await simulator.stop()
            return tables
        }
        let first = try await fingerprint(school: 1, changes: 2)
        #expect(try await fingerprint(school: 1, changes: 2) == first)
        #expect(try await fingerprint(school: 3, changes: 2) != first)
        #expect(try await fingerprint(school: 1, changes: 4) != first)
    }

    @Test("after changes the clock stands on a whole second behind the last event")
    func clock() async throws {
        try await withSimulator { simulator, caller in
            simulator.change(ChangeRequest(seed: 5, count: 10, kinds: [.completion]))
            let now = simulator.now
            #expect(now.microseconds % 1_000_000 == 0)
            let last = try #require(caller.get("eventlogs").rows.first?["created"] as? Double)
            #expect(last < now.seconds)
            simulator.advance(seconds: 60)
            #expect(simulator.now.seconds == now.seconds + 60)
        }
    }

    @Test("a submission is a grade, a response, progress of its unit and a visit")
    func submission() async throws {
        try await withSimulator { simulator, caller in
            let change = try #require(simulator.change(ChangeRequest(seed: 2, count: 1, kinds: [.submission])).first)
            let (learner, unit) = (try #require(change.learnerId), try #require(change.unitId))
            let course = try #require(change.courseId)
            let newest = caller.get("courses/\(course)/grades?sort=submittedTimestamp&order=desc").rows.first
            #expect(newest?["user_id"] as? String == learner)
            #expect((newest?["learningUnit"] as? [String: Any])?["id"] as? String == unit)
            #expect(
                caller.get("assessments/\(unit)/responses?users=\(learner)").rows.first?["user_id"] as? String
                    == learner
            )
            #expect(caller.get("eventlogs").rows.first?["activity"] as? String == "visit_course")
            #expect(change.silentColumns == ["learners.last_login_at"])
        }
    }

    @Test("a school of a million rows has about a million rows, in proportion")
    func millionRows() async throws {
        let school = GeneratedSchool.make(.init(rows: 20_000), seed: 1)
        #expect((18_000...22_000).contains(school.approximateRowCount))
    }
}
