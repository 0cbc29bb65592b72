import Records

/// What `sync --full` reads again: Sources/Platforms/Matrix/README.md §5, last paragraph.
///
/// Without an age everything. With one, what is older than it or than half of its own bound, and the walks.
struct MatrixSweep: Sendable {
    /// How old a reading may be to count.
    let maxAge: Duration

    /// A walk that a run has just made needs no other.
    private static var freshWalk: Duration { .seconds(3_600) }

    /// How old a walk may be.
    var walkAge: Duration { min(maxAge, Self.freshWalk) }

    /// How old a part with a bound of its own may be.
    func age(ofBound bound: Duration) -> Duration { min(maxAge, bound / 2) }

    /// Whether something that was read then is read again.
    func isDue(_ last: Timestamp?, within age: Duration, now: Timestamp) -> Bool {
        guard let last, age > .zero else { return true }
        return now.since(last) >= age
    }
}
