import Extractor
import Records
import Synchronization

/// The platform's clock, kept from its `Date` headers; between them our monotonic clock carries it on.
///
/// Window bounds come from it: our own wall clock may be wrong, and the platform's log is stamped with the platform's.
final class ServerClock: Sendable {
    private let time: any TimeSource
    private let state: Mutex<(reading: Int64, at: Duration)?> = Mutex(nil)
    private let started: (reading: Int64, at: Duration)?

    /// - Parameter earlier: What the platform's clock is known to have shown, where an interrupted run goes on: too early
    ///   by the interruption, but never wrong by more than that.
    init(time: any TimeSource, notBefore earlier: Timestamp? = nil) {
        self.time = time
        started = earlier.map { ($0.microseconds, time.monotonic) }
    }

    /// Notes what an answer said of the platform's time.
    func note(_ page: Page) {
        guard let reading = page.serverDateMicroseconds else { return }
        let now = time.monotonic
        state.withLock { $0 = (reading, now) }
    }

    var hasReading: Bool { state.withLock { $0 != nil } }

    /// The platform's time now, in whole seconds as its headers have them; before the first answer the best guess.
    var now: Timestamp {
        let monotonic = time.monotonic
        let microseconds = state.withLock { state -> Int64 in
            guard let state = state ?? started else { return time.wallMicroseconds }
            let (seconds, attoseconds) = (monotonic - state.at).components
            return state.reading + seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        }
        return Timestamp(microsecondsSinceEpoch: microseconds - microseconds % 1_000_000)
    }
}
