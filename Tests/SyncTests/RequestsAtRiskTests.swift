import Testing

@testable import Sync

@Suite("The calls that a kill would repeat")
struct RequestsAtRiskTests {
    @Test("are never more than 1 % of the expected ones, or 8")
    func bound() {
        let risk = RequestsAtRisk(isLimited: true)
        #expect(risk.limit == 8)
        #expect(risk.begin(calls: 4) == .admitted(1))
        #expect(risk.begin(calls: 4) == .admitted(2))
        guard case .wait = risk.begin(calls: 1) else {
            Issue.record("a ninth call was admitted")
            return
        }
        risk.expect(1_200)
        #expect(risk.limit == 12)
        #expect(risk.begin(calls: 4) == .admitted(3))
        risk.gather(1, calls: 4)
        risk.end(1)
        #expect(risk.begin(calls: 1) == .publishFirst, "what is gathered can be committed")
        #expect(risk.take() == 4)
        guard case .wait = risk.begin(calls: 1) else {
            Issue.record("what is being committed is at risk")
            return
        }
        risk.commit(calls: 4)
        #expect(risk.begin(calls: 4) == .admitted(4))
    }

    @Test("of a part that needs more than that are let through one reading at a time")
    func longParts() {
        let risk = RequestsAtRisk(isLimited: true)
        #expect(risk.begin(calls: 30) == .admitted(1), "alone it goes")
        guard case .wait = risk.begin(calls: 1) else {
            Issue.record("another one goes with it")
            return
        }
        risk.end(1)
        #expect(risk.begin(calls: 4) == .admitted(2))
        #expect(risk.begin(calls: 4) == .admitted(3))
        guard case .wait = risk.extend(3) else {
            Issue.record("the one that began later goes on")
            return
        }
        #expect(risk.extend(2) == .admitted(2), "the one that began first must not wait for itself")
        risk.gather(2, calls: 5)
        risk.end(2)
        #expect(risk.extend(3) == .publishFirst || risk.extend(3) == .admitted(3))
    }

    @Test("a list published by page gives its pages back as they are committed")
    func pages() {
        let risk = RequestsAtRisk(isLimited: true)
        #expect(risk.begin(calls: 1) == .admitted(1))
        for page in 1...8 {
            risk.gather(1, calls: 1)
            #expect(risk.hasGathered)
            let answer = risk.extend(1)
            #expect(answer == (page < 8 ? .admitted(1) : .publishFirst), "page \(page)")
        }
        #expect(risk.take() == 8)
        risk.commit(calls: 8)
        #expect(risk.extend(1) == .admitted(1))
    }

    @Test("a commit unit is due while there is still room for those who go on reading")
    func due() {
        let risk = RequestsAtRisk(isLimited: true)
        risk.expect(10_000)
        #expect(risk.begin(calls: 4) == .admitted(1))
        #expect(!risk.isUnitDue)
        for calls in [46, 2] {
            guard case .admitted(let reading) = risk.begin(calls: calls) else {
                Issue.record("not admitted")
                return
            }
            risk.gather(reading, calls: calls)
            risk.end(reading)
            #expect(risk.isUnitDue == (calls == 2))
        }
    }

    @Test("an increment is of another measure")
    func increments() {
        let risk = RequestsAtRisk(isLimited: false)
        #expect(risk.begin(calls: 1_000) == .admitted(1))
        #expect(risk.begin(calls: 1_000) == .admitted(2))
        risk.gather(1, calls: 1_000)
        #expect(!risk.isUnitDue)
    }

    @Test("who waits is woken by every change, and by being cancelled", .timeLimit(.minutes(1)))
    func waiting() async throws {
        let risk = RequestsAtRisk(isLimited: true)
        #expect(risk.begin(calls: 8) == .admitted(1))
        guard case .wait(let version) = risk.begin(calls: 1) else {
            Issue.record("admitted")
            return
        }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await risk.change(since: version) }
            tasks.addTask { risk.end(1) }
            try await tasks.waitForAll()
        }
        #expect(risk.begin(calls: 8) == .admitted(2))
        guard case .wait(let next) = risk.begin(calls: 1) else {
            Issue.record("admitted")
            return
        }
        let waiter = Task { try await risk.change(since: next) }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
    }
}
