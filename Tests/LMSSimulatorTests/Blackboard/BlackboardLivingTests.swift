import RegistrarTesting
import Testing

@testable import LMSSimulator

@Suite("Living Blackboard site")
struct BlackboardLivingTests {
    private func differences(_ pull: BlackboardPull, _ caller: BlackboardCaller) throws -> [String] {
        try BlackboardPull.columns.keys.sorted().flatMap { table in
            let truth = Set(BlackboardPull.lines(of: try caller.truth(table), table: table))
            let read = Set(pull.lines(table))
            return truth.symmetricDifference(read).map { (truth.contains($0) ? "truth " : "read ") + table + " " + $0 }
        }
    }

    @Test("the API and the truth agree in every table, before and after changes of every kind")
    func agreement() async throws {
        try await withBlackboard { simulator, caller in
            for round in 0..<3 {
                if round > 0 {
                    let wish = ChangeRequest(
                        seed: UInt64(round),
                        count: 80,
                        kinds: BlackboardChanges.all,
                        bulkSize: 4
                    )
                    #expect(simulator.change(wish).count > 60)
                }
                let pull = BlackboardPull(caller)
                let left = try differences(pull, caller)
                #expect(left == [], "round \(round)")
                for table in BlackboardPull.columns.keys { #expect(!pull.lines(table).isEmpty, "\(table)") }
            }
        }
    }

    @Test(
        "each kind of change happens, leaves its trace, and is as visible as declared",
        arguments: BlackboardChanges.all
    )
    func visibility(kind: ChangeKind) async throws {
        for seed in TestScale.pick([3], long: [3, 11, 12] as [UInt64]) {
            try await withBlackboard(.init(mergedShare: 0.5), seed: seed) { simulator, caller in
                let pull = BlackboardPull(caller)
                let unread = try differences(pull, caller)
                #expect(unread == [])
                simulator.advance(seconds: 600)
                let tables = simulator.truthTables
                let before = tables.map { simulator.truth($0) }
                let changes = simulator.change(ChangeRequest(seed: seed, count: 3, kinds: [kind], bulkSize: 5))
                // Two of the four terms always stay.
                #expect(changes.count == (kind == .termDeleted ? 2 : 3))
                #expect(
                    changes.allSatisfy { $0.kind == kind && $0.visible == BlackboardChanges.visible.contains(kind) }
                )
                #expect(tables.map { simulator.truth($0) } != before)
                pull.increment()
                let left = try differences(pull, caller)
                #expect(left.isEmpty == BlackboardChanges.visible.contains(kind), "\(kind): \(left.prefix(4))")
            }
        }
    }

    @Test("many visible changes at once leave nothing unseen", arguments: 1...4 as ClosedRange<UInt64>)
    func together(seed: UInt64) async throws {
        try await withBlackboard(.init(mergedShare: 0.4), seed: seed) { simulator, caller in
            let pull = BlackboardPull(caller)
            for round in 0..<3 as Range<UInt64> {
                simulator.advance(seconds: 600)
                simulator.change(ChangeRequest(seed: seed * 10 + round, count: 60, bulkSize: 4))
                pull.increment()
                let left = try differences(pull, caller)
                #expect(left == [], "round \(round)")
            }
        }
    }

    @Test("an unenrollment from a course of more than 200 members is silent")
    func largeCourse() async throws {
        try await withBlackboard(.init(courses: 2, learners: 240, membersPerCourse: 230)) { simulator, _ in
            let changes = simulator.change(ChangeRequest(seed: 1, count: 2, kinds: [.unenrollment]))
            #expect(changes.allSatisfy { !$0.visible })
        }
    }

    @Test("the same seed makes the same site and the same changes; another seed does not")
    func determinism() async throws {
        func fingerprint(school seed: UInt64, changes: UInt64) async throws -> [[UInt8]] {
            let simulator = try await Simulator.start(GeneratedBlackboardSchool.make(seed: seed))
            simulator.change(ChangeRequest(seed: changes, count: 40, kinds: BlackboardChanges.all))
            let tables = simulator.truthTables.map { simulator.truth($0) }
            try await simulator.stop()
            return tables
        }
        let first = try await fingerprint(school: 1, changes: 2)
        #expect(try await fingerprint(school: 1, changes: 2) == first)
        #expect(try await fingerprint(school: 3, changes: 2) != first)
        #expect(try await fingerprint(school: 1, changes: 4) != first)
    }

    @Test("a grade in the course moves its index, the totals without one, and the grader's access but no membership")
    func regrade() async throws {
        try await withBlackboard { simulator, caller in
            let change = try #require(simulator.change(ChangeRequest(seed: 4, count: 1, kinds: [.regrade])).first)
            let course = try #require(change.courseId)
            let column = try #require(change.unitId)
            let newest = caller.get("v2/courses/\(course)/gradebook/columns/\(column)/users/lastChanged").object
            #expect(newest["userId"] as? String == change.learnerId)
            let total = caller.get("v2/courses/\(course)/gradebook/columns/finalGrade/users").results
            #expect(total.allSatisfy { $0["changeIndex"] as? Int == 0 })
            let since = "2026-01-05T08:00:00.000Z"
            #expect(caller.get("v1/courses/\(course)/users?lastAccessed=\(since)").results.count == 1)
            #expect(caller.get("v1/courses/\(course)/users?modified=\(since)").results.isEmpty)
            let log = caller.get("v1/courses/\(course)/gradebook/logs?since=\(since)").results
            #expect(log.map { $0["gradebookColumnId"] as? String } == [column])
        }
    }

    @Test("a generated site has about as many rows as asked for")
    func size() async throws {
        let simulator = try await Simulator.start(GeneratedBlackboardSchool.make(.init(rows: 20_000)))
        let rows = simulator.truthTables.filter { $0 != "assessment_responses" }
            .reduce(0) { $0 + simulator.truthCount($1) }
        #expect((16_000...24_000).contains(rows), "\(rows)")
        try await simulator.stop()
    }
}
