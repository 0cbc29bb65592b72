import Extractor
import Testing

@Suite("Pacing", .timeLimit(.minutes(1)))
struct RateLimiterTests {
    @Test("never more than 30 starts in any 10 seconds at 2.5/s with a burst of 4", arguments: [0, 1, 2, 3])
    func staysInsideTheWindow(_ seed: UInt64) async throws {
        let clock = JumpingClock()
        let limiter = RateLimiter(RateLimits(perSecond: 2.5, burst: 4, inFlight: 4), time: clock)
        let random = SeededRandom(seed: seed)
        let starts = Shared<[Duration]>([])
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<60 {
                        // Rests now and then, so that the bucket fills up again; late timers too.
                        if random.unit() < 0.1 { clock.advance(by: .milliseconds(Int64(random.unit() * 4_000))) }
                        let permit = try await limiter.acquire()
                        starts.change { $0.append(permit.grantedAt) }
                        limiter.release(permit)
                    }
                }
            }
            try await group.waitForAll()
        }
        let times = starts.value.sorted()
        #expect(times.count == 480)
        var first = 0
        var most = 0
        for (index, time) in times.enumerated() {
            while time - times[first] > .seconds(10) { first += 1 }
            most = max(most, index - first + 1)
        }
        #expect(most <= 30)
        #expect(most >= 26)
    }

    @Test("a burst starts at once, the next call waits")
    func burst() async throws {
        let clock = JumpingClock()
        let limiter = RateLimiter(RateLimits(perSecond: 2.5, burst: 4, inFlight: 8), time: clock)
        let begin = clock.monotonic
        for _ in 0..<4 { limiter.release(try await limiter.acquire()) }
        #expect(clock.monotonic == begin)
        let fifth = try await limiter.acquire()
        #expect(fifth.grantedAt == begin + .milliseconds(400))
    }

    @Test("a burst of one spaces calls evenly, after a rest too")
    func evenSpacing() async throws {
        let clock = JumpingClock()
        let limiter = RateLimiter(RateLimits(perSecond: 1.5, burst: 1, inFlight: 4), time: clock)
        var last: Duration?
        for index in 0..<20 {
            if index == 10 { clock.advance(by: .seconds(60)) }
            let permit = try await limiter.acquire()
            if let last { #expect(permit.grantedAt - last >= .milliseconds(666)) }
            last = permit.grantedAt
            limiter.release(permit)
        }
    }

    @Test("at most so many in flight")
    func inFlight() async throws {
        let gate = Gate()
        let transport = FakeTransport { _, _ in
            try await gate.pass()
            return .json("[]")
        }
        let rig = try makeRig(transport, limits: RateLimits(perSecond: 1_000, burst: 1_000, inFlight: 3))
        try await withThrowingTaskGroup { group in
            for _ in 0..<12 { group.addTask { _ = try await rig.client.fetch(APIRequest("/x", stream: "s")) } }
            for _ in 0..<12 { gate.open() }
            try await group.waitForAll()
        }
        #expect(transport.mostInFlight <= 3)
        #expect(transport.requests.count == 12)
    }

    @Test("a pause silences every caller, grows, and is short again after a good answer")
    func pauses() async throws {
        let clock = JumpingClock()
        let limiter = RateLimiter(RateLimits(perSecond: 100, burst: 10, inFlight: 8), time: clock)
        var policy = RetryPolicy()
        policy.pauseJitter = 0
        let random = SeededRandom(seed: 7)
        var waits: [Duration] = []
        let together = [try await limiter.acquire(), try await limiter.acquire()]
        for permit in together {
            waits.append(limiter.pauseHost(after: permit, policy: policy, random: random).wait)
            limiter.release(permit)
        }
        #expect(waits == [.seconds(10), .seconds(10)])
        for expected in [20, 40, 80, 120, 120] {
            let before = clock.monotonic
            let permit = try await limiter.acquire()
            #expect(permit.grantedAt - before >= .seconds(10))
            #expect(limiter.pauseHost(after: permit, policy: policy, random: random).wait == .seconds(expected))
            limiter.release(permit)
        }
        let good = try await limiter.acquire()
        limiter.noteSuccess(of: good)
        #expect(limiter.pauseHost(after: good, policy: policy, random: random).wait == .seconds(10))
        limiter.release(good)
    }

    @Test("a pause beyond the longest wait refuses at once, with the moment it ends")
    func longPause() async throws {
        let clock = JumpingClock()
        let limiter = RateLimiter(RateLimits(perSecond: 100), time: clock)
        limiter.pause(for: .seconds(3_600))
        let error = await extractorError { _ = try await limiter.acquire() }
        #expect(error?.code == .pauseTooLong)
        #expect(error?.exitClass == .tryLater)
        #expect(error?.notBeforeMicroseconds == clock.wallMicroseconds + 3_600_000_000)
    }

    @Test("a waiting caller can be cancelled and takes no turn with it")
    func cancellation() async throws {
        let clock = StalledClock()
        let limiter = RateLimiter(RateLimits(perSecond: 1, burst: 1, inFlight: 2), time: clock)
        limiter.release(try await limiter.acquire())
        let sleeping = Task { try await limiter.acquire() }
        await clock.waitForSleeper()
        let queued = Task { try await limiter.acquire() }
        queued.cancel()
        await #expect(throws: CancellationError.self) { try await queued.value }
        sleeping.cancel()
        await #expect(throws: CancellationError.self) { try await sleeping.value }
        // Both slots are free again: two callers get as far as the clock.
        let next = Task { try await limiter.acquire() }
        await clock.waitForSleeper()
        next.cancel()
        _ = await next.result
    }

    @Test("the daily quota keeps its reserve and counts earlier calls")
    func dailyQuota() async throws {
        let clock = JumpingClock()
        let limits = RateLimits(perSecond: 1_000, burst: 100, inFlight: 4, perDay: 100, dayReserve: 0.1)
        let limiter = RateLimiter(limits, time: clock)
        let hour: Int64 = 3_600_000_000
        limiter.restoreDay([(clock.wallMicroseconds - 25 * hour, 50), (clock.wallMicroseconds - 2 * hour, 80)])
        for _ in 0..<10 { limiter.release(try await limiter.acquire()) }
        let error = await extractorError { _ = try await limiter.acquire() }
        #expect(error?.code == .quotaSpent)
        let until = try #require(error?.notBeforeMicroseconds)
        #expect(until > clock.wallMicroseconds + 21 * hour && until <= clock.wallMicroseconds + 22 * hour + 60_000_000)
        clock.advance(by: .seconds(22 * 3_600 + 120))
        limiter.release(try await limiter.acquire())
    }

    @Test("a registry gives one limiter a host and only ever tightens it")
    func registry() throws {
        let registry = RateLimiterRegistry()
        let one = registry.limiter(
            for: try APIOrigin(parsing: "https://a.example.com"),
            limits: RateLimits(perSecond: 5, burst: 4)
        )
        let same = registry.limiter(
            for: try APIOrigin(parsing: "https://A.example.com:8443"),
            limits: RateLimits(perSecond: 2, burst: 8)
        )
        let other = registry.limiter(
            for: try APIOrigin(parsing: "https://b.example.com"),
            limits: RateLimits(perSecond: 5)
        )
        #expect(one === same)
        #expect(one !== other)
        #expect(one.limits.perSecond == 2)
        #expect(one.limits.burst == 4)
    }
}
