import Extractor
import InMemoryLogging
import JSON
import NIOCore
import Testing

@Suite("Retries", .timeLimit(.minutes(1)))
struct RetryTests {
    private let request = APIRequest("/v2/users", query: [("page", "1")], stream: "learners")

    /// Rules with one answer for everything that is not 200.
    private struct FixedRules: AnswerRules {
        let verdict: Verdict
        func judge(_ answer: Answer) -> Verdict { answer.status == 200 ? .good : verdict }
    }

    @Test("the delay of a call is drawn between 0 and 1, 2, 4 … 60 s")
    func callDelays() {
        let policy = RetryPolicy()
        let random = SeededRandom(seed: 3)
        for (attempt, cap) in zip(1..., [1, 2, 4, 8, 16, 32, 60, 60]) {
            var largest = Duration.zero
            for _ in 0..<200 {
                let delay = policy.callDelay(after: attempt, random: random)
                #expect(delay >= .zero && delay <= .seconds(cap))
                largest = max(largest, delay)
            }
            #expect(largest > .seconds(cap) * 0.8)
        }
        for (step, base) in zip(1..., [10, 20, 40, 80, 120, 120]) {
            let pause = policy.pause(step: step, random: random)
            #expect(pause >= .seconds(base) && pause <= .seconds(base) * 1.2)
        }
    }

    @Test("six tries of a call that keeps failing, then the status is told", arguments: [500, 502, 503, 504, 408])
    func serverErrors(_ status: Int) async throws {
        let clock = JumpingClock()
        let transport = FakeTransport { _, _ in .json("{}", status: status) }
        let rig = try makeRig(transport, time: clock)
        let error = await extractorError { _ = try await rig.client.fetch(request) }
        #expect(error?.code == .platformFailed)
        #expect(error?.status == status)
        #expect(error?.exitClass == .sourceFailed)
        #expect(transport.requests.count == 6)
        #expect(rig.events.data.count == 6)
        #expect(rig.events.data.map(\.isRepetition) == [false, true, true, true, true, true])
        #expect(rig.events.data.allSatisfy { $0.stream == "learners" })
        #expect(clock.sleeps.count == 5)
    }

    @Test("other statuses are told at once", arguments: [400, 403, 404, 409, 422])
    func clientErrors(_ status: Int) async throws {
        let transport = FakeTransport { _, _ in .json("{}", status: status) }
        let error = await extractorError { _ = try await makeRig(transport).client.fetch(request) }
        #expect(error?.code == .platformFailed)
        #expect(error?.status == status)
        #expect(transport.requests.count == 1)
    }

    @Test(
        "lost connections and timeouts are repeated, hopeless failures are not",
        arguments: [
            (TransportFailure.Kind.unreachable, ExtractorError.Code.unreachable, 6), (.timedOut, .timedOut, 6),
            (.connectionLost, .connectionLost, 6), (.tooLarge, .tooLarge, 1), (.addressRefused, .security, 1),
            (.invalidRequest, .invalidRequest, 1),
        ]
    )
    func transportFailures(_ kind: TransportFailure.Kind, _ code: ExtractorError.Code, _ tries: Int) async throws {
        let transport = FakeTransport { _, _ in throw TransportFailure(kind, "no") }
        let error = await extractorError { _ = try await makeRig(transport).client.fetch(request) }
        #expect(error?.code == code)
        #expect(transport.requests.count == tries)
    }

    @Test(
        "an answer that is no JSON is asked for again",
        arguments: [
            "", "<html><body>login</body></html>", "{\"data\":[", "[] []", "{\"a\":1}{\"b\":2}",
        ]
    )
    func badAnswers(_ body: String) async throws {
        let transport = FakeTransport { _, number in .json(number < 3 ? body : "[]") }
        let page = try await makeRig(transport).client.fetch(request)
        #expect(page.byteCount == 2)
        #expect(transport.requests.count == 3)
        let always = FakeTransport { _, _ in .json(body) }
        let error = await extractorError { _ = try await makeRig(always).client.fetch(request) }
        #expect(error?.code == .badAnswer)
        #expect(error?.isRetryable == true)
        #expect(always.requests.count == 6)
    }

    @Test("too many requests silence the host, longer each time, eight times at most")
    func throttled() async throws {
        let clock = JumpingClock()
        let transport = FakeTransport { _, _ in .json("{\"error\":\"Too many requests\"}", status: 429) }
        let error = await extractorError { _ = try await makeRig(transport, time: clock).client.fetch(request) }
        #expect(error?.code == .throttled)
        #expect(transport.requests.count == 8)
        let bases = [10, 20, 40, 80, 120, 120, 120]
        #expect(clock.sleeps.count == bases.count)
        for (sleep, base) in zip(clock.sleeps, bases) {
            #expect(sleep >= .seconds(base) && sleep <= .seconds(base) * 1.2)
        }
    }

    @Test(
        "Retry-After lengthens a pause and never shortens it",
        arguments: [
            ("0", 10.0...12.0), ("60", 60...60), ("-5", 10...12), ("abc", 10...12),
            ("Tue, 14 Nov 2023 22:31:40 GMT", 120...120),
        ]
    )
    func retryAfter(_ value: String, _ range: ClosedRange<Double>) async throws {
        let clock = JumpingClock()
        let transport = FakeTransport { _, number in
            // The jumping clock begins at 1,700,001,000 s; the server's own date is 100 s before the named one.
            let date = ("Date", "Tue, 14 Nov 2023 22:29:40 GMT")
            return number == 1 ? .json("{}", status: 429, headers: [("Retry-After", value), date]) : .json("[]")
        }
        _ = try await makeRig(transport, time: clock).client.fetch(request)
        let slept = try #require(clock.sleeps.first)
        #expect(range.contains(Double(slept.components.seconds) + Double(slept.components.attoseconds) / 1e18))
    }

    @Test(
        "a Retry-After beyond five minutes ends the run with the moment to come back",
        arguments: [
            ("301", 301), ("86400", 86_400), ("1000000000000", 86_400),
        ]
    )
    func longRetryAfter(_ value: String, _ seconds: Int64) async throws {
        let clock = JumpingClock()
        let transport = FakeTransport { _, _ in .json("{}", status: 429, headers: [("Retry-After", value)]) }
        let rig = try makeRig(transport, time: clock)
        let error = await extractorError { _ = try await rig.client.fetch(request) }
        #expect(error?.code == .pauseTooLong)
        #expect(error?.exitClass == .tryLater)
        #expect(error?.notBeforeMicroseconds == clock.wallMicroseconds + seconds * 1_000_000)
        #expect(clock.sleeps.isEmpty)
        // Everybody else on the host is told the same, without a call.
        let other = await extractorError { _ = try await rig.client.fetch(request) }
        #expect(other?.code == .pauseTooLong)
        #expect(transport.requests.count == 1)
    }

    @Test("Retry-After of an overloaded server delays the call alone")
    func retryAfterOnServerError() async throws {
        let clock = JumpingClock()
        let transport = FakeTransport { _, number in
            number == 1 ? .json("{}", status: 503, headers: [("Retry-After", "90")]) : .json("[]")
        }
        _ = try await makeRig(transport, time: clock).client.fetch(request)
        #expect(clock.sleeps == [.seconds(90)])
        let long = FakeTransport { _, _ in .json("{}", status: 503, headers: [("Retry-After", "900")]) }
        let error = await extractorError { _ = try await makeRig(long, time: clock).client.fetch(request) }
        #expect(error?.code == .pauseTooLong)
        #expect(long.requests.count == 1)
    }

    @Test(
        "redirects are never followed",
        arguments: [
            ("https://evil.example.com/x", ExtractorError.Code.security), ("//evil.example.com/x", .security),
            ("http://school.example.com/x", .security), ("https://school.example.com:444/x", .security),
            ("https://user@school.example.com/x", .security), ("/login", .badAnswer), ("login?x=1", .badAnswer),
            ("https://school.example.com/login", .badAnswer), ("/admin/api/v2/users?page=1", .badAnswer),
        ]
    )
    func redirects(_ location: String, _ code: ExtractorError.Code) async throws {
        for status in [301, 302, 303, 304, 307, 308] {
            let transport = FakeTransport { _, _ in .json("", status: status, headers: [("Location", location)]) }
            let error = await extractorError { _ = try await makeRig(transport).client.fetch(request) }
            #expect(error?.code == code)
            #expect(transport.requests.count == 1)
            #expect(error.map { !"\($0)".contains("evil") } == true)
        }
    }

    @Test(
        "verdicts become errors",
        arguments: [
            (
                Verdict.credentialsDenied(reason: "no"), ExtractorError.Code.credentialsRefused,
                ExtractorError.ExitClass.credentialsRefused
            ),
            (.quotaSpent(untilMicroseconds: 5), .quotaSpent, .tryLater),
            (.objectUnreadable(reason: "no"), .objectUnreadable, .sourceFailed),
            (.fail(PlatformFailure(code: "7", exitClass: .credentialsRefused)), .platformFailed, .credentialsRefused),
            (.credentialsRefused(reason: "no"), .credentialsRefused, .credentialsRefused),
        ]
    )
    func verdicts(_ verdict: Verdict, _ code: ExtractorError.Code, _ exit: ExtractorError.ExitClass) async throws {
        let transport = FakeTransport { _, _ in .json("{}", status: 400) }
        let rig = try makeRig(transport)
        let error = await extractorError {
            _ = try await rig.client.fetch(request, rules: FixedRules(verdict: verdict))
        }
        #expect(error?.code == code)
        #expect(error?.exitClass == exit)
        #expect(transport.requests.count == 1)
    }

    @Test("an empty list by status is a page without items")
    func emptyByStatus() async throws {
        let transport = FakeTransport { _, _ in TransportResponse(status: 404) }
        let page = try await makeRig(transport).client.fetch(request, rules: FixedRules(verdict: .empty))
        #expect(page.isEmptyByStatus)
        #expect(page.document.withRoot { $0.count } == 0)
    }

    @Test("a page knows the server's time and ours")
    func times() async throws {
        let transport = FakeTransport { _, _ in .json("[]", headers: [("date", "Sun, 06 Nov 1994 08:49:37 GMT")]) }
        let clock = JumpingClock()
        let page = try await makeRig(transport, time: clock).client.fetch(request)
        #expect(page.serverDateMicroseconds == 784_111_777_000_000)
        #expect(page.fetchedAtMicroseconds == clock.wallMicroseconds)
    }

    @Test("cancellation passes through sleeping and sending")
    func cancellation() async throws {
        let clock = StalledClock()
        let failing = FakeTransport { _, _ in .json("{}", status: 500) }
        let rig = try makeRig(failing, time: clock)
        let sleeping = Task { try await rig.client.fetch(request) }
        await clock.waitForSleeper()
        sleeping.cancel()
        await #expect(throws: CancellationError.self) { try await sleeping.value }

        let (started, gate) = (Gate(), Gate())
        let hanging = FakeTransport { _, _ in
            started.open()
            try await gate.pass()
            return .json("[]")
        }
        let hung = try makeRig(hanging)
        let sending = Task { try await hung.client.fetch(request) }
        try await started.pass()
        sending.cancel()
        await #expect(throws: CancellationError.self) { try await sending.value }
    }

    @Test("no secret, argument or foreign text in errors and logs")
    func nothingLeaks() async throws {
        struct EchoingRules: AnswerRules {
            let body: String
            func judge(_ answer: Answer) -> Verdict {
                answer.status == 500
                    ? .retry(reason: body)
                    : .fail(PlatformFailure(code: body, context: body, message: body))
            }
        }
        let echo =
            "Bearer token-abcdef-0123456789 key k3y%2Fvalue-987654321 user person-47110815 ada@example.org token-ab"
        for status in [400, 500] {
            let transport = FakeTransport { _, _ in .json("{}", status: status) }
            let rig = try makeRig(transport, secrets: [Secret("k3y/value-987654321")])
            let client = rig.client.authenticated(by: FixedCredentials(bearer: Secret("token-abcdef-0123456789")))
            let request = APIRequest("/v2/users/{id}", pathArguments: ["person-47110815"], stream: "learners")
            let error = await extractorError {
                _ = try await client.fetch(request, rules: EchoingRules(body: echo))
            }
            var texts = ["\(String(describing: error))", String(reflecting: error)]
            texts += rig.logs.entries.map { "\($0.message) \($0.metadata)" }
            #expect(status == 400 || texts.count > 2)
            for text in texts {
                for part in ["token-ab", "k3y", "987654321", "47110815", "ada@"] {
                    #expect(!text.contains(part), "\(part) in \(text)")
                }
            }
            #expect(error?.request == "GET https://school.example.com/admin/api/v2/users/{id}")
        }
    }
}
