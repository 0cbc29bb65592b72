import Records

/// Counts the items of a walk over pages without totals, and sees rows that moved between its pages.
///
/// A key that comes twice shows that the list shifted while it was read: a row may have been missed as well.
package struct KeyTally: Sendable {
    /// Items met, repeats included.
    package private(set) var items = 0
    /// Whether a key came twice.
    package private(set) var hasRepeats = false
    /// Whether the newest page holds the very keys of the page before: the server ignores what it is asked.
    package private(set) var repeatsPage = false
    private var seen: Set<UInt64> = []
    private var lastPage: [UInt64] = []

    package init() {}

    /// Notes one page by its items' keys, in order.
    package mutating func note(page keys: some Sequence<String>) {
        let hashes = keys.map { KeyHash(of: $0).value }
        items += hashes.count
        repeatsPage = !hashes.isEmpty && hashes == lastPage
        lastPage = hashes
        for hash in hashes where !seen.insert(hash).inserted { hasRepeats = true }
    }

    /// The same text for the same keys in the same order: by it a page is known again.
    package static func fingerprint(of keys: some Sequence<String>) -> String {
        String(keys.reduce(0) { ($0 &* 31) &+ KeyHash(of: $1).value }, radix: 16)
    }
}
