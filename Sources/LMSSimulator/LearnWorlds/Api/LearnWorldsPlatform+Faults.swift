import NIOCore

extension LearnWorldsPlatform {
    /// Faults of the network and of what stands before the platform: they ask for no credentials.
    func faultBeforeCredentials(_ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer? {
        guard var answer = world.faults.wire.before(request, &world.requests) else { return nil }
        switch answer.status {
        case 429: answer.body.writeString("{\"error\":\"Too many requests\"}")
        case 400...: answer.body = error(answer.status, "server_error", "Internal error", world).body
        default: break
        }
        return answer
    }

    /// Faults that spoil a good answer.
    func faultAfterwards(
        _ request: SimulatedRequest,
        _ answer: SimulatedAnswer,
        _ world: inout LearnWorldsSite
    ) -> SimulatedAnswer {
        var answer = answer
        if answer.status == 200, world.faults.wire.isHit(request), WireFaults.take(&world.faults.own.successFalseCalls)
        {
            answer.body = error(400, "temporarily_unavailable", "Try again later.", world).body
            answer.delayMilliseconds = world.faults.delayMilliseconds
            return answer
        }
        return world.faults.wire.after(request, answer)
    }
}
