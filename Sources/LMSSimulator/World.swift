/// The state behind one running simulator; whoever holds the lock may touch it.
struct World {
    var school: School
    var clock: SimulatedClock
    var faults = Faults()
    var requests = RequestLog()
    var tokens: TokenOffice
    /// What the school has lived through since it started.
    var changesApplied = 0
    /// Hostile records that were served, and the path of the list each one is bound to.
    var hostilePaths: [Int: String] = [:]
    /// Calls for pages behind the end, for the mixed mode.
    var pastTheEndCalls = 0
    var date = HTTPDate()
    let writer = ByteWriter(capacity: 1 << 18)

    var now: Instant { clock.now }
}
