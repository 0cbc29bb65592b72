import Extractor
import LMSSimulator
import RegistrarTesting
import Sync
import Synchronization
import Testing

/// Our own clock, off by a while against the school's, and passing with it.
struct SchoolTime: TimeSource {
    private let base = SystemTime()
    private let simulator: Simulator
    private let start: Double
    private let offset: Double

    init(_ simulator: Simulator, offset: Double) {
        (self.simulator, self.offset) = (simulator, offset)
        start = simulator.now.seconds
    }

    var monotonic: Duration { base.monotonic + .seconds(simulator.now.seconds - start) }
    var wallMicroseconds: Int64 { Int64((simulator.now.seconds + offset) * 1_000_000) }
    func sleep(for duration: Duration) async throws { try await base.sleep(for: duration) }
}

@Suite("A clock", .serialized)
struct ClockTests {
    struct Clocks: Sendable, CustomTestStringConvertible {
        /// Whether answers tell the platform's time.
        var hasDate: Bool
        /// Seconds by which ours is ahead.
        var offset: Double

        var testDescription: String { "\(hasDate ? "Date" : "no Date"), ours \(Int(offset)) s ahead" }
    }

    static let clocks = [
        Clocks(hasDate: true, offset: 3_600), Clocks(hasDate: true, offset: -3_600),
        Clocks(hasDate: false, offset: 0), Clocks(hasDate: false, offset: 3_600),
        Clocks(hasDate: false, offset: -3_600),
    ]

    @Test(
        "that is told or not, right or wrong: what changes during a load, and between its parts, is not lost",
        .timeLimit(.minutes(5)),
        arguments: PlatformCase.all,
        clocks
    )
    func losesNothing(platform: PlatformCase, clocks: Clocks) async throws {
        try await withSchool(platform.school(.small, 841)) { school in
            var harness = school
            harness.parts.time = SchoolTime(harness.simulator, offset: clocks.offset)
            try harness.simulator.setFaults(json: Array(#"{"omit_date": \#(!clocks.hasDate)}"#.utf8))
            let seeds = Mutex<UInt64>(8_410)
            let late = Mutex(platform.lateColumns)
            let simulator = harness.simulator
            let live: @Sendable () -> Void = {
                let seed = seeds.withLock { seed in
                    seed += 1
                    return seed
                }
                let changes = simulator.change(ChangeRequest(seed: seed, count: 4, secondsBetween: 20))
                late.withLock { $0.formUnion(changes.flatMap(\.silentColumns)) }
                simulator.advance(seconds: 300)
            }
            let living = harness.watchingRequests { call, _ in if call % 12 == 0 { live() } }
            #expect(await living.interruptedBaseline(atCall: 30).exitCode == 130)
            live()
            simulator.advance(seconds: 7_200)
            let baseline = await living.baseline()
            #expect(baseline.exitCode == 0, "\(baseline.story)")
            for round in 0..<3 {
                simulator.advance(seconds: platform.settling)
                let report = await harness.sync()
                #expect(report.exitCode == 0, "round \(round): \(report.story)")
                try await expectTruth(harness, leavingOut: late.withLock { $0 })
                live()
            }
            #expect(try await harness.bookkeepingFaults() == [])
        }
    }
}
