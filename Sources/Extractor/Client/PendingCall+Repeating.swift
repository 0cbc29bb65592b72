import Logging

/// What follows from an answer that is none: another try, another token, a silence.
extension PendingCall {
    mutating func retryCall(
        _ code: ExtractorError.Code,
        _ message: String,
        answer: Answer?
    ) async throws -> Step {
        callTries += 1
        guard callTries < shared.policy.callTries else { throw failed(code, message, answer: answer) }
        let asked = answer.flatMap(retryAfter) ?? .zero
        guard asked <= shared.policy.longestWait else { throw pauseTooLong(asked, answer) }
        let delay = max(shared.policy.callDelay(after: callTries, random: shared.random), asked)
        tellWait(delay, message, answer, try: callTries)
        try await shared.time.sleep(for: delay)
        return .again
    }

    mutating func remint(
        reason: String,
        answer: Answer,
        authorization: Authorization?
    ) async throws -> Step {
        guard let credentials = client.credentials, let authorization, credentials.canRenew else {
            throw failed(.credentialsRefused, scrub(reason), answer: answer)
        }
        // What ran out on its way says nothing of who is asking.
        let isOld =
            authorization.generation < credentials.generation
            || (authorization.expiresAt.map { $0 <= shared.time.monotonic } ?? false)
        if isOld, repeatsWithNewerToken < 3 {
            repeatsWithNewerToken += 1
            return .again
        }
        guard refusedGeneration == nil else { throw failed(.credentialsRefused, scrub(reason), answer: answer) }
        log(.debug, "token refused", ["status": .stringConvertible(answer.status)])
        try await labelling { try await credentials.renew(refused: authorization.generation) }
        refusedGeneration = authorization.generation
        return .again
    }

    mutating func pauseHost(
        reason: String,
        atLeast: Duration?,
        answer: Answer,
        permit: RatePermit
    ) async throws -> Step {
        let asked = max(atLeast ?? .zero, retryAfter(answer) ?? .zero)
        let pause = shared.limiter.pauseHost(
            after: permit,
            policy: shared.policy,
            random: shared.random,
            atLeast: asked
        )
        guard pause.wait <= shared.policy.longestWait else { throw pauseTooLong(pause.wait, answer) }
        pauseTries += 1
        guard pauseTries < shared.policy.pauseTries else { throw failed(.throttled, scrub(reason), answer: answer) }
        // Calls that were on their way together wait together: one line is enough.
        if pause.isNew { tellWait(pause.wait, scrub(reason), answer, try: pauseTries) }
        return .again
    }

    /// What the platform asks for, by its own clock where it tells it.
    func retryAfter(_ answer: Answer) -> Duration? {
        let now = answer.headers["Date"].flatMap(HTTPDate.microseconds) ?? shared.time.wallMicroseconds
        return RetryAfter.parse(answer.headers.all("Retry-After"), nowMicroseconds: now)
    }

    private func pauseTooLong(_ wait: Duration, _ answer: Answer?) -> ExtractorError {
        var error = failed(.pauseTooLong, "the platform asks for a long silence", answer: answer)
        error.notBeforeMicroseconds = shared.time.wallMicroseconds + wait.microseconds
        return error
    }
}
