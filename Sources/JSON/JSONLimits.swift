/// How much a page may ask of us.
package struct JSONLimits: Hashable, Sendable {
    /// Containers nested deeper than this are left out and flagged ``JSONFaults/tooDeep``; at most 1,000.
    package var maxDepth: Int
    /// Longer strings are kept, and flagged ``JSONFaults/oversizeString``.
    package var maxStringBytes: Int
    /// A page with more values and keys is refused: each costs 12 bytes, however short it is.
    package var maxValues: Int
    /// A longer page is refused.
    package var maxBytes: Int

    /// Creates limits that honest pages do not meet.
    package init(
        maxDepth: Int = 256,
        maxStringBytes: Int = 1 << 20,
        maxValues: Int = 6_000_000,
        maxBytes: Int = 64 << 20
    ) {
        self.maxDepth = maxDepth
        self.maxStringBytes = maxStringBytes
        self.maxValues = maxValues
        self.maxBytes = maxBytes
    }
}
