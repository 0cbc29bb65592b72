import JSON
import Logging
import NIOCore
import Synchronization

/// One fetch under way: the loop around send and judge, and what it remembers between tries.
struct PendingCall {
    let client: APIClient
    let request: APIRequest
    var sent = 0
    var callTries = 0
    var pauseTries = 0
    var repeatsWithNewerToken = 0
    var refusedGeneration: Int?

    enum Step {
        case done(Page)
        case again
    }

    init(client: APIClient, request: APIRequest) {
        self.client = client
        self.request = request
    }

    var shared: APIClient.Shared { client.shared }

    mutating func run(rules: some AnswerRules) async throws -> Page {
        let target: String
        do throws(ExtractorError) {
            target = try request.target(root: shared.root)
        } catch {
            throw labelled(error)
        }
        while true {
            try Task.checkCancellation()
            if case .done(let page) = try await attempt(target: target, rules: rules) { return page }
        }
    }

    /// One call: credentials, turn, send, judge.
    private mutating func attempt(target: String, rules: some AnswerRules) async throws -> Step {
        let authorization = try await labelling { try await client.credentials?.authorize() }
        let call = self
        let permit = try await labelling {
            try await shared.limiter.acquire(
                longestWait: shared.policy.longestWait,
                probe: shared.probe.map { probe in { try await call.ask(probe, permit: $0) } }
            )
        }
        // The wait may have been long: a token that ran out meanwhile would only be refused.
        if let authorization, let expiry = authorization.expiresAt, expiry <= permit.grantedAt {
            shared.limiter.giveBack(permit)
            return .again
        }
        shared.counter?(RequestEvent(kind: client.kind, stream: request.stream, isRepetition: sent > 0))
        sent += 1
        let response: TransportResponse
        do {
            response = try await send(target, authorization, at: permit.grantedAt)
            shared.limiter.release(permit)
        } catch let failure as TransportFailure {
            shared.limiter.release(permit)
            try Task.checkCancellation()
            guard failure.isRetryable else { throw failed(failure.code, failure.message, answer: nil) }
            return try await retryCall(failure.code, failure.message, answer: nil)
        } catch {
            shared.limiter.release(permit)
            throw error
        }
        let answer = read(response, authorization: authorization, at: permit.grantedAt)
        if let quota = shared.quotaHeaders?.read(answer.headers) {
            shared.limiter.noteQuota(limit: quota.limit, remaining: quota.remaining)
        }
        let verdict: Verdict
        if (300..<400).contains(response.status) {
            let refusal = redirect(response, answer)
            guard refusal.code != .security, let judged = rules.judgeRedirect(answer) else { throw refusal }
            verdict = judged
        } else {
            verdict = rules.judge(answer)
        }
        return try await act(
            on: verdict,
            answer: answer,
            response: response,
            authorization: authorization,
            permit: permit
        )
    }

    /// Sends the call, and tells what became of it: one line a call.
    private func send(
        _ target: String,
        _ authorization: Authorization?,
        at sentAt: Duration
    ) async throws -> TransportResponse {
        client.lastSend?.note(sentAt)
        if let authorization { client.credentials?.noteUse(of: authorization.generation) }
        do {
            let response = try await shared.transport.send(outgoing(target: target, authorization: authorization))
            logCall(
                since: sentAt,
                [
                    "status": .stringConvertible(response.status),
                    "bytes": .stringConvertible(response.body.readableBytes),
                ]
            )
            return response
        } catch let failure as TransportFailure {
            logCall(since: sentAt, ["error": "\(failure.message)"])
            throw failure
        }
    }

    /// Asks the host once whether it listens again.
    ///
    /// - Returns: Whether it does; otherwise it was silenced anew.
    private func ask(_ probe: HostProbe, permit: RatePermit) async throws -> Bool {
        let call = PendingCall(client: client, request: probe.request)
        let target = try probe.request.target(root: shared.root)
        let authorization = try await client.credentials?.authorize()
        shared.counter?(RequestEvent(kind: client.kind, stream: probe.request.stream, isRepetition: false))
        let response: TransportResponse
        do {
            response = try await call.send(target, authorization, at: permit.grantedAt)
        } catch is TransportFailure {
            return try pauseAgain(after: permit, .zero, answer: nil)
        }
        let answer = call.read(response, authorization: authorization, at: permit.grantedAt)
        switch (300..<400).contains(response.status) ? .retry(reason: "redirect") : probe.rules.judge(answer) {
        case .good, .empty: return true
        case .pauseHost(_, let atLeast):
            let asked = max(atLeast ?? .zero, call.retryAfter(answer) ?? .zero)
            return try pauseAgain(after: permit, asked, answer: answer)
        case .credentialsDenied(let reason), .credentialsRefused(let reason):
            throw call.failed(.credentialsRefused, call.scrub(reason), answer: answer)
        default: return try pauseAgain(after: permit, .zero, answer: answer)
        }
    }

    private func pauseAgain(after permit: RatePermit, _ asked: Duration, answer: Answer?) throws -> Bool {
        guard shared.limiter.pausesInRow < shared.policy.pauseTries else {
            throw failed(.throttled, "the host does not listen again", answer: answer)
        }
        let pause = shared.limiter.pauseHost(
            after: permit,
            policy: shared.policy,
            random: shared.random,
            atLeast: asked
        )
        tellWait(pause.wait, "the host does not listen yet", answer)
        return false
    }

    private func outgoing(target: String, authorization: Authorization?) -> TransportRequest {
        var headers = shared.commonHeaders
        for argument in request.headers + (authorization?.headers ?? []) {
            switch argument.value {
            case .plain(let value): headers.append((argument.name, value))
            case .secret(let secret): secret.reveal { headers.append((argument.name, $0)) }
            }
        }
        var body: ByteBuffer?
        switch request.body {
        case .none: break
        case .form(let arguments):
            headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            var bytes: [UInt8] = []
            APIRequest.append(arguments, to: &bytes)
            body = ByteBuffer(bytes: bytes)
        case .json(let text):
            headers.append(("Content-Type", "application/json"))
            body = text.reveal { ByteBuffer(string: $0) }
        }
        return TransportRequest(
            method: request.method,
            origin: shared.origin,
            target: target,
            headers: headers,
            body: body,
            timeLimit: request.timeLimit ?? shared.limits.time,
            byteLimit: request.byteLimit ?? shared.limits.bytes
        )
    }

    private func read(_ response: TransportResponse, authorization: Authorization?, at now: Duration) -> Answer {
        var document: JSONDocument?
        var fault: String?
        var isHTML = false
        if response.body.readableBytes > 0 {
            response.body.withUnsafeReadableBytes { bytes in
                do throws(JSONError) {
                    document = try JSONDocument(parsing: bytes)
                } catch {
                    isHTML = error.code == .html
                    fault = error.message
                }
            }
        } else {
            fault = "the answer is empty"
        }
        return Answer(
            request: request,
            status: response.status,
            headers: response.headers,
            document: document,
            documentFault: fault,
            byteCount: response.body.readableBytes,
            isHTML: isHTML,
            tokenAge: authorization?.mintedAt.map { now - $0 },
            isRepeatedWithNewToken: refusedGeneration != nil,
            sincePause: shared.limiter.sincePause,
            repetitions: callTries,
            followsGoodAnswer: shared.hasGoodAnswer.load(ordering: .relaxed)
        )
    }

    private mutating func act(
        on verdict: Verdict,
        answer: Answer,
        response: TransportResponse,
        authorization: Authorization?,
        permit: RatePermit
    ) async throws -> Step {
        switch verdict {
        case .good:
            guard let document = answer.document else {
                return try await retryCall(.badAnswer, answer.documentFault ?? "the answer is empty", answer: answer)
            }
            shared.limiter.noteSuccess(of: permit)
            shared.hasGoodAnswer.store(true, ordering: .relaxed)
            return .done(page(document, answer: answer, response: response, isEmpty: false))
        case .empty:
            shared.limiter.noteSuccess(of: permit)
            return .done(page(try Self.emptyList(), answer: answer, response: response, isEmpty: true))
        case .credentialsRefused(let reason):
            return try await remint(reason: reason, answer: answer, authorization: authorization)
        case .credentialsDenied(let reason):
            throw failed(.credentialsRefused, scrub(reason), answer: answer)
        case .retry(let reason):
            let code: ExtractorError.Code = (200..<300).contains(answer.status) ? .badAnswer : .platformFailed
            return try await retryCall(code, scrub(reason), answer: answer)
        case .pauseHost(let reason, let atLeast):
            return try await pauseHost(reason: reason, atLeast: atLeast, answer: answer, permit: permit)
        case .quotaSpent(let until):
            var error = failed(.quotaSpent, "the platform's quota is spent", answer: answer)
            error.notBeforeMicroseconds = until
            throw error
        case .fail(let failure):
            throw failed(.platformFailed, "the platform refused the request", answer: answer, saying: failure)
        case .objectUnreadable(let reason):
            throw failed(.objectUnreadable, scrub(reason), answer: answer)
        case .noAPI:
            throw labelled(client.noAPI(status: answer.status))
        }
    }

    private func page(_ document: JSONDocument, answer: Answer, response: TransportResponse, isEmpty: Bool) -> Page {
        Page(
            document: document,
            request: request,
            status: answer.status,
            fetchedAtMicroseconds: shared.time.wallMicroseconds,
            serverDateMicroseconds: answer.headers["Date"].flatMap(HTTPDate.microseconds),
            byteCount: answer.byteCount,
            isEmptyByStatus: isEmpty,
            bodyHash: request.hashesBody ? Self.hash(response.body) : 0,
            headers: answer.headers
        )
    }

    private static func hash(_ body: ByteBuffer) -> Int {
        var hasher = Hasher()
        body.withUnsafeReadableBytes { hasher.combine(bytes: $0) }
        return hasher.finalize()
    }

    private static func emptyList() throws -> JSONDocument {
        try [UInt8]("[]".utf8).withUnsafeBytes { try JSONDocument(parsing: $0) }
    }
}
