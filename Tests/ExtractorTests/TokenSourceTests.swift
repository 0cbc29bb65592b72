import Extractor
import InMemoryLogging
import JSON
import Logging
import NIOCore
import Testing

@Suite("Tokens", .timeLimit(.minutes(1)))
struct TokenSourceTests {
    /// Mints `token-1`, `token-2` … from what the transport answers at `/token`.
    private struct Minting: TokenMinting {
        func mint(using client: APIClient) async throws -> MintedToken {
            let page = try await client.fetch(APIRequest(.post, "/token", stream: "token"), rules: TokenRules())
            return page.document.withRoot { root in
                MintedToken(
                    token: Secret(root["access_token"]?.string ?? ""),
                    statedLife: root["expires_in"]?.int64.map(Double.init)
                )
            }
        }
    }

    private struct TokenRules: AnswerRules {
        func judge(_ answer: Answer) -> Verdict {
            answer.status == 401 ? .credentialsDenied(reason: "invalid client") : judgeByStatus(answer)
        }
    }

    private let request = APIRequest("/v2/users", stream: "learners")

    /// A platform that counts its tokens and accepts those that `isGood` accepts.
    private final class Platform: Sendable {
        let minted = Shared(0)
        let life: String
        let isGood: @Sendable (Int) -> Bool

        init(life: String = "3600", isGood: @escaping @Sendable (Int) -> Bool = { _ in true }) {
            self.life = life
            self.isGood = isGood
        }

        func answer(_ request: TransportRequest) -> TransportResponse {
            if request.target.hasSuffix("/token") {
                let number = minted.change { count in
                    count += 1
                    return count
                }
                return .json("{\"access_token\":\"token-\(number)\",\"expires_in\":\(life)}")
            }
            let number = Int(request.header("Authorization")?.split(separator: "-").last ?? "") ?? 0
            return isGood(number) ? .json("[]") : .json("{}", status: 401)
        }
    }

    private func makeAuthenticated(
        _ transport: FakeTransport,
        clock: any TimeSource = JumpingClock(),
        renewal: TokenSource.Renewal = .ahead
    ) throws -> (client: APIClient, rig: Rig, tokens: TokenSource) {
        let rig = try makeRig(transport, time: clock)
        let tokens = TokenSource(minting: Minting(), client: rig.client, renewal: renewal)
        return (rig.client.authenticated(by: tokens), rig, tokens)
    }

    @Test("minted once, used by all, counted apart")
    func mintsOnce() async throws {
        let platform = Platform()
        let transport = FakeTransport { request, _ in platform.answer(request) }
        let (client, rig, _) = try makeAuthenticated(transport)
        try await withThrowingTaskGroup { group in
            for _ in 0..<20 { group.addTask { _ = try await client.fetch(request) } }
            try await group.waitForAll()
        }
        #expect(platform.minted.value == 1)
        #expect(rig.events.tokens.count == 1)
        #expect(rig.events.data.count == 20)
        #expect(
            transport.requests.filter { $0.target.hasSuffix("/token") }.allSatisfy { $0.header("Authorization") == nil }
        )
        #expect(transport.requests.last?.header("Authorization") == "Bearer token-1")
    }

    @Test("many refusals at once cost one mint, and every call is repeated once")
    func oneMintForManyRefusals() async throws {
        let platform = Platform { $0 >= 2 }
        let (refused, allRefused) = (Shared(0), Gate())
        let transport = FakeTransport { request, _ in
            let answer = platform.answer(request)
            if answer.status == 401 {
                // Nobody learns of the refusal before everybody has been refused.
                let count = refused.change { count in
                    count += 1
                    return count
                }
                if count == 16 { for _ in 0..<16 { allRefused.open() } }
                try await allRefused.pass()
            } else if request.target.hasSuffix("/token") {
                // Time for the others to queue up for a token.
                for _ in 0..<500 { await Task.yield() }
            }
            return answer
        }
        let (client, rig, tokens) = try makeAuthenticated(transport)
        try await withThrowingTaskGroup { group in
            for _ in 0..<16 { group.addTask { _ = try await client.fetch(request) } }
            try await group.waitForAll()
        }
        #expect(platform.minted.value == 2)
        #expect(tokens.generation == 2)
        #expect(rig.events.data.count == 32)
    }

    @Test("a call refused with an older token repeats with the current one, without minting")
    func olderToken() async throws {
        let platform = Platform { $0 >= 2 }
        let (reached, gate) = (Gate(), Gate())
        let transport = FakeTransport { request, number in
            let answer = platform.answer(request)
            // The first data call is refused only after another one has already brought a new token.
            if request.target.hasSuffix("slow"), request.header("Authorization") == "Bearer token-1" {
                reached.open()
                try await gate.pass()
            }
            return answer
        }
        let (client, _, tokens) = try makeAuthenticated(transport)
        async let slow = client.fetch(APIRequest("/slow", stream: "learners"))
        try await reached.pass()
        _ = try await client.fetch(request)
        #expect(tokens.generation == 2)
        gate.open()
        _ = try await slow
        #expect(platform.minted.value == 2)
    }

    @Test("a second refusal ends with 77")
    func refusedTwice() async throws {
        let platform = Platform { _ in false }
        let transport = FakeTransport { request, _ in platform.answer(request) }
        let (client, _, _) = try makeAuthenticated(transport)
        let error = await extractorError { _ = try await client.fetch(request) }
        #expect(error?.code == .credentialsRefused)
        #expect(error?.exitClass == .credentialsRefused)
        #expect(platform.minted.value == 2)
        #expect(transport.requests.count == 4)
    }

    @Test("the rules see the token's age and the repetition")
    func rulesSeeTheRepetition() async throws {
        struct ObjectRules: AnswerRules {
            let ages: @Sendable (Duration?) -> Void
            func judge(_ answer: Answer) -> Verdict {
                ages(answer.tokenAge)
                if answer.status == 401 {
                    return answer.isRepeatedWithNewToken
                        ? .objectUnreadable(reason: "no") : .credentialsRefused(reason: "no")
                }
                return judgeByStatus(answer)
            }
        }
        let clock = JumpingClock()
        let platform = Platform { _ in false }
        let transport = FakeTransport { request, _ in platform.answer(request) }
        let (client, _, tokens) = try makeAuthenticated(transport, clock: clock)
        _ = try await tokens.authorize()
        clock.advance(by: .seconds(90))
        let ages = Shared<[Duration?]>([])
        let rules = ObjectRules { age in ages.change { $0.append(age) } }
        let error = await extractorError { _ = try await client.fetch(request, rules: rules) }
        #expect(error?.code == .objectUnreadable)
        #expect(ages.value == [.seconds(90), .zero])
    }

    @Test("credentials the platform denies are final, without asking again")
    func denied() async throws {
        let transport = FakeTransport { _, _ in .json("{\"error\":\"invalid_client\"}", status: 401) }
        let (client, _, _) = try makeAuthenticated(transport)
        for _ in 0..<3 {
            let error = await extractorError { _ = try await client.fetch(request) }
            #expect(error?.exitClass == .credentialsRefused)
        }
        #expect(transport.requests.count == 1)
    }

    @Test(
        "renewed ahead when 10 % or 300 s are left",
        arguments: [
            ("3600", 3_299, 3_301), ("1000", 899, 901), ("31536000", 31_535_699, 31_535_701),
        ]
    )
    func renewsAhead(_ life: String, _ before: Int, _ after: Int) async throws {
        let clock = JumpingClock()
        let platform = Platform(life: life)
        let transport = FakeTransport { request, _ in platform.answer(request) }
        let (client, _, tokens) = try makeAuthenticated(transport, clock: clock)
        _ = try await client.fetch(request)
        clock.advance(by: .seconds(before))
        _ = try await client.fetch(request)
        #expect(tokens.generation == 1)
        clock.advance(by: .seconds(after - before))
        _ = try await client.fetch(request)
        #expect(tokens.generation == 2)
    }

    @Test("a token that cannot be renewed ahead stays in use until it ends")
    func renewalFails() async throws {
        let clock = JumpingClock()
        let platform = Platform(life: "36000")
        let transport = FakeTransport { request, number in
            if request.target.hasSuffix("/token"), number > 1 { return .json("{}", status: 503) }
            return platform.answer(request)
        }
        let (client, rig, tokens) = try makeAuthenticated(transport, clock: clock)
        _ = try await client.fetch(request)
        clock.advance(by: .seconds(35_750))
        _ = try await client.fetch(request)
        _ = try await client.fetch(request)
        #expect(tokens.generation == 1)
        #expect(rig.events.tokens.count == 7)
        clock.advance(by: .seconds(300))
        #expect(await extractorError { _ = try await client.fetch(request) }?.status == 503)
    }

    @Test(
        "a missing, zero, negative or absurd life counts as 60 s",
        arguments: [
            "null", "0", "-1", "\"3600\"", "1000000000000",
        ]
    )
    func badLife(_ life: String) async throws {
        let clock = JumpingClock()
        let platform = Platform(life: life)
        let transport = FakeTransport { request, _ in platform.answer(request) }
        let (client, _, tokens) = try makeAuthenticated(transport, clock: clock)
        _ = try await client.fetch(request)
        clock.advance(by: .seconds(53))
        _ = try await client.fetch(request)
        #expect(tokens.generation == 1)
        clock.advance(by: .seconds(2))
        _ = try await client.fetch(request)
        #expect(tokens.generation == 2)
    }

    @Test("a token that no header may carry is refused", arguments: ["", "a b", "tök", "a\\nb"])
    func badToken(_ token: String) async throws {
        let transport = FakeTransport { _, _ in .json("{\"access_token\":\"\(token)\",\"expires_in\":60}") }
        let (client, _, _) = try makeAuthenticated(transport)
        let error = await extractorError { _ = try await client.fetch(request) }
        #expect(error?.code == .badAnswer)
    }

    @Test("three mints a minute at most")
    func mintRate() async throws {
        let clock = JumpingClock()
        let platform = Platform()
        let transport = FakeTransport { request, _ in platform.answer(request) }
        let (_, _, tokens) = try makeAuthenticated(transport, clock: clock)
        let begin = clock.monotonic
        for generation in 0..<7 { try await tokens.renew(refused: generation) }
        #expect(platform.minted.value == 7)
        #expect(clock.monotonic - begin >= .seconds(120))
    }

    @Test("a token that ran out while the call waited for its turn is replaced before it is sent")
    func expiresWhileWaiting() async throws {
        let clock = JumpingClock()
        let platform = Platform(life: "100")
        let transport = FakeTransport { request, _ in platform.answer(request) }
        let (client, rig, _) = try makeAuthenticated(transport, clock: clock)
        _ = try await client.fetch(request)
        rig.limiter.pause(for: .seconds(200))
        _ = try await client.fetch(request)
        #expect(transport.requests.last?.header("Authorization") == "Bearer token-2")
        #expect(rig.events.data.count == 2)
    }

    @Test("where a new token is the old one, it is used up to the margin and then waited out")
    func renewalAtEnd() async throws {
        let clock = JumpingClock()
        let platform = Platform(life: "100")
        let transport = FakeTransport { request, _ in platform.answer(request) }
        let (client, _, tokens) = try makeAuthenticated(transport, clock: clock, renewal: .atEnd(margin: .seconds(5)))
        _ = try await client.fetch(request)
        clock.advance(by: .seconds(94))
        _ = try await client.fetch(request)
        #expect(tokens.generation == 1)
        clock.advance(by: .seconds(2))
        _ = try await client.fetch(request)
        #expect(tokens.generation == 2)
        #expect(clock.sleeps == [.seconds(4)])
    }

    @Test("a token that lives a second is used for that second, and the wait for the next one is told")
    func shortLife() async throws {
        let clock = JumpingClock()
        let platform = Platform(life: "1")
        let transport = FakeTransport { request, _ in platform.answer(request) }
        for renewal in [TokenSource.Renewal.atEnd(margin: .seconds(5)), .ahead] {
            platform.minted.change { $0 = 0 }
            let (client, rig, _) = try makeAuthenticated(transport, clock: clock, renewal: renewal)
            for _ in 0..<12 {
                _ = try await client.fetch(request)
                clock.advance(by: .milliseconds(300))
            }
            #expect(rig.events.data.count == 12)
            #expect(platform.minted.value <= 5)
            let told = rig.logs.entries.filter { $0.level == .notice }
            #expect(told.contains { "\($0.message)".contains("three tokens") && $0.metadata["seconds"] != nil })
        }
    }

    @Test("tokens that are over before a call can be made end the source and say what to do", arguments: [true, false])
    func tooShortLife(isAtEnd: Bool) async throws {
        let clock = JumpingClock()
        let platform = Platform(life: "1")
        let transport = FakeTransport { request, _ in
            // The answer with the token takes longer than the token lives.
            if request.target.hasSuffix("/token") { clock.advance(by: .seconds(2)) }
            return platform.answer(request)
        }
        let renewal = isAtEnd ? TokenSource.Renewal.atEnd(margin: .seconds(5)) : .ahead
        let (client, rig, _) = try makeAuthenticated(transport, clock: clock, renewal: renewal)
        let error = await extractorError { _ = try await client.fetch(request) }
        #expect(error?.code == .tokenUnavailable)
        #expect(error?.stopsSource == true)
        #expect(error?.message.contains("live 1.0 s") == true)
        #expect(error?.message.contains("raised") == true)
        #expect(rig.events.data.isEmpty)
        #expect(platform.minted.value == 3)
    }

    @Test("a token's life begins when it is asked for, not when the task began to wait for its turn")
    func lifeBeginsWithTheCall() async throws {
        let clock = JumpingClock()
        let platform = Platform(life: "60")
        let transport = FakeTransport { request, _ in platform.answer(request) }
        let (client, rig, _) = try makeAuthenticated(transport, clock: clock)
        rig.limiter.pause(for: .seconds(200))
        _ = try await client.fetch(request)
        #expect(platform.minted.value == 1)
    }

    @Test("a token that ran out on its way is no refusal of who is asking")
    func expiresOnItsWay() async throws {
        let clock = JumpingClock()
        let platform = Platform(life: "10") { $0 >= 3 }
        let transport = FakeTransport { request, _ in
            if !request.target.hasSuffix("/token") { clock.advance(by: .seconds(11)) }
            return platform.answer(request)
        }
        let (client, _, _) = try makeAuthenticated(transport, clock: clock)
        _ = try await client.fetch(request)
        #expect(platform.minted.value == 3)
    }

    @Test("a pinned token never mints")
    func pinned() async throws {
        let transport = FakeTransport { _, _ in .json("{}", status: 401) }
        let rig = try makeRig(transport)
        let client = rig.client.authenticated(by: FixedCredentials(bearer: Secret("pinned")))
        let error = await extractorError { _ = try await client.fetch(request) }
        #expect(error?.exitClass == .credentialsRefused)
        #expect(transport.requests.count == 1)
        #expect(transport.requests.first?.header("Authorization") == "Bearer pinned")
        #expect(transport.requests.first?.header("Lw-Client") == "client-1")
    }

    @Test("a cancelled mint hands its turn on")
    func cancelledMint() async throws {
        let (started, gate) = (Gate(), Gate())
        let platform = Platform()
        let transport = FakeTransport { request, number in
            if number == 1 {
                started.open()
                try await gate.pass()
            }
            return platform.answer(request)
        }
        let (client, _, _) = try makeAuthenticated(transport)
        let first = Task { try await client.fetch(request) }
        try await started.pass()
        let second = Task { try await client.fetch(request) }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        _ = try await second.value
        #expect(platform.minted.value == 1)
    }
}
