import Extractor
import Synchronization

/// A clock whose sleepers jump: sleeping moves the time on at once.
///
/// Sound where one task sleeps at a time or where it does not matter whose sleep moved the time.
final class JumpingClock: TimeSource {
    private let state = Mutex((now: Duration.seconds(1_000), sleeps: [Duration]()))

    var monotonic: Duration { state.withLock { $0.now } }
    var wallMicroseconds: Int64 {
        let (seconds, attoseconds) = monotonic.components
        return 1_700_000_000_000_000 + seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func advance(by duration: Duration) {
        state.withLock { $0.now += duration }
    }

    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.now += max(duration, .zero)
            state.sleeps.append(duration)
        }
        await Task.yield()
        try Task.checkCancellation()
    }
}

/// A clock on which every sleep lasts until its task is cancelled.
final class StalledClock: TimeSource {
    private let began: AsyncStream<Void>
    private let beginning: AsyncStream<Void>.Continuation

    init() {
        (began, beginning) = AsyncStream.makeStream()
    }

    var monotonic: Duration { .seconds(1_000) }
    var wallMicroseconds: Int64 { 1_700_000_000_000_000 }

    /// Returns once somebody sleeps.
    func waitForSleeper() async {
        for await _ in began { return }
    }

    func sleep(for duration: Duration) async throws {
        beginning.yield()
        let never = AsyncStream<Void> { _ in }
        for await _ in never {}
        throw CancellationError()
    }
}

/// Lets a test wait until something was reached, and something wait until the test lets it go.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func open() {
        continuation.yield()
    }

    /// Waits for one `open()`; throws when cancelled.
    func pass() async throws {
        for await _ in stream { return }
        throw CancellationError()
    }
}
