import Extractor
import LMSSimulator
import Synchronization

/// The school's clock as Registrar's own: it stands still while a run works, and whoever waits goes on at once.
///
/// So nothing that a run decides by time depends on how fast the machine is.
final class StandingTime: TimeSource {
    private let simulator: Simulator
    private let waited = Mutex(Duration.zero)

    init(_ simulator: Simulator) { self.simulator = simulator }

    var monotonic: Duration { waited.withLock { $0 } }
    var wallMicroseconds: Int64 { simulator.now.microseconds }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        waited.withLock { $0 += max(duration, .zero) }
        await Task.yield()
    }
}

/// Always the middle: delays have no jitter.
struct NoJitter: RandomSource {
    func unit() -> Double { 0.5 }
}
