import Synchronization

/// How many objects of libpq are alive in this process.
///
/// A test that ends with another number than it began with has found a leak.
package enum LivePostgresObjects {
    private static let results = Atomic<Int>(0)
    private static let connections = Atomic<Int>(0)

    /// Results and connections not yet freed.
    package static var count: Int { results.load(ordering: .relaxed) + connections.load(ordering: .relaxed) }

    static func addResult(_ change: Int) { results.add(change, ordering: .relaxed) }
    static func addConnection(_ change: Int) { connections.add(change, ordering: .relaxed) }
}
