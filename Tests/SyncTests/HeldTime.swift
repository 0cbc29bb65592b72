import Extractor
import Synchronization

/// Clocks that stand still until they are moved.
final class HeldTime: TimeSource {
    private let passed = Mutex(Duration.zero)
    private let wall: Int64

    /// - Parameter wall: Seconds since 1970.
    init(wall: Int64 = 1_767_600_000) {
        self.wall = wall
    }

    var monotonic: Duration { passed.withLock { $0 } }
    var wallMicroseconds: Int64 { (wall + passed.withLock { $0.components.seconds }) * 1_000_000 }

    func advance(by duration: Duration) { passed.withLock { $0 += duration } }

    func sleep(for duration: Duration) async throws { try Task.checkCancellation() }
}
