import JSON
import Logging
import NIOCore

/// One fetch under way: the loop around send and judge, and what it remembers between tries.
struct PendingCall {
    let client: APIClient
    let request: APIRequest
    private var sent = 0
    private var callTries = 0
    private var pauseTries = 0
    private var repeatsWithNewerToken = 0
    private var refusedGeneration: Int?

    private enum Step {
        case done(Page)
        case again
    }

    init(client: APIClient, request: APIRequest) {
        self.client = client
        self.request = request
    }

    private var shared: APIClient.Shared { client.shared }

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
            response = try await shared.transport.send(outgoing(target: target, authorization: authorization))
            shared.limiter.release(permit)
        } catch let failure as TransportFailure {
            shared.limiter.release(permit)
            try Task.checkCancellation()
            guard failure.isRetryable else { throw failed(failure.code, failure.message) }
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
            let refusal = redirect(response)
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
            response = try await shared.transport.send(call.outgoing(target: target, authorization: authorization))
        } catch is TransportFailure {
            return try pauseAgain(after: permit, .zero, status: nil)
        }
        let answer = call.read(response, authorization: authorization, at: permit.grantedAt)
        switch (300..<400).contains(response.status) ? .retry(reason: "redirect") : probe.rules.judge(answer) {
        case .good, .empty: return true
        case .pauseHost(_, let atLeast):
            let asked = max(atLeast ?? .zero, call.retryAfter(answer) ?? .zero)
            return try pauseAgain(after: permit, asked, status: answer.status)
        case .credentialsDenied(let reason), .credentialsRefused(let reason):
            throw call.failed(.credentialsRefused, call.scrub(reason), status: answer.status)
        default: return try pauseAgain(after: permit, .zero, status: answer.status)
        }
    }

    private func pauseAgain(after permit: RatePermit, _ asked: Duration, status: Int?) throws -> Bool {
        guard shared.limiter.pausesInRow < shared.policy.pauseTries else {
            throw failed(.throttled, "the host does not listen again", status: status)
        }
        shared.limiter.pauseHost(after: permit, policy: shared.policy, random: shared.random, atLeast: asked)
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
            repetitions: callTries
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
            return .done(page(document, answer: answer, response: response, isEmpty: false))
        case .empty:
            shared.limiter.noteSuccess(of: permit)
            return .done(page(try Self.emptyList(), answer: answer, response: response, isEmpty: true))
        case .credentialsRefused(let reason):
            return try await remint(reason: reason, status: answer.status, authorization: authorization)
        case .credentialsDenied(let reason):
            throw failed(.credentialsRefused, scrub(reason), status: answer.status)
        case .retry(let reason):
            let code: ExtractorError.Code = (200..<300).contains(answer.status) ? .badAnswer : .platformFailed
            return try await retryCall(code, scrub(reason), answer: answer)
        case .pauseHost(let reason, let atLeast):
            return try await pauseHost(reason: reason, atLeast: atLeast, answer: answer, permit: permit)
        case .quotaSpent(let until):
            var error = failed(.quotaSpent, "the platform's quota is spent", status: answer.status)
            error.notBeforeMicroseconds = until
            throw error
        case .fail(let failure):
            throw platformFailed(failure, status: answer.status)
        case .objectUnreadable(let reason):
            throw failed(.objectUnreadable, scrub(reason), status: answer.status)
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

extension PendingCall {
    private mutating func retryCall(
        _ code: ExtractorError.Code,
        _ message: String,
        answer: Answer?
    ) async throws -> Step {
        callTries += 1
        guard callTries < shared.policy.callTries else { throw failed(code, message, status: answer?.status) }
        let asked = answer.flatMap(retryAfter) ?? .zero
        guard asked <= shared.policy.longestWait else { throw pauseTooLong(asked, status: answer?.status) }
        let delay = max(shared.policy.callDelay(after: callTries, random: shared.random), asked)
        log("call failed, trying again", ["code": "\(code)", "try": "\(callTries)", "delay": "\(delay)"])
        try await shared.time.sleep(for: delay)
        return .again
    }

    private mutating func remint(
        reason: String,
        status: Int,
        authorization: Authorization?
    ) async throws -> Step {
        guard let credentials = client.credentials, let authorization, credentials.canRenew else {
            throw failed(.credentialsRefused, scrub(reason), status: status)
        }
        if authorization.generation < credentials.generation, repeatsWithNewerToken < 3 {
            repeatsWithNewerToken += 1
            return .again
        }
        guard refusedGeneration == nil else { throw failed(.credentialsRefused, scrub(reason), status: status) }
        log("token refused", ["status": "\(status)"])
        try await labelling { try await credentials.renew(refused: authorization.generation) }
        refusedGeneration = authorization.generation
        return .again
    }

    private mutating func pauseHost(
        reason: String,
        atLeast: Duration?,
        answer: Answer,
        permit: RatePermit
    ) async throws -> Step {
        let asked = max(atLeast ?? .zero, retryAfter(answer) ?? .zero)
        let wait = shared.limiter.pauseHost(
            after: permit,
            policy: shared.policy,
            random: shared.random,
            atLeast: asked
        )
        guard wait <= shared.policy.longestWait else { throw pauseTooLong(wait, status: answer.status) }
        pauseTries += 1
        guard pauseTries < shared.policy.pauseTries else {
            throw failed(.throttled, scrub(reason), status: answer.status)
        }
        log("host paused", ["status": "\(answer.status)", "try": "\(pauseTries)", "wait": "\(wait)"])
        return .again
    }

    /// What the platform asks for, by its own clock where it tells it.
    private func retryAfter(_ answer: Answer) -> Duration? {
        let now = answer.headers["Date"].flatMap(HTTPDate.microseconds) ?? shared.time.wallMicroseconds
        return RetryAfter.parse(answer.headers.all("Retry-After"), nowMicroseconds: now)
    }

    private func pauseTooLong(_ wait: Duration, status: Int?) -> ExtractorError {
        var error = failed(.pauseTooLong, "the platform asks for a long silence", status: status)
        error.notBeforeMicroseconds = shared.time.wallMicroseconds + wait.microseconds
        return error
    }

    private func redirect(_ response: TransportResponse) -> ExtractorError {
        guard let location = response.headers["Location"] else {
            return failed(
                .badAnswer,
                "the platform answered with a redirect that leads nowhere",
                status: response.status
            )
        }
        do throws(ExtractorError) {
            _ = try NextLink.resolve(location, origin: shared.origin, root: "", following: request)
            return failed(
                .badAnswer,
                "the platform redirects within its host: wrong path, or a login page",
                status: response.status
            )
        } catch {
            // A relative location without a leading slash stays on the host too.
            if !location.contains(":"), !location.hasPrefix("//"), !location.contains("\\") {
                return failed(.badAnswer, "the platform redirects within its host", status: response.status)
            }
            return failed(.security, "the platform redirects to another origin; not followed", status: response.status)
        }
    }

    private func platformFailed(_ failure: PlatformFailure, status: Int) -> ExtractorError {
        let scrubber = makeScrubber()
        var error = failed(.platformFailed, "the platform refused the request", status: status)
        error.platformCode = failure.code.map { scrubber.scrub($0, limit: 64) }
        error.platformContext = failure.context.map { scrubber.scrub($0, limit: 64) }
        error.platformMessage = failure.message.map { scrubber.scrub($0) }
        error.exitOverride = failure.exitClass
        return error
    }

    private func scrub(_ text: String) -> String { makeScrubber().scrub(text) }

    private func makeScrubber() -> MessageScrubber {
        MessageScrubber(
            secrets: shared.secrets + (client.credentials?.secrets ?? []) + request.ownSecrets,
            values: request.echoedValues
        )
    }

    private func failed(_ code: ExtractorError.Code, _ message: String, status: Int? = nil) -> ExtractorError {
        var error = labelled(ExtractorError(code, message))
        error.status = status
        return error
    }

    private func labelled(_ error: ExtractorError) -> ExtractorError {
        var error = error
        error.request = error.request ?? "\(request) at \(shared.origin.host)"
        error.stream = error.stream ?? request.stream
        return error
    }

    private func labelling<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as ExtractorError {
            throw labelled(error)
        }
    }

    private func log(_ message: Logger.Message, _ metadata: Logger.Metadata) {
        var metadata = metadata
        metadata["host"] = "\(shared.origin.host)"
        metadata["path"] = "\(request.pathTemplate)"
        metadata["stream"] = "\(request.stream)"
        shared.logger.debug(message, metadata: metadata)
    }
}
