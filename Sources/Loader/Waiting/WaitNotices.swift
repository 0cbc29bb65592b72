/// Decides when a wait is told: a full disk at once, a lost connection when it lasts, and then each minute.
///
/// Times are those of a clock that only moves forward.
struct WaitNotices {
    private static let repetition: Duration = .seconds(60)
    private static let outagePatience: Duration = .seconds(5)

    private let since: Duration
    private let isTold: Bool
    private var last: Duration?

    /// - Parameter isForRoom: Whether the server answers and has no room; else it does not answer.
    init(since: Duration, isForRoom: Bool) {
        (self.since, isTold) = (since, isForRoom)
    }

    /// When the wait is to be told next.
    var due: Duration {
        if let last { return last + Self.repetition }
        return isTold ? since : since + Self.outagePatience
    }

    /// Whether it was told at all, so that its end is news.
    var wasTold: Bool { last != nil }

    mutating func noteTold(at now: Duration) { last = now }
}
