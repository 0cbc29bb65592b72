import Extractor
import InMemoryLogging
import JSON
import Logging
import NIOCore
import Testing

@Suite("What is said of a call", .timeLimit(.minutes(1)))
struct TellingTests {
    private let request = APIRequest(
        "/v2/courses/{id}/users",
        pathArguments: ["course-4711"],
        query: [("page", "1"), ("email", "jo@example.org")],
        stream: "enrollments"
    )

    private func failure(
        _ answer: TransportResponse,
        origin: String = "https://school.example.com:8443",
        secrets: [Secret] = []
    ) async throws -> ExtractorError? {
        let rig = try makeRig(FakeTransport { _, _ in answer }, origin: origin, secrets: secrets)
        return await extractorError { _ = try await rig.client.fetch(request) }
    }

    @Test("an error names the address really called, without arguments, and no code of ours")
    func address() async throws {
        let error = try #require(try await failure(.json("{}", status: 404)))
        let address = "GET https://school.example.com:8443/admin/api/v2/courses/{id}/users"
        #expect(error.request == address)
        #expect(error.description == "the platform refused the request: \(address), status 404")
    }

    @Test(
        "every failing answer tells the platform's code, context and message",
        arguments: [400, 401, 403, 404, 422, 429, 500, 503]
    )
    func complaint(_ status: Int) async throws {
        for body in [
            #"{"errors":[{"code":17,"context":"db_locked","message":"try after midnight"}]}"#,
            #"{"code":17,"context":"db_locked","message":"try after midnight"}"#,
            #"{"error":{"code":"17","context":"db_locked","message":"try after midnight"}}"#,
        ] {
            let error = try #require(try await failure(.json(body, status: status)))
            #expect(error.platformCode == "17", "\(body)")
            #expect(error.platformContext == "db_locked")
            #expect(error.platformMessage == "try after midnight")
            #expect(error.description.contains("code 17, context db_locked, the platform says \"try after midnight\""))
        }
    }

    @Test("what a failing answer says is scrubbed, and cut at 200 characters")
    func scrubbed() async throws {
        let body =
            #"{"message":"key top-secret-key of jo@example.org for course-4711 at https://x.example/1 "#
            + String(repeating: "word ", count: 100) + #""}"#
        let error = try #require(try await failure(.json(body, status: 500), secrets: [Secret("top-secret-key")]))
        let message = try #require(error.platformMessage)
        #expect(message.hasPrefix("key [secret] of [value] for [value] at [link] word"))
        #expect(message.count == 200)
        for secret in ["top-secret", "jo@", "course-4711"] { #expect(!error.description.contains(secret)) }
    }

    @Test("one line a call at debug: method, path, status, time and bytes as numbers, no arguments")
    func lines() async throws {
        let clock = JumpingClock()
        let transport = FakeTransport { _, number in
            clock.advance(by: .milliseconds(40))
            if number == 1 { throw TransportFailure(.connectionLost, "the connection broke") }
            return number == 2 ? .json("{}", status: 503) : .json("[1]")
        }
        let rig = try makeRig(transport, time: clock)
        _ = try await rig.client.fetch(request)
        let calls = rig.logs.entries.filter { "\($0.message)" == "call" }
        #expect(calls.count == 3)
        #expect(calls.allSatisfy { $0.level == .debug && $0.metadata["method"] == "GET" })
        #expect(calls.allSatisfy { $0.metadata["path"] == "/admin/api/v2/courses/{id}/users" })
        #expect(calls[0].metadata["error"] == "the connection broke")
        for (call, status, bytes) in [(calls[1], 503, 2), (calls[2], 200, 3)] {
            #expect(number(call.metadata["status"]) == status)
            #expect(number(call.metadata["bytes"]) == bytes)
            #expect(number(call.metadata["ms"]) == 40)
        }
        let text = rig.logs.entries.map { "\($0.message) \($0.metadata)" }.joined(separator: "\n")
        #expect(!text.contains("4711") && !text.contains("jo@"))
    }

    private func number(_ value: Logger.MetadataValue?) -> Int? {
        if case .stringConvertible(let number)? = value { number as? Int } else { nil }
    }

    @Test("a wait of 5 s or more is a notice with its seconds, a shorter one is for debug alone")
    func waits() async throws {
        for (retryAfter, level) in [("37", Logger.Level.notice), ("2", .debug)] {
            let transport = FakeTransport { _, number in
                number == 1 ? .json("{}", status: 503, headers: [("Retry-After", retryAfter)]) : .json("[]")
            }
            let rig = try makeRig(transport)
            _ = try await rig.client.fetch(request)
            let wait = try #require(rig.logs.entries.first { "\($0.message)".hasPrefix("waiting") })
            #expect(wait.level == level)
            #expect("\(wait.message)" == "waiting: status 503")
            guard case .stringConvertible(let seconds)? = wait.metadata["seconds"] else {
                Issue.record("no number")
                continue
            }
            #expect(seconds as? Double == Double(retryAfter))
        }
    }

    @Test("calls that a host refuses together are one notice")
    func oneNotice() async throws {
        let (refused, all) = (Shared(0), Gate())
        let transport = FakeTransport { _, number in
            guard number <= 8 else { return .json("[]") }
            let count = refused.change { count in
                count += 1
                return count
            }
            if count == 8 { for _ in 0..<8 { all.open() } }
            try await all.pass()
            return .json("{}", status: 429)
        }
        let rig = try makeRig(transport)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { _ = try await rig.client.fetch(request) } }
            try await group.waitForAll()
        }
        #expect(rig.logs.entries.count { $0.level == .notice } == 1)
    }

    @Test("an address without the API says so, and is not asked again")
    func noAPI() async throws {
        struct Rules: AnswerRules {
            func judge(_ answer: Answer) -> Verdict { answer.status == 404 ? .noAPI : judgeByStatus(answer) }
        }
        let transport = FakeTransport { _, _ in .json("{}", status: 404) }
        let rig = try makeRig(transport)
        let error = await extractorError { _ = try await rig.client.fetch(request, rules: Rules()) }
        #expect(error?.code == .noAPI)
        #expect(error?.exitClass == .sourceFailed)
        #expect(error?.stopsSource == true)
        #expect(
            error?.message == "no platform API at https://school.example.com/admin/api: check url (or options.api_root)"
        )
        #expect(transport.requests.count == 1)
    }
}
