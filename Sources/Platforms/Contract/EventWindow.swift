package import Records
import Transformer

/// A closed window of a platform's event log, to be replayed.
package struct EventWindow: Sendable, Equatable {
    /// The first and the last instant whose events count.
    package let from: Timestamp
    package let to: Timestamp
    /// Only events of these activities, as the platform spells them; none: every event.
    package let activities: [String]

    package init(from: Timestamp, to: Timestamp, activities: [String] = []) {
        self.from = from
        self.to = to
        self.activities = activities
    }

    /// Reads the bounds as a person writes them.
    ///
    /// - Parameters:
    ///   - from: ISO 8601, or Unix seconds. Without a zone it is a time of `timeZone`; a bare date is midnight there.
    ///   - timeZone: IANA name, the source's own.
    /// - Throws: ``EventWindowError``, where a bound names no instant or the window ends before it begins.
    package init(from: String, to: String, activities: [String], timeZone: String) throws(EventWindowError) {
        guard let first = Self.time(from, timeZone) else { throw .unreadable(from) }
        guard let last = Self.time(to, timeZone) else { throw .unreadable(to) }
        guard first <= last else { throw .reversed(from: from, to: to) }
        self.init(from: first, to: last, activities: activities)
    }

    /// The instant that a text names; times without a zone are those of `timeZone`.
    static func time(_ text: String, _ timeZone: String) -> Timestamp? {
        if text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) { return Timestamp(decimalSeconds: text) }
        switch ISOTime.read(text) {
        case .instant(let time, _): return time
        case .local(let local, _):
            switch ZoneRule.zone(timeZone) {
            case .utc, .refused: return local.asUTC
            case .local(let rule): return rule(local)
            }
        case .invalid: return nil
        }
    }
}

/// Why a window is none.
package enum EventWindowError: Error, Sendable, CustomStringConvertible {
    case unreadable(String)
    case reversed(from: String, to: String)

    package var description: String {
        switch self {
        case .unreadable(let text):
            "'\(text)' is no time: write Unix seconds (1751290000) or ISO 8601 (2025-06-30T13:26:40Z)"
        case .reversed(let from, let to): "the window ends (\(to)) before it begins (\(from))"
        }
    }
}

/// A platform with an event log that a closed window of can be read again.
package protocol EventLogPlatform: Platform {
    /// Reads the window's events and pulls again what they name, whether they are stored already or not.
    ///
    /// The run keeps no watermark of it.
    func replay(_ window: EventWindow, _ run: some RunContext) async throws
}
