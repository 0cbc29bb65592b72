import Testing

@testable import LMSSimulator

@Suite("MATRIX: living school")
struct MatrixLivingTests {
    @Test("the API and the truth agree in every table, before and after changes of every kind")
    func agreement() async throws {
        try await withMatrix { simulator, caller in
            for round in 0..<3 {
                if round > 0 {
                    let wish = ChangeRequest(
                        seed: UInt64(round),
                        count: 80,
                        kinds: MatrixChanges.all + MatrixChanges.restorations + MatrixChanges.sweepOnly,
                        secondsBetween: 90
                    )
                    #expect(simulator.change(wish).count > 60)
                }
                let pull = MatrixPull(caller)
                for table in MatrixPull.columns.keys.sorted() {
                    let truth = MatrixPull.lines(of: try caller.truth(table), table: table)
                    #expect(truth == pull.lines(of: table), "\(table) in round \(round)")
                    // Later an organization or the awards of a class may be gone.
                    if round == 0 { #expect(!truth.isEmpty, "\(table)") }
                }
            }
        }
    }

    @Test(
        "each kind of change leaves its trace, and an increment sees it or not as declared",
        arguments: MatrixChanges.all + [.learnerRestored, .detailsCleared] + MatrixChanges.sweepOnly
    )
    func traces(kind: ChangeKind) async throws {
        for seed in [3, 11] as [UInt64] {
            try await withMatrix(MatrixShape(users: 40, classes: 6, learnersPerClass: 7)) { simulator, caller in
                if kind == .learnerRestored { simulator.change(ChangeRequest(count: 6, kinds: [.learnerDeleted])) }
                if kind == .courseUndeleted { simulator.change(ChangeRequest(kinds: [.courseDeleted])) }
                simulator.advance(seconds: 7200)
                let tables = simulator.truthTables
                let before = tables.map { simulator.truth($0) }
                var held = MatrixPull(caller)
                let changes = simulator.change(ChangeRequest(seed: seed, count: 1, kinds: [kind], secondsBetween: 120))
                try #require(changes.count == 1)
                #expect(changes[0].kind == kind)
                #expect(changes[0].visible == MatrixChanges.visible.contains(kind))
                #expect(tables.map { simulator.truth($0) } != before)
                simulator.advance(seconds: 4 * 3600)
                // The pull of this test asks for all users and all completions each time: it sees more than it has to.
                guard kind != .detailsCleared, !MatrixChanges.sweepOnly.contains(kind) else { return }
                held.increment(caller)
                let fresh = MatrixPull(caller)
                #expect((held.fingerprint == fresh.fingerprint) == changes[0].visible)
            }
        }
    }

    @Test("without a login an edit is not seen, except a completion, which its own list shows")
    func withoutLogin() async throws {
        for kind in [.study, .submission, .regrade, .assignmentCreated, .completion] as [ChangeKind] {
            try await withMatrix { simulator, caller in
                var held = MatrixPull(caller)
                let wish = ChangeRequest(seed: 5, count: 1, kinds: [kind], secondsBetween: 120, movesLastLogin: false)
                let change = try #require(simulator.change(wish).first)
                #expect(change.visible == (kind == .completion))
                #expect(change.silentColumns.isEmpty)
                held.increment(caller)
                #expect((held.fingerprint == MatrixPull(caller).fingerprint) == change.visible, "\(kind)")
            }
        }
    }

    @Test("what needs a login says that its session is read once a day only")
    func sessions() async throws {
        try await withMatrix { simulator, caller in
            let change = try #require(simulator.change(ChangeRequest(seed: 2, count: 1, kinds: [.login])).first)
            #expect(change.silentColumns == ["events.occurred_at", "events.payload"])
            let user = try #require(change.learnerId)
            let sessions = caller.get("get_session_details", "user_ids[]=\(user)").rows.first?["sessions"]
            let last = (sessions as? [[String: Any]])?.last
            #expect(last?["login_at"] as? String == "2026-01-05T10:00+02:00")
        }
    }

    @Test("the same seed makes the same school and the same changes; another seed does not")
    func determinism() async throws {
        func fingerprint(school seed: UInt64, changes: UInt64) async throws -> [[UInt8]] {
            let simulator = try await Simulator.start(
                GeneratedMatrixSchool.make(MatrixShape(users: 60, classes: 6), seed: seed)
            )
            simulator.change(ChangeRequest(seed: changes, count: 30, kinds: MatrixChanges.all))
            let tables = simulator.truthTables.map { simulator.truth($0) }
            try await simulator.stop()
            return tables
        }
        let first = try await fingerprint(school: 1, changes: 2)
        #expect(try await fingerprint(school: 1, changes: 2) == first)
        #expect(try await fingerprint(school: 3, changes: 2) != first)
        #expect(try await fingerprint(school: 1, changes: 4) != first)
    }

    @Test("a shape for so many rows has about so many rows")
    func size() async throws {
        let simulator = try await Simulator.start(GeneratedMatrixSchool.make(MatrixShape(rows: 40_000), seed: 2))
        let rows = simulator.truthTables.filter { $0 != "events" }.reduce(0) { $0 + simulator.truthCount($1) }
        #expect((28_000...52_000).contains(rows), "\(rows)")
        try await simulator.stop()
    }
}
