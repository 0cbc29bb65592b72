import Records

/// When the parts of lists are read again because of their age: a share in every increment, and in a sweep all that are old.
///
/// What the shares have left is kept with the connector's state, under `share_<list>`. The oldest parts come first.
struct RefreshSchedule: Sendable {
    /// When the last share of a list was taken, and the fraction of a part that it left, in millionths.
    struct Share: Sendable, Equatable {
        var since: Timestamp?
        var carry: Int64 = 0

        init(since: Timestamp? = nil, carry: Int64 = 0) {
            (self.since, self.carry) = (since, carry)
        }

        /// Reads `1751290000000000 250000`: microseconds since 1970, then millionths.
        init?(_ text: String) {
            let numbers = text.split(separator: " ").compactMap { Int64($0) }
            guard numbers.count == 2 else { return nil }
            self.init(since: Timestamp(microsecondsSinceEpoch: numbers[0]), carry: numbers[1])
        }

        var text: String { "\(since?.microseconds ?? 0) \(carry)" }
    }

    let state: ConnectorState
    /// The platform's time by which parts are old.
    let now: Timestamp

    /// Takes the share of a list that is due now, and whatever is past its bound.
    ///
    /// - Parameters:
    ///   - readAt: When each part was last read; `nil` for never.
    ///   - bound: The age that none may pass.
    ///   - former: What an older release has kept elsewhere; it counts until a share was taken by this one.
    func takeShare(
        of list: String,
        _ readAt: [String: Timestamp?],
        within bound: Duration,
        former: @autoclosure () -> Share = Share()
    ) -> [String] {
        var share = state[Self.name(list)].flatMap(Share.init) ?? former()
        let due = RollingRefresh.due(readAt, bound: bound, now: now, since: share.since, carry: &share.carry)
        share.since = max(now, share.since ?? now)
        state[Self.name(list)] = share.text
        return due
    }

    /// Counts a sweep as a share taken: the next increment has only the time since then to make up for.
    func noteShare(of list: String) {
        let share = state[Self.name(list)].flatMap(Share.init) ?? Share()
        state[Self.name(list)] = Share(since: now, carry: share.carry).text
    }

    /// The parts that were not read within `age`; those never read are the oldest.
    func parts(olderThan age: Duration, _ readAt: [String: Timestamp?]) -> [String] {
        let boundary = now.advanced(by: .zero - age)
        return readAt.filter { $0.value.map { $0 <= boundary } ?? true }
            .sorted { left, right in
                let (first, second) = (left.value?.microseconds ?? .min, right.value?.microseconds ?? .min)
                return first == second ? left.key < right.key : first < second
            }
            .map(\.key)
    }

    private static func name(_ list: String) -> String { "share_\(list)" }
}
