import Postgres

/// How long the warehouse is given to come back.
package struct RetryTiming: Sendable {
    /// Until a command's very first connection must stand.
    package var firstConnection: Duration = .seconds(10)
    /// Until a lost connection must stand again.
    package var reconnection: Duration = .seconds(120)
    /// Until there must be room again.
    package var room: Duration = .seconds(300)
    /// The wait for room.
    package var roomPause: Duration = .seconds(30)
    /// The shortest and the longest pause before a new connection.
    package var pauses: ClosedRange<Duration> = .milliseconds(100) ... .seconds(30)
    /// How often a transaction is repeated after a conflict.
    package var conflicts = 5
    /// How often a transaction is repeated because its connection broke.
    package var losses = 10

    package init() {}
}

/// Decides what to do about a failure; acts on nothing.
///
struct RetrySchedule {
    enum Action: Equatable {
        /// The same work again after a pause, on the same connection or on a new one.
        case again(after: Duration, reconnect: Bool)
        /// It cannot succeed, or has had its time.
        case fail
    }

    private let timing: RetryTiming
    private var conflicts = 0
    private var connects = 0
    private var losses = 0
    private var deadlines = 0
    private var statements = 0
    private var outageSince: Duration?
    private var noRoomSince: Duration?
    /// When the wait that the last failure belongs to began and ends at most; `nil` for one that is repeated at once.
    private(set) var wait: (since: Duration, until: Duration)?

    init(timing: RetryTiming) { self.timing = timing }

    /// Forgets an outage: a connection stands.
    mutating func noteConnected() { outageSince = nil }

    /// Says what to do about `error`.
    ///
    /// `now` is time on a clock that only moves forward, `chance` a number from 0 to 1 for the jitter; `isFirst` says
    /// that no connection has ever stood.
    mutating func action(for error: PostgresError, now: Duration, chance: Double, isFirst: Bool) -> Action {
        wait = nil
        switch error.kind {
        case .conflict:
            conflicts += 1
            guard conflicts <= timing.conflicts else { return .fail }
            return .again(after: .milliseconds(10 << conflicts) * chance, reconnect: false)
        case .connection, .readOnly:
            if outageSince == nil { losses += 1 }
            let since = outageSince ?? now
            outageSince = since
            let isStarting = error.sqlState == "57P03"
            let limit = isFirst && !isStarting ? timing.firstConnection : timing.reconnection
            let ceiling = min(timing.pauses.upperBound, timing.pauses.lowerBound * (1 << min(connects, 12)))
            connects += 1
            let pause = max(timing.pauses.lowerBound * 0.5, ceiling * chance)
            // Work that ends every connection it gets would otherwise be done for ever.
            guard now - since + pause < limit, losses <= timing.losses else { return .fail }
            wait = (since, since + limit)
            return .again(after: pause, reconnect: true)
        case .deadline:
            deadlines += 1
            return deadlines == 1 ? .again(after: .zero, reconnect: true) : .fail
        case .noRoom:
            let since = noRoomSince ?? now
            noRoomSince = since
            let rest = timing.room - (now - since)
            guard rest > .zero else { return .fail }
            wait = (since, since + timing.room)
            // The last attempt is made when the time is over, not before.
            return .again(after: min(timing.roomPause * (1 + chance / 2), rest), reconnect: false)
        case .statementGone:
            statements += 1
            return statements == 1 ? .again(after: .zero, reconnect: true) : .fail
        case .badRow, .rights, .bug, .configuration, .damage:
            return .fail
        }
    }
}
