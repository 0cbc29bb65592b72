import Testing

@testable import LMSSimulator

@Suite("MATRIX: rate limit")
struct MatrixRateLimitTests {
    /// Statuses of so many calls in a row.
    private func statuses(_ caller: MatrixCaller, _ count: Int) -> [Int] {
        (0..<count).map { _ in caller.get("get_version").status }
    }

    @Test("the call above the limit turns the API off for a minute of the school's clock")
    func pause() async throws {
        try await withMatrix { simulator, caller in
            simulator.matrixFaults.rateLimitClock = "school"
            simulator.matrixFaults.rateLimitPerMinute = 3
            #expect(statuses(caller, 5) == [200, 200, 200, 400, 400])
            #expect(caller.get("get_version").message?.contains("limit exceeded") == true)
            simulator.advance(seconds: 59)
            #expect(statuses(caller, 1) == [400])
            simulator.advance(seconds: 1)
            #expect(statuses(caller, 4) == [200, 200, 200, 400])
            #expect(simulator.requests.failures == ["400": 5])
        }
    }

    @Test("it is off without waiting unless the switch is set, and real seconds are the default")
    func real() async throws {
        try await withMatrix { simulator, caller in
            #expect(Set(statuses(caller, 200)) == [200])
            simulator.matrixFaults.rateLimitPerMinute = 120
            #expect(Set(statuses(caller, 120)) == [200])
            #expect(statuses(caller, 2) == [400, 400])
            simulator.advance(seconds: 3600)
            #expect(statuses(caller, 1) == [400])
            simulator.resetFaults()
            #expect(statuses(caller, 1) == [200])
        }
    }

    @Test("refusals come as any status, with or without the word limit", arguments: [400, 403, 429, 503])
    func forms(status: Int) async throws {
        try await withMatrix { simulator, caller in
            simulator.matrixFaults.rateLimitPerMinute = 1
            simulator.matrixFaults.rateLimitStatus = status
            simulator.matrixFaults.rateLimitSaysLimit = status != 503
            #expect(statuses(caller, 2) == [200, status])
            let message = try #require(caller.get("get_version").message)
            #expect(message.contains("limit") == (status != 503))
        }
    }

    @Test("during the pause the key may look invalid, and calls may prolong it")
    func during() async throws {
        try await withMatrix { simulator, caller in
            simulator.matrixFaults.rateLimitClock = "school"
            simulator.matrixFaults.rateLimitPerMinute = 1
            simulator.matrixFaults.ratePauseStatus = 401
            simulator.matrixFaults.ratePauseProlonged = true
            #expect(statuses(caller, 3) == [200, 400, 401])
            #expect(caller.get("get_version").message == "Invalid API key")
            for _ in 0..<3 {
                simulator.advance(seconds: 59)
                #expect(statuses(caller, 1) == [401])
            }
            simulator.advance(seconds: 60)
            #expect(statuses(caller, 1) == [200])
        }
    }

    @Test("a minute may be fixed or sliding, and another client may spend it")
    func windows() {
        var switches = MatrixSwitches()
        switches.rateLimitPerMinute = 2
        var sliding = MatrixRateLimit()
        #expect([50, 59, 61].map { sliding.count(switches, now: $0) } == [.allowed, .allowed, .exceeded])
        var patient = MatrixRateLimit()
        #expect([50, 59, 110].map { patient.count(switches, now: $0) } == [.allowed, .allowed, .allowed])
        switches.rateLimitWindow = "fixed"
        var fixed = MatrixRateLimit()
        #expect([50, 59, 61].map { fixed.count(switches, now: $0) } == [.allowed, .allowed, .allowed])
        #expect(fixed.count(switches, now: 62) == .allowed)
        #expect(fixed.count(switches, now: 119) == .exceeded)
        switches.otherClientCalls = 1
        var shared = MatrixRateLimit()
        #expect([0, 1].map { shared.count(switches, now: $0) } == [.allowed, .exceeded])
    }
}
