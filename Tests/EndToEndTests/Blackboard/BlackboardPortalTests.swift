import Extractor
import LMSSimulator
import Platforms
import RegistrarTesting
import Sync
import Synchronization
import Testing

/// The vendor's developer portal, which alone hands out tokens, in maintenance while the site itself answers.
@Suite("A portal in maintenance")
struct BlackboardPortalTests {
    private static var options: SchoolOptions {
        SchoolOptions(
            blackboard: GeneratedBlackboardSchool.make(seed: 51),
            sourceLines: ["requests_per_day: 1000000"]
        )
    }

    private static let token = "/oauth2/token"

    /// The harness on a clock whose sleepers jump, with a hook that knows how many token and data calls were made.
    private func watched(
        _ harness: SchoolHarness,
        _ time: LeapingTime,
        _ watch: @escaping @Sendable (_ tokens: Int, _ data: Int) -> Void
    ) -> SchoolHarness {
        let calls = Mutex((tokens: 0, data: 0))
        var harness = harness.watchingRequests { _, target in
            let (tokens, data) = calls.withLock { calls in
                if target.contains(Self.token) { calls.tokens += 1 } else { calls.data += 1 }
                return calls
            }
            watch(tokens, data)
        }
        harness.parts.time = time
        harness.parts.limiters = RateLimiterRegistry()
        return harness
    }

    @Test(
        "from the start is waited for 1, 2 and 5 minutes, and then the source is unreachable",
        .timeLimit(.minutes(2))
    )
    func stays() async throws {
        try await withSchool(Self.options) { harness in
            harness.simulator.blackboardFaults.portalDown = true
            let time = LeapingTime()
            let began = time.monotonic
            let report = await watched(harness, time) { _, _ in }.baseline()
            #expect(report.exitCode == 69, "\(report.story)")
            #expect(report.sources[0].message?.contains("maintenance") == true, "\(report.story)")
            #expect(time.longest == .seconds(300))
            #expect(time.monotonic - began >= .seconds(480) && time.monotonic - began < .seconds(1_200))
            #expect(harness.simulator.requests.total == 0, "no call goes without a token")
        }
    }

    @Test("that ends meanwhile costs nothing but the wait", .timeLimit(.minutes(2)))
    func ends() async throws {
        try await withSchool(Self.options) { harness in
            let simulator = harness.simulator
            simulator.blackboardFaults.portalDown = true
            let time = LeapingTime()
            let report = await watched(harness, time) { _, _ in
                if time.longest >= .seconds(120) { simulator.blackboardFaults.portalDown = false }
            }.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(time.longest == .seconds(120), "the second wait")
            try await expectTruth(harness)
        }
    }

    @Test("that begins while a token is good is not even noticed", .timeLimit(.minutes(2)))
    func goesOn() async throws {
        try await withSchool(Self.options) { harness in
            let simulator = harness.simulator
            let report = await watched(harness, LeapingTime()) { _, data in
                if data == 3 { simulator.blackboardFaults.portalDown = true }
            }.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(simulator.requests.token == 1)
            simulator.blackboardFaults.portalDown = false
            try await expectTruth(harness)
        }
    }

    @Test(
        "when the token dies: what was read stays, and the run goes on once there is a new one",
        .timeLimit(.minutes(2))
    )
    func dies() async throws {
        try await withSchool(Self.options) { harness in
            let simulator = harness.simulator
            let time = LeapingTime()
            let isDown = Mutex(false)
            let report = await watched(harness, time) { _, data in
                let begins = isDown.withLock { isDown in
                    defer { if data == 40 { isDown = true } }
                    return data == 40 && !isDown
                }
                if begins {
                    simulator.blackboardFaults.portalDown = true
                    simulator.blackboardFaults.revokeTokens = true
                }
                if time.longest >= .seconds(60) { simulator.blackboardFaults.portalDown = false }
            }.baseline()
            #expect(report.exitCode == 0, "\(report.story)")
            #expect(time.longest >= .seconds(60))
            try await expectTruth(harness)
        }
    }
}
