import NIOCore

extension LearnWorldsPlatform {
    /// Faults of the network and of what stands before the platform: they ask for no credentials.
    func faultBeforeCredentials(_ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer? {
        guard isHit(request, world.faults) else { return nil }
        if take(&world.faults.closedCalls) { return delivered(.closed) }
        if take(&world.faults.stalledCalls) { return delivered(.stalled) }
        if take(&world.faults.redirectCalls) {
            var answer = SimulatedAnswer(status: world.faults.redirectStatus, text: "")
            answer.headers = [("Location", world.faults.redirectTo)]
            return answer
        }
        if take(&world.faults.htmlCalls) {
            var answer = SimulatedAnswer(status: 200, text: "<!DOCTYPE html><html><body><h1>Sign in</h1></body></html>")
            answer.contentType = "text/html; charset=utf-8"
            return answer
        }
        let isOverLimit =
            world.faults.rateLimit > 0
            && world.requests.callsInLast(seconds: world.faults.rateWindow) > world.faults.rateLimit
        if isOverLimit || take(&world.faults.tooManyRequestsCalls) {
            var answer = SimulatedAnswer(status: 429, text: "{\"error\":\"Too many requests\"}")
            if !world.faults.retryAfter.isEmpty { answer.headers = [("Retry-After", world.faults.retryAfter)] }
            return answer
        }
        if take(&world.faults.serverErrorCalls) {
            return error(world.faults.serverErrorStatus, "server_error", "Internal error", world)
        }
        return nil
    }

    /// Faults that spoil a good answer.
    func faultAfterwards(
        _ request: SimulatedRequest,
        _ answer: SimulatedAnswer,
        _ world: inout LearnWorldsSite
    ) -> SimulatedAnswer {
        var answer = answer
        answer.delayMilliseconds = world.faults.delayMilliseconds
        guard answer.status == 200, isHit(request, world.faults) else { return answer }
        if take(&world.faults.successFalseCalls) {
            answer.body = error(400, "temporarily_unavailable", "Try again later.", world).body
        } else if take(&world.faults.emptyBodyCalls) {
            answer.body = ByteBuffer()
        } else if take(&world.faults.trailingBytesCalls) {
            answer.body.writeString("{\"data\":[]}")
        } else if take(&world.faults.truncatedCalls) {
            answer.delivery = .truncated
        } else if take(&world.faults.dripCalls) {
            answer.delivery = .dripping(bytesPerSecond: max(world.faults.dripBytesPerSecond, 1))
        }
        return answer
    }

    private func isHit(_ request: SimulatedRequest, _ faults: Faults) -> Bool {
        faults.onlyPaths.isEmpty || request.path.contains(faults.onlyPaths)
    }

    private func take(_ calls: inout Int) -> Bool {
        guard calls > 0 else { return false }
        calls -= 1
        return true
    }

    private func delivered(_ delivery: SimulatedAnswer.Delivery) -> SimulatedAnswer {
        var answer = SimulatedAnswer(body: ByteBuffer())
        answer.delivery = delivery
        return answer
    }
}
