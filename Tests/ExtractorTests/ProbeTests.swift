import Extractor
import Testing

@Suite("After a pause of the host", .timeLimit(.minutes(1)))
struct ProbeTests {
    private let request = APIRequest(.get, "/users", stream: "learners")
    private let probe = HostProbe(APIRequest(.get, "/version", stream: "connection"), rules: StatusRules())

    @Test("one probe goes first, and only its success lets the call be repeated")
    func probesFirst() async throws {
        let clock = JumpingClock()
        let transport = FakeTransport { request, number in
            number == 1 || number == 2 ? .json("{}", status: 429) : .json("[]")
        }
        let rig = try makeRig(transport, time: clock, probe: probe)
        _ = try await rig.client.fetch(request)
        _ = try await rig.client.fetch(request)
        let paths = transport.targets.map { String($0.split(separator: "/").last ?? "") }
        #expect(paths == ["users", "version", "version", "users", "users"])
        #expect(rig.events.data.map(\.stream) == ["learners", "connection", "connection", "learners", "learners"])
    }

    @Test("a host that never listens again ends the call")
    func neverAgain() async throws {
        let transport = FakeTransport { _, _ in .json("{}", status: 429) }
        let rig = try makeRig(transport, probe: probe)
        let error = await extractorError { _ = try await rig.client.fetch(request) }
        #expect(error?.code == .throttled)
        #expect(transport.requests.count < 12)
    }

    @Test("others wait until the probe is answered")
    func othersWait() async throws {
        let transport = FakeTransport { request, number in
            if number == 1 { return .json("{}", status: 429) }
            return request.target.hasSuffix("/version") ? .json("{}") : .json("[]")
        }
        let rig = try makeRig(transport, probe: probe)
        _ = try await rig.client.fetch(request)
        try await withThrowingTaskGroup { tasks in
            for _ in 0..<6 { tasks.addTask { _ = try await rig.client.fetch(request) } }
            for try await _ in tasks {}
        }
        #expect(transport.targets.count { $0.hasSuffix("/version") } == 1)
    }

    @Test("five pauses within an hour halve the rate, five in half a day do not")
    func slowsDown() async throws {
        for (gap, rate) in [(60, 0.75), (4_000, 1.5)] {
            let clock = JumpingClock()
            let limiter = RateLimiter(
                RateLimits(perSecond: 1.5, burst: 1, inFlight: 1, pausesUntilSlower: 5),
                time: clock
            )
            for _ in 0..<5 {
                let permit = try await limiter.acquire()
                limiter.pauseHost(after: permit, policy: RetryPolicy(), random: SeededRandom(seed: 1))
                limiter.release(permit)
                clock.advance(by: .seconds(gap))
            }
            #expect(limiter.limits.perSecond == rate)
        }
    }

    @Test("an answer knows how long ago the host was silenced")
    func sincePause() async throws {
        struct Judging: AnswerRules {
            func judge(_ answer: Answer) -> Verdict {
                if answer.status == 401 {
                    return answer.sincePause.map { $0 < .seconds(120) } == true
                        ? .pauseHost(reason: "still paused") : .credentialsDenied(reason: "wrong key")
                }
                return judgeByStatus(answer)
            }
        }
        let paused = FakeTransport { _, number in .json("{}", status: [429, 401, 200][min(number, 3) - 1]) }
        _ = try await makeRig(paused).client.fetch(request, rules: Judging())
        #expect(paused.requests.count == 3)
        let wrong = FakeTransport { _, _ in .json("{}", status: 401) }
        let error = await extractorError { _ = try await makeRig(wrong).client.fetch(request, rules: Judging()) }
        #expect(error?.code == .credentialsRefused)
    }

    @Test("rules may judge a redirect that stays on the host, never one that leaves it")
    func redirects() async throws {
        struct Login: AnswerRules {
            func judge(_ answer: Answer) -> Verdict { judgeByStatus(answer) }
            func judgeRedirect(_ answer: Answer) -> Verdict? { .credentialsDenied(reason: "a login page") }
        }
        for (location, code) in [
            ("/login", ExtractorError.Code.credentialsRefused), ("https://evil.example.com/", .security),
        ] {
            let transport = FakeTransport { _, _ in .json("", status: 302, headers: [("Location", location)]) }
            let error = await extractorError { _ = try await makeRig(transport).client.fetch(request, rules: Login()) }
            #expect(error?.code == code)
        }
    }
}
