package import Extractor
private import Foundation
import Records
import Transformer

/// What a platform may ask before a baseline, to say what it will cost: single pages of the lists that the baseline reads.
///
/// Nothing that is read is stored, and no mark is moved.
package protocol BaselineProbe: RunContext {
    /// Reads one page of a list.
    ///
    /// - Parameters:
    ///   - page: Its number, where the list's pages are numbered.
    ///   - arguments: What is asked otherwise than the list asks it: an offset, a smaller page.
    /// - Returns: `nil` past the end of the list, and where the platform refuses this list alone.
    func look(at list: ListRead, page: Int, asking arguments: [(String, String)]) async throws -> PageSample?
}

extension BaselineProbe {
    /// Reads the first page of a list as the list asks for it.
    package func look(at list: ListRead) async throws -> PageSample? { try await look(at: list, page: 1, asking: []) }

    /// Reads a page of a list whose pages are numbered.
    package func look(at list: ListRead, page: Int) async throws -> PageSample? {
        try await look(at: list, page: page, asking: [])
    }
}

/// One page of a list, looked at.
package struct PageSample: Sendable {
    /// What the page says of the list.
    package var info: PageInfo
    /// What it holds.
    package var parsed: ParsedPage
    /// Items on it.
    package var items: Int

    package init(info: PageInfo, parsed: ParsedPage, items: Int) {
        self.info = info
        self.parsed = parsed
        self.items = items
    }

    /// The records of one kind that the page holds.
    func records<R: Record>(_ type: R.Type) -> [R] {
        parsed.batches.flatMap { ($0 as? Batch<R>)?.records ?? [] }
    }

    /// Whether the page is the last one of its list.
    package var isLast: Bool {
        if case .end = info.next { true } else { false }
    }

    /// The pages of the whole list, where it states a total: at least one.
    package var statedPages: Int? {
        if let total = info.totalItems, let size = info.itemsPerPage, size > 0, total > size || info.totalPages == nil {
            return max(1, (total + size - 1) / size)
        }
        return info.totalPages.map { max(1, $0) }
    }
}

/// Choosing a few of many.
package enum Sampling {
    /// `count` of the elements, spread evenly from the first to the last; all, where there are no more.
    package static func spread<Element>(_ elements: [Element], _ count: Int) -> [Element] {
        guard elements.count > count else { return elements }
        guard count > 1 else { return Array(elements.prefix(max(count, 0))) }
        return (0..<count).map { elements[$0 * (elements.count - 1) / (count - 1)] }
    }

    /// The largest number in `1...` for which `isThere` holds, which then holds for all smaller ones; 0 for none.
    ///
    /// Doubles until it fails and halves the gap: about twice the logarithm of the answer in questions.
    package static func last(where isThere: (Int) async throws -> Bool) async rethrows -> Int {
        guard try await isThere(1) else { return 0 }
        var (good, bad) = (1, 2)
        while try await isThere(bad) { (good, bad) = (bad, bad * 2) }
        while bad - good > 1 {
            let middle = (good + bad) / 2
            if try await isThere(middle) { good = middle } else { bad = middle }
        }
        return good
    }

    /// How many different things are named, where a share of the naming showed `seen` of them.
    ///
    /// Taken that each of `kinds` is named as often as any other: what was seen once is the less news, the more is read.
    ///
    /// - Parameters:
    ///   - seen: Different things in the sample.
    ///   - kinds: How many there are at all.
    ///   - factor: How much more is named than in the sample.
    package static func distinct(seen: Int, of kinds: Int, factor: Double) -> Double {
        guard factor > 1, seen > 0, kinds > seen else { return Double(seen) }
        return Double(kinds) * (1 - pow(1 - Double(seen) / Double(kinds), factor))
    }

    /// How many different things more of the same would name.
    ///
    /// Things that were met once tell how many were not met yet (Chao's estimate for incidences, extrapolated): where all
    /// parts name the same few things, reading more names no others.
    ///
    /// - Parameters:
    ///   - incidences: For each thing met, how many parts of the sample name it.
    ///   - units: Parts of the sample.
    ///   - target: Parts in all.
    ///   - limit: How many different things there are.
    package static func extrapolated(_ incidences: [Int], units: Int, to target: Double, atMost limit: Int) -> Double {
        let seen = Double(incidences.count)
        guard units > 0, target > Double(units), seen > 0 else { return seen }
        let once = Double(incidences.count { $0 == 1 })
        guard once > 0 else { return seen }
        let twice = Double(incidences.count { $0 == 2 })
        let share = Double(units - 1) / Double(units)
        let unseen = twice > 0 ? share * once * once / (2 * twice) : share * once * (once - 1) / 2
        // One part alone says nothing of how the things repeat.
        guard units > 1 else { return min(seen * target, Double(limit)) }
        guard unseen > 0 else { return seen }
        let found = unseen * (1 - pow(1 - once / (Double(units) * unseen + once), target - Double(units)))
        return min(seen + found, Double(limit))
    }

    private static func pow(_ base: Double, _ exponent: Double) -> Double {
        base <= 0 ? 0 : Foundation.pow(base, exponent)
    }
}
