import Extractor
import Platforms
import Records
import Synchronization

/// The platform's clock, kept from its `Date` headers; between them our monotonic clock carries it on.
///
/// Window bounds come from it: our own wall clock may be wrong, and the platform's log is stamped with the platform's. Where
/// answers come without the header, our own clock stands in from the first of them on, and every bound that comes from it
/// leaves room for how far off it may be (``doubt``).
final class ServerClock: Sendable {
    private struct Reading {
        var microseconds: Int64
        var at: Duration
        var isOwn: Bool
    }

    private let time: any TimeSource
    private let state: Mutex<Reading?> = Mutex(nil)
    private let started: Reading?
    private let connectorState: ConnectorState?

    /// How far off our own clock is taken to be where it stands in for the platform's: a wrong time zone, and more.
    static let ownDoubt = Duration.seconds(86_400)
    /// Under this name the connector's state holds that the answers came without a `Date`.
    static let stateName = "own_clock"

    /// - Parameters:
    ///   - earlier: What the platform's clock is known to have shown, where an interrupted run goes on: too early by the
    ///     interruption, but never wrong by more than that.
    ///   - connectorState: Knows whether earlier runs had to do without the header.
    init(time: any TimeSource, notBefore earlier: Timestamp? = nil, connectorState: ConnectorState? = nil) {
        self.time = time
        self.connectorState = connectorState
        started = earlier.map { Reading(microseconds: $0.microseconds, at: time.monotonic, isOwn: false) }
        wasOwn = connectorState?[Self.stateName] != nil
    }

    /// Whether the last run had to do without the header: its marks leave no room for another clock.
    private let wasOwn: Bool

    /// Notes what an answer said of the platform's time.
    func note(_ page: Page) {
        let now = time.monotonic
        if let reading = page.serverDateMicroseconds {
            let wasOwn = state.withLock { state in
                defer { state = Reading(microseconds: reading, at: now, isOwn: false) }
                return state?.isOwn ?? self.wasOwn
            }
            if wasOwn { connectorState?[Self.stateName] = nil }
        } else {
            let own = Reading(microseconds: time.wallMicroseconds, at: now, isOwn: true)
            let isFirst = state.withLock { state in
                guard state == nil else { return false }
                state = own
                return true
            }
            if isFirst { connectorState?[Self.stateName] = "yes" }
        }
    }

    var hasReading: Bool { state.withLock { $0 != nil } }

    /// How far the platform's clock may be from what this one shows; zero where the platform tells its time.
    ///
    /// Before the first answer it is what the last run has met.
    var doubt: Duration {
        let isOwn = state.withLock { $0?.isOwn } ?? wasOwn
        return isOwn || wasOwn ? Self.ownDoubt : .zero
    }

    /// The platform's time now, in whole seconds as its headers have them; before the first answer the best guess.
    var now: Timestamp {
        let monotonic = time.monotonic
        let microseconds = state.withLock { state -> Int64 in
            guard let state = state ?? started else { return time.wallMicroseconds }
            let (seconds, attoseconds) = (monotonic - state.at).components
            return state.microseconds + seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        }
        return Timestamp(microsecondsSinceEpoch: microseconds - microseconds % 1_000_000)
    }
}
