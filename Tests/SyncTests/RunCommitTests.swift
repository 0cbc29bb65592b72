import Extractor
import JSON
import Loader
import Platforms
import Records
import Testing

@testable import Sync

@Suite("The commit units of a run")
struct RunCommitTests {
    @Test(
        "a publisher waits for the deliveries under way and goes before those that come later",
        .timeLimit(.minutes(1))
    )
    func gateOrder() async throws {
        let lock = AsyncReadWriteLock()
        let order = Noted()
        await lock.enterDelivery()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await lock.publish { order.note("published") } }
            for _ in 0..<200 { await Task.yield() }
            tasks.addTask { try await lock.deliver { order.note("delivered later") } }
            for _ in 0..<200 { await Task.yield() }
            #expect(order.all == [])
            order.note("delivered")
            await lock.leaveDelivery()
            try await tasks.waitForAll()
        }
        #expect(order.all == ["delivered", "published", "delivered later"])
    }

    @Test("the lock is free again after an error", .timeLimit(.minutes(1)))
    func gateAfterErrors() async throws {
        struct Failed: Error {}
        let lock = AsyncReadWriteLock()
        await #expect(throws: Failed.self) { try await lock.deliver { throw Failed() } }
        await #expect(throws: Failed.self) { try await lock.publish { throw Failed() } }
        #expect(try await lock.deliver { 1 } == 1)
        #expect(try await lock.publish { 2 } == 2)
    }

    @Test("a commit unit is due by size, by age, and in a baseline by what a kill would repeat")
    func pace() {
        let time = HeldTime()
        let baseline = CommitPolicy(isBaseline: true, interval: .seconds(60), time: time)
        #expect(baseline.isDue(bytes: CommitPolicy.byteLimit(isBaseline: true)))
        #expect(!baseline.isDue(bytes: CommitPolicy.byteLimit(isBaseline: true) - 1))
        #expect(baseline.risk.begin(calls: 4) == .admitted(1))
        baseline.risk.gather(1, calls: 4)
        #expect(baseline.isDue(bytes: 0))
        #expect(baseline.risk.take() == 4)
        #expect(!baseline.isDue(bytes: 0))
        time.advance(by: .seconds(60))
        #expect(baseline.isDue(bytes: 0))
        baseline.notePublished()
        #expect(!baseline.isDue(bytes: 0))

        let increment = CommitPolicy(isBaseline: false, interval: .seconds(60), time: HeldTime())
        #expect(!increment.isDue(bytes: CommitPolicy.byteLimit(isBaseline: true)))
        #expect(increment.isDue(bytes: CommitPolicy.byteLimit(isBaseline: false)))
    }

    @Test("a baseline queues a partition once, unless it is due earlier or was answered meanwhile")
    func openQueue() {
        let queue = OpenQueue()
        #expect(queue.add(Self.entry("enrollments", "a", due: 20, "baseline")) == 1)
        #expect(queue.add(Self.entry("progress", "a", due: 20, "baseline")) == 2)
        #expect(queue.add(Self.entry("enrollments", "a", due: 20, "baseline")) == nil)
        #expect(queue.add(Self.entry("enrollments", "a", due: 30, "baseline")) == nil)
        #expect(queue.add(Self.entry("enrollments", "a", due: 10, "baseline")) == 2)
        queue.finish(Self.entry("enrollments", "a", due: 20, "baseline"))
        #expect(queue.add(Self.entry("enrollments", "a", due: 20, "baseline")) == 2)
    }

    @Test("of two entries of one partition the earlier stays, and stored ones are taken up once")
    func queue() {
        let queue = WorkQueue()
        #expect(queue.beginTakingUp())
        #expect(!queue.beginTakingUp())
        queue.add([Self.entry("progress", "a", due: 20, "visit"), Self.entry("enrollments", "b", due: 5, "event")])
        queue.add([Self.entry("progress", "a", due: 10, "event"), Self.entry("enrollments", "a", due: 30, "event")])
        queue.add([Self.entry("progress", "a", due: 15, "visit"), Self.entry("grades", "c", due: 1, "unit")])
        let taken = queue.take(["progress", "enrollments"], limit: 2)
        // The two oldest partitions, whole.
        #expect(
            taken.map { "\($0.partition) \($0.stream) \($0.reason)" } == [
                "b enrollments event", "a enrollments event", "a progress event",
            ]
        )
        #expect(queue.open.count == 4)
        for entry in taken { queue.finish(entry) }
        #expect(queue.open.map(\.stream) == ["grades"])
    }

    @Test("a run that goes on judges time by what the platform's clock showed before, not by ours")
    func clock() {
        let time = HeldTime(wall: 1_900_000_000)
        let resumed = ServerClock(time: time, notBefore: Self.instant(1_700_000_000))
        time.advance(by: .seconds(30))
        #expect(resumed.now == Self.instant(1_700_000_030))
        #expect(!resumed.hasReading)
        #expect(ServerClock(time: time).now == Self.instant(1_900_000_030))
    }

    @Test("answers without a Date are timed by our clock from the first one on, with room for its being wrong")
    func ownClock() throws {
        let time = HeldTime(wall: 1_900_000_000)
        let connectorState = ConnectorState()
        let clock = ServerClock(time: time, connectorState: connectorState)
        #expect(clock.doubt == .zero)
        clock.note(try Self.page(date: nil))
        #expect(clock.hasReading)
        #expect(clock.doubt == ServerClock.ownDoubt)
        time.advance(by: .seconds(30))
        clock.note(try Self.page(date: nil))
        #expect(clock.now == Self.instant(1_900_000_030))
        // The next run asks for more from its first request on.
        let next = ServerClock(time: time, connectorState: connectorState)
        #expect(next.doubt == ServerClock.ownDoubt)
        next.note(try Self.page(date: 1_700_000_000))
        #expect(next.now == Self.instant(1_700_000_000))
        #expect(next.doubt == ServerClock.ownDoubt, "its marks were written by another clock")
        #expect(ServerClock(time: time, connectorState: connectorState).doubt == .zero)
    }

    @Test("a header that some answers lack is kept from those that have it")
    func mixedDates() throws {
        let clock = ServerClock(time: HeldTime(wall: 1_900_000_000), connectorState: ConnectorState())
        clock.note(try Self.page(date: 1_700_000_000))
        clock.note(try Self.page(date: nil))
        #expect(clock.now == Self.instant(1_700_000_000))
        #expect(clock.doubt == .zero)
    }

    @Test("what was forgotten stays forgotten in the stored state")
    func forgetting() throws {
        let connectorState = ConnectorState()
        connectorState["never"] = nil
        #expect(connectorState.takeChanges() == nil)
        connectorState["users_refused"] = "yes"
        connectorState["users_refused"] = nil
        #expect(connectorState["users_refused"] == nil)
        // Members are merged into the stored ones: only a value puts another in its place.
        let stored = try #require(connectorState.takeChanges())
        #expect(stored.text("users_refused") == "")
        #expect(ConnectorState(MarkPosition(json: stored.json))["users_refused"] == nil)
    }

    private static func page(date: Int64?) throws -> Page {
        Page(
            document: try JSONDocument(parsing: Array("{}".utf8)),
            request: APIRequest(.get, "/list", stream: "courses"),
            fetchedAtMicroseconds: 0,
            serverDateMicroseconds: date.map { $0 * 1_000_000 }
        )
    }

    static func instant(_ seconds: Int64) -> Timestamp { Timestamp(microsecondsSinceEpoch: seconds * 1_000_000) }

    private static func entry(_ stream: String, _ partition: String, due: Int64, _ reason: String) -> PendingEntry {
        PendingEntry(stream: stream, partition: partition, reason: reason, dueAt: instant(due))
    }
}
