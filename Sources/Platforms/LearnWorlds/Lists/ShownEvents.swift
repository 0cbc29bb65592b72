import Records

/// The entries of the log that a walk has shown, instant by instant, each instant whole.
struct ShownEvents: Sendable {
    private(set) var ids: Set<String> = []
    private(set) var first: Timestamp?
    private(set) var last: Timestamp?

    mutating func note(_ events: [Event]) {
        for event in events {
            ids.insert(event.eventID)
            first = min(first ?? event.occurredAt, event.occurredAt)
            last = max(last ?? event.occurredAt, event.occurredAt)
        }
    }

    /// Those of some stored entries that the platform does not have: entries with the same activity, person and time as one
    /// that was shown, and with a number higher than there are of these.
    ///
    /// What a closed window holds of such entries is a set. One that a moving page had brought twice has got a number of its own.
    func surplus(among stored: some Sequence<String>) -> [String] {
        stored.filter { id in !ids.contains(id) && EventRun.base(ofNumbered: id).map(ids.contains) ?? false }.sorted()
    }
}
