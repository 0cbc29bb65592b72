import Records
import Testing

@testable import Platforms

@Suite("MATRIX plans")
struct MatrixPlanTests {
    private func month(_ text: String) throws -> Timestamp { try #require(Timestamp(isoDate: text + "-01")) }

    private func windows(_ months: [(String, Int)], limit: Int = 2_000) throws -> [CompletionWindow] {
        CompletionWindow.plan(
            try months.map { (try month($0.0), $0.1) },
            limit: limit,
            overlap: .seconds(2 * 86_400)
        )
    }

    @Test("months are merged into windows; the first is open to the past, the last to the future, neighbours overlap")
    func mergesMonths() throws {
        let windows = try windows([
            ("2025-01", 900), ("2025-02", 1_000), ("2025-04", 200), ("2025-05", 3_000), ("2025-06", 1),
        ])
        #expect(
            windows.map(\.name) == [
                "..2025-04-02", "2025-03-31..2025-05-02", "2025-04-30..2025-06-02", "2025-05-31..",
            ]
        )
        #expect(windows[1].arguments.map(\.0) == ["completed_after", "completed_before"])
    }

    @Test("no call is made without a filter")
    func alwaysFiltered() throws {
        #expect(try windows([]).map(\.name) == ["1990-01-01.."])
        #expect(try windows([("2025-03", 5)]).map(\.name) == ["..2025-03-02", "2025-02-28.."])
        #expect(try windows([("2025-01", 5), ("2025-03", 5)]).map(\.name) == ["..2025-03-02", "2025-02-28.."])
        for count in [0, 1, 5, 40] {
            let months = (0..<count).map { ("20\(10 + $0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1)", 700) }
            #expect(try windows(months).allSatisfy { !$0.arguments.isEmpty })
        }
    }

    @Test("a window is halved until it is too short, and its halves cover it")
    func halves() throws {
        let overlap = Duration.seconds(2 * 86_400)
        let now = try month("2025-07")
        let open = CompletionWindow(after: nil, before: try month("2025-01"))
        var window = open
        var steps = 0
        while let parts = window.halves(now: now, overlap: overlap), steps < 40 {
            #expect(parts[0].after == window.after && parts[1].before == window.before)
            #expect(try #require(parts[0].before) > #require(parts[1].after))
            window = parts[1]
            steps += 1
        }
        #expect((5...20).contains(steps))
    }

    private func position(_ times: [String: Timestamp]) -> MarkPosition {
        var position = MarkPosition()
        for (name, time) in times { position.set(name, time) }
        return position
    }

    @Test("a sweep reads everything, or with an age what is older than it or than half of its own bound")
    func sweeps() throws {
        let now = try matrixTime("2025-03-31T10:00Z")
        func isDue(_ hours: Int, _ sweep: MatrixSweep, bound: Int) -> Bool {
            let age = sweep.age(ofBound: .seconds(3_600 * bound))
            return sweep.isDue(now.advanced(by: .seconds(-3_600 * hours)), within: age, now: now)
        }
        let all = MatrixSweep(maxAge: .zero)
        #expect(isDue(0, all, bound: 24) && all.walkAge == .zero && isDue(-1, all, bound: 24))
        let month = MatrixSweep(maxAge: .seconds(30 * 86_400))
        #expect(!isDue(11, month, bound: 24) && isDue(12, month, bound: 24))
        #expect(!isDue(14 * 24, month, bound: 720) && isDue(15 * 24, month, bound: 720))
        let hour = MatrixSweep(maxAge: .seconds(3_600))
        #expect(!isDue(0, hour, bound: 24) && isDue(1, hour, bound: 720))
        #expect(month.isDue(nil, within: .seconds(1), now: now))
    }

    @Test("shares that a former release has kept in a watermark go on")
    func formerShares() throws {
        let (shared, baseline) = (try matrixTime("2025-03-01T10:00Z"), try matrixTime("2025-02-01T10:00Z"))
        var mark = MarkPosition()
        mark[.baselineAt] = baseline
        #expect(FormerShares(mark).share(of: FormerShares.setups) == .init(since: baseline))
        mark[.sharedAt] = shared
        mark[.carry] = "10 20 30"
        let former = FormerShares(mark)
        #expect(former.share(of: FormerShares.active) == .init(since: shared, carry: 10))
        #expect(former.share(of: FormerShares.archived) == .init(since: shared, carry: 20))
        #expect(former.share(of: FormerShares.setups) == .init(since: shared, carry: 30))
    }

    @Test("logins move by their count or their time")
    func logins() throws {
        let time = try matrixTime("2025-03-01T07:38Z")
        var mark = position(["login_at": time])
        mark.set("logins", integer: 5)
        let moved = { MatrixSchedule<NoRun>.hasMoved(MatrixLogin(learner: "1", count: $0, lastAt: $1), since: mark) }
        #expect(!moved(5, time) && !moved(nil, nil) && !moved(4, nil))
        #expect(moved(6, time))
        #expect(moved(5, time.advanced(by: .seconds(60))))
        #expect(MatrixSchedule<NoRun>.hasMoved(MatrixLogin(learner: "1", count: 1, lastAt: nil), since: nil))
        #expect(!MatrixSchedule<NoRun>.hasMoved(MatrixLogin(learner: "1", count: 0, lastAt: nil), since: nil))
    }

    @Test("a hint makes a class due at once, an hour after the last reading on a hint, or when the session has settled")
    func hints() throws {
        let options = try MatrixOptions.standard()
        let readAt = try matrixTime("2025-03-01T10:00:30Z")
        let now = try matrixTime("2025-03-01T10:20:00Z")
        func due(_ hint: String, _ times: [String: Timestamp]) throws -> Timestamp? {
            MatrixSchedule<NoRun>.dueTime(of: try matrixTime(hint), position(times), options, now: now)
        }
        #expect(try due("2025-03-01T10:10Z", [:]) == now)
        #expect(try due("2025-03-01T10:10Z", ["read_at": readAt]) == now, "a baseline's reading puts nothing off")
        #expect(try due("2025-03-01T10:00Z", ["read_at": readAt]) == now, "within the minute of the reading")
        let pulled = ["read_at": readAt, "pull_at": readAt]
        #expect(try due("2025-03-01T10:10Z", pulled) == matrixTime("2025-03-01T11:00:30Z"))
        #expect(try due("2025-03-01T09:00Z", pulled) == matrixTime("2025-03-01T15:00Z"), "the session may go on")
        #expect(try due("2025-03-01T03:00Z", pulled) == nil, "read late enough")
    }

    @Test("hints have a budget of calls, what is due otherwise has none")
    func budget() throws {
        let start = try matrixTime("2025-03-01T10:00Z")
        let budget = HintBudget(time: .seconds(600), from: start, callsPerSecond: 1.5)
        let log = ReadLog()
        let allowed = (0..<1_000).count { _ in
            let planned = log.note(PlannedHints.self, start)?.calls ?? 0
            guard budget.allows(calls: 2, behind: planned, at: start) else { return false }
            log.add(PlannedHints(key: start, calls: 2))
            return true
        }
        #expect(allowed == 450)
        let end = start.advanced(by: .seconds(600))
        #expect(!budget.allows(calls: 2, behind: 0, at: end))
        #expect(budget.allows(calls: 2, behind: 0, at: end.advanced(by: .seconds(-2))))
        #expect(HintBudget.hints.isDisjoint(with: ["age", "class_changed", "completion"]))
    }

    @Test("sessions are asked for after new logins, and while one is open")
    func sessions() throws {
        let now = try matrixTime("2025-03-31T00:00Z")
        func login(_ count: Int64, _ at: String) throws -> MarkPosition {
            var mark = position(["login_at": try matrixTime(at)])
            mark.set("logins", integer: count)
            return mark
        }
        func read(_ count: Int64, _ session: String) -> MarkPosition {
            var mark = MarkPosition()
            mark.set("logins", integer: count)
            mark.set("session", text: session)
            return mark
        }
        let logins = [
            "new": try login(1, "2025-03-30T00:00Z"), "old": try login(1, "2025-01-30T00:00Z"),
            "same": try login(2, "2025-03-30T00:00Z"), "open": try login(2, "2025-03-30T00:00Z"),
            "moved": try login(3, "2025-03-30T00:00Z"),
        ]
        let marks = ["same": read(2, "closed"), "open": read(2, "open"), "moved": read(2, "closed")]
        let due = MatrixSessionPlan.due(logins: logins, read: marks, now: now)
        #expect(due == ["new": 1, "open": 2, "moved": 3])
        #expect(MatrixSessionPlan.batches(due, of: 2).map { $0.keys.sorted() } == [["moved", "new"], ["open"]])
    }

    @Test("assignments that a gradebook names are unknown until the warehouse or their list has them")
    func unknownAssignments() {
        let log = ReadLog()
        #expect(log.unknownAssignments(of: "501", known: []).isEmpty)
        log.add(GradebookNames(key: "501", hasLearners: true, assignments: ["6001", "6002", "6003"]))
        #expect(log.unknownAssignments(of: "501", known: ["6001"]) == ["6002", "6003"])
        log.add(ListedAssignments(key: "501", ids: ["6002"]))
        log.add(ListedAssignments(key: "501", ids: ["6004"]))
        #expect(log.unknownAssignments(of: "501", known: ["6001"]) == ["6003"])
        #expect(log.unknownAssignments(of: "502", known: []).isEmpty)
    }

    @Test("awards that wait get the time their roster tells, once")
    func waitingAwards() throws {
        let award = MatrixAward(certificate: Certificate(learnerID: "1", certificateID: "h"), duration: "1 year")
        let awaited = AwaitedAwards(key: "501", awards: ["1": [award], "2": [award]])
        let time = try matrixTime("2025-03-01T00:00Z")
        let roster = ClassRoster(
            course: "501",
            [Progress(courseID: "501", learnerID: "1", completedAt: time), Progress(courseID: "501", learnerID: "2")]
        )
        #expect(awaited.issued(by: roster, before: nil, now: MatrixMapping.testNow).map(\.issuedAt) == [time])
        #expect(awaited.issued(by: roster, before: roster, now: MatrixMapping.testNow).isEmpty)
        let earlier = ClassRoster(course: "501", [Progress(courseID: "501", learnerID: "1")])
        #expect(awaited.issued(by: roster, before: earlier, now: MatrixMapping.testNow).count == 1)
        #expect(roster.learners == ["1", "2"] && roster.completions == ["1": time])
    }

    @Test("an id is there once any answer has had it, gone where none has, and unknown before it was asked for")
    func ids() {
        let log = ReadLog()
        #expect(!log.isGone("7", by: .usersWithIDs) && !log.isThere("7", by: .usersWithIDs))
        log.add(IDAnswer("7", of: .usersWithIDs, isThere: false))
        #expect(log.isGone("7", by: .usersWithIDs) && !log.isGone("7", by: .classesWithIDs))
        log.add(IDAnswer("7", of: .usersWithIDs, isThere: true))
        log.add(IDAnswer("7", of: .usersWithIDs, isThere: false))
        #expect(log.isThere("7", by: .usersWithIDs) && !log.isGone("7", by: .usersWithIDs))
    }

    @Test("classes are taken to be there until the whole list was read")
    func presence() {
        let log = ReadLog()
        log.add(MatrixClass(id: "1", isArchived: false, periodIDs: nil))
        #expect(log.presentClasses(among: ["1", "2"]) == ["1", "2"])
        var result = ListResult(
            list: ReadLog.Matrix.classes,
            partition: "",
            items: 1,
            isComplete: false,
            isWhole: true,
            asOf: MatrixMapping.testNow
        )
        log.note(result)
        #expect(log.presentClasses(among: ["1", "2"]) == ["1", "2"], "a walk that did not hold together proves nothing")
        result.isComplete = true
        log.note(result)
        #expect(log.presentClasses(among: ["1", "2"]) == ["1"])
    }

    @Test("partitions of awards")
    func partitions() {
        #expect(AwardPartition(text: "501:9") == AwardPartition(course: "501", learner: "9"))
        #expect(AwardPartition(text: "501") == AwardPartition(course: "501", learner: nil))
        #expect(AwardPartition(course: "501", learner: "9").text == "501:9")
    }
}

/// Stands in for a run where only pure decisions are asked for; nothing of it is ever called.
private enum NoRunProblem: Error {
    case called
}

private struct NoRun: RunContext {
    var settings: SourceSettings {
        SourceSettings(
            id: "acme",
            kind: "matrix",
            url: "",
            credentials: Credentials(),
            requestsPerSecond: 1,
            streams: []
        )
    }
    var mode: ReadingMode { .incremental }
    var connectorState: ConnectorState { ConnectorState() }
    let log = ReadLog()
    var facts: any WarehouseFacts { preconditionFailure("no warehouse") }
    var serverNow: Timestamp { MatrixMapping.testNow }
    var startedAt: Timestamp { MatrixMapping.testNow }
    var allowance: Int? { nil }
    func isSelected(_ stream: String) -> Bool { false }
    func isSwept(_ stream: String) -> Bool { false }
    func read(_ groups: [ReadGroup]) async throws -> ReadSlice { throw NoRunProblem.called }
    func drain(
        _ streams: [String],
        _ makeGroups: @Sendable ([PendingEntry]) async throws -> [ReadGroup]
    ) async throws {}
    func apply(_ changes: [StateChange]) async {}
    func settle() async throws {}
    func absentRows(of table: Table) async -> [AbsentRow] { [] }
    var scope: CourseFilter { CourseFilter() }
    func noteUnknown(_ record: NamedRecord) {}
    func noteAbsent(_ rows: [AbsentRow], of table: Table, isConfirmedOneByOne: Bool) async throws {}
    func say(_ message: String) {}
    func publish() async throws {}
}
