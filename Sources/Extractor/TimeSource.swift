import Glibc

/// The clocks of the extractor, injected so that a test can jump a day.
package protocol TimeSource: Sendable {
    /// Time since an arbitrary start, never going back: for durations and deadlines.
    var monotonic: Duration { get }
    /// Wall clock, µs since 1970 UTC: for stamps only.
    var wallMicroseconds: Int64 { get }
    /// Suspends for `duration`; throws `CancellationError` when the task is cancelled.
    func sleep(for duration: Duration) async throws
}

/// The machine's clocks.
package struct SystemTime: TimeSource {
    private static let start = ContinuousClock.now

    package init() {}

    package var monotonic: Duration { ContinuousClock.now - Self.start }

    package var wallMicroseconds: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
    }

    package func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}
