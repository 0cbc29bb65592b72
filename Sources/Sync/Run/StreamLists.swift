/// How many lists of one stream are known, and how many of them were read.
struct StreamLists: Sendable, Equatable {
    /// Lists whose reading was ordered.
    private(set) var ordered = 0
    /// Lists that were read to their end or given up.
    private(set) var done = 0
    /// Lists that the queue stands for and nobody has ordered yet.
    var waiting = 0
    /// How many steps of the plan may still order lists of the stream.
    private(set) var holds = 0
    /// Whether a page of it was read.
    private(set) var hasBegun = false
    private(set) var isFinished = false

    var known: Int { ordered + waiting }

    mutating func order(_ count: Int) {
        ordered += count
        isFinished = false
    }

    mutating func end() { done = min(done + 1, ordered) }
    mutating func hold() { holds += 1 }
    mutating func release() { holds = max(0, holds - 1) }

    /// Notes that a page came.
    ///
    /// - Returns: Whether it is the stream's first.
    mutating func begin() -> Bool {
        defer { hasBegun = true }
        return !hasBegun
    }

    /// Ends the stream where nothing of it is left to read.
    ///
    /// - Returns: Whether it ends now.
    mutating func finish() -> Bool {
        guard hasBegun, !isFinished, holds == 0, waiting == 0, done == ordered else { return false }
        isFinished = true
        return true
    }
}
