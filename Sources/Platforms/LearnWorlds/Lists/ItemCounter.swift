import Extractor
import JSON
import Records
import Transformer

/// Tells whether a walk met every item the platform counts: rows that moved between pages show as a difference.
struct ItemCounter {
    /// Where an item says which it is.
    typealias Key = @Sendable (JSONValue) -> JSONValue?

    private let key: Key
    private let before: Int
    private(set) var items = 0
    private var distinct: Set<UInt64> = []
    private var last: PageInfo?
    private var totals = StatedTotals()

    /// Whether the platform counted fewer items or pages on a later page: rows moved up behind the walk and may have been
    /// missed.
    var hasShrunk: Bool { totals.hasShrunk }

    /// Above this only the number of items is compared: a set of all keys must not outgrow the memory of a run.
    private static let keyLimit = 1_000_000

    /// - Parameter before: Items that an interrupted walk of the same list had read.
    init(before: Int = 0, key: @escaping Key) {
        self.key = key
        self.before = before
    }

    mutating func note(_ data: JSONValue?, _ info: PageInfo) {
        totals.note(info)
        last = info
        guard let data else { return }
        items += data.count
        // One page cannot shift against itself.
        guard (info.totalPages ?? 1) > 1, distinct.count < Self.keyLimit else { return }
        for (index, item) in data.elements.enumerated() {
            distinct.insert(Self.hash(key(item), fallback: items - data.count + index))
        }
    }

    /// Whether as many distinct keys came as the platform says it has.
    var isComplete: Bool {
        guard !hasShrunk else { return false }
        guard let last, let total = last.totalItems else { return true }
        let isOnePage = (last.totalPages ?? 1) <= 1 && before == 0
        if isOnePage { return items >= total }
        // Some lists count the page, not the whole: then only every page having been read says anything.
        if let perPage = last.itemsPerPage, before + items > perPage, total <= perPage { return true }
        if distinct.count >= Self.keyLimit || (before > 0 && distinct.isEmpty) { return before + items >= total }
        return before + distinct.count >= total
    }

    private static func hash(_ value: JSONValue?, fallback: Int) -> UInt64 {
        if let bytes = value?.stringBytes { return KeyHash(of: bytes).value }
        return KeyHash(of: value?.identifierText ?? "#\(fallback)").value
    }
}
