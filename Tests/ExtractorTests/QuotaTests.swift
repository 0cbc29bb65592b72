import Extractor
import Testing

@Suite("A daily quota", .timeLimit(.minutes(1)))
struct QuotaTests {
    private let request = APIRequest(.get, "/v2/users", stream: "learners")
    private let headers = QuotaHeaders(limit: "X-Rate-Limit-Limit", remaining: "X-Rate-Limit-Remaining")
    private let hour: Int64 = 3_600_000_000

    @Test("told by headers stops before the reserve is touched, and a day after its first call is asked again")
    func headers() async throws {
        let clock = JumpingClock()
        let transport = FakeTransport { _, number in
            .json(
                "[]",
                headers: [
                    ("X-Rate-Limit-Limit", "50"), ("X-Rate-Limit-Remaining", "\(number > 46 ? 49 : 50 - number)"),
                ]
            )
        }
        let limits = RateLimits(perSecond: 1_000, burst: 100, perDay: 10_000, dayReserve: 0.1)
        let rig = try makeRig(transport, time: clock, limits: limits, quotaHeaders: headers)
        let first = clock.wallMicroseconds
        // 50 - 46 = 4 is the first answer below a tenth of 50.
        for _ in 0..<46 { _ = try await rig.client.fetch(request) }
        for _ in 0..<2 {
            let error = await extractorError { _ = try await rig.client.fetch(request) }
            #expect(error?.code == .quotaSpent)
            #expect(error?.exitClass == .tryLater)
            let until = try #require(error?.notBeforeMicroseconds)
            #expect(until >= first + 24 * hour && until <= first + 24 * hour + 60_000_000)
        }
        #expect(transport.requests.count == 46)
        clock.advance(by: .seconds(24 * 3_600 + 60))
        _ = try await rig.client.fetch(request)
    }

    @Test("that somebody wrote down holds beside the host's own word, whichever is lower")
    func ceiling() async throws {
        let transport = FakeTransport { _, number in
            .json("[]", headers: [("X-Rate-Limit-Limit", "1000"), ("X-Rate-Limit-Remaining", "\(1000 - number)")])
        }
        let limits = RateLimits(perSecond: 1_000, burst: 100, perDay: 20, dayReserve: 0.1)
        let rig = try makeRig(transport, limits: limits, quotaHeaders: headers)
        for _ in 0..<18 { _ = try await rig.client.fetch(request) }
        #expect(rig.client.usablePerDay == 18)
        #expect(rig.client.allowance == 0)
        #expect(await extractorError { _ = try await rig.client.fetch(request) }?.code == .quotaSpent)
        #expect(transport.requests.count == 18)
    }

    @Test("that is only assumed gives way to what the host says")
    func assumption() async throws {
        let transport = FakeTransport { _, number in
            .json("[]", headers: [("X-Rate-Limit-Limit", "1000"), ("X-Rate-Limit-Remaining", "\(1000 - number)")])
        }
        let limits = RateLimits(perSecond: 1_000, burst: 100, assumedPerDay: 20, dayReserve: 0.1)
        let rig = try makeRig(transport, limits: limits, quotaHeaders: headers)
        #expect(rig.client.usablePerDay == 18)
        for _ in 0..<50 { _ = try await rig.client.fetch(request) }
        #expect(rig.client.usablePerDay == 900)
        let silent = FakeTransport { _, _ in .json("[]") }
        let other = try makeRig(silent, limits: limits, quotaHeaders: headers)
        for _ in 0..<18 { _ = try await other.client.fetch(request) }
        #expect(await extractorError { _ = try await other.client.fetch(request) }?.code == .quotaSpent)
    }

    @Test(
        "calls at once after a rest are never more than those of a second",
        arguments: [(0.1, 1), (1, 1), (1.5, 2), (2.5, 3), (5, 4), (100_000, 4)]
    )
    func burst(_ perSecond: Double, _ calls: Int) {
        #expect(RateLimits(perSecond: perSecond).burst == calls)
    }

    @Test("that others have spent stops us although we have called little")
    func sharedWithOthers() async throws {
        let transport = FakeTransport { _, _ in
            .json("[]", headers: [("X-Rate-Limit-Limit", "10000"), ("X-Rate-Limit-Remaining", "12")])
        }
        let limits = RateLimits(perSecond: 1_000, burst: 100, perDay: 10_000, dayReserve: 0.1)
        let rig = try makeRig(transport, limits: limits, quotaHeaders: headers)
        _ = try await rig.client.fetch(request)
        #expect(await extractorError { _ = try await rig.client.fetch(request) }?.code == .quotaSpent)
    }

    @Test("is refilled evenly: what a run may spend grows with the time since the last one")
    func allowance() async throws {
        let clock = JumpingClock()
        let limiter = RateLimiter(
            RateLimits(perSecond: 1_000, burst: 2_000, inFlight: 4, perDay: 1_600, dayReserve: 0.1),
            time: clock
        )
        #expect(limiter.allowance == 1_440)
        for _ in 0..<1_000 { limiter.release(try await limiter.acquire()) }
        #expect(limiter.allowance == 440)
        clock.advance(by: .seconds(3_600))
        #expect(limiter.allowance == 500)
        clock.advance(by: .seconds(23 * 3_600))
        #expect(limiter.allowance == 1_440)
        #expect(RateLimiter(RateLimits(perSecond: 1)).allowance == nil)
    }

    @Test("is counted across processes, each source once")
    func restored() async throws {
        let clock = JumpingClock()
        var calls = DayCalls()
        calls.add(30, atMicroseconds: clock.wallMicroseconds - 30 * hour)
        calls.add(60, atMicroseconds: clock.wallMicroseconds - 2 * hour)
        calls.add(20, atMicroseconds: clock.wallMicroseconds)
        #expect(DayCalls(text: calls.text) == calls)
        #expect(calls.calls.reduce(0) { $0 + $1.count } == 80)
        #expect(DayCalls(text: "nonsense,1:x,:").calls.isEmpty)
        let limiter = RateLimiter(RateLimits(perSecond: 1_000, perDay: 200, dayReserve: 0), time: clock)
        limiter.restoreDay(calls.calls, for: "acme")
        limiter.restoreDay(calls.calls, for: "acme")
        // 200 a day less 60, two hours' share of 200 back, less 20: the calls of 30 hours ago count no more.
        #expect(limiter.allowance == 136)
        limiter.restoreDay(calls.calls, for: "other")
        #expect(limiter.allowance == 56)
    }
}
