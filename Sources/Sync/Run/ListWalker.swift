import Extractor
import JSON
import Loader
import Platforms
import Records

/// Walks one list from its first page to its last, again where rows moved meanwhile.
struct ListWalker {
    let client: APIClient
    let clock: ServerClock
    /// Walks of one list at most, when its rows and its total do not agree.
    static let attempts = 3

    /// Reads `list`; every page goes to `deliver`, with its place in the list.
    ///
    /// - Parameter resumption: Where an interrupted walk goes on; if the list changed meanwhile, it begins anew.
    /// - Returns: How the walk ended, and the list that answered in the end.
    func walk(
        _ list: ListRead,
        from resumption: WalkResume? = nil,
        pagesAhead: Int,
        deliver: (WalkStep) async throws -> Void
    ) async throws -> (outcome: WalkOutcome, list: ListRead) {
        var list = list
        if let resumption, let rest = list.resuming?(resumption) {
            let outcome = try await walkOnce(rest, after: resumption, pagesAhead: pagesAhead, deliver: deliver)
            if outcome.isComplete, outcome.expected == resumption.total { return (outcome, list) }
        }
        var attempt = 1
        while true {
            do {
                let outcome = try await walkOnce(list, after: nil, pagesAhead: pagesAhead, deliver: deliver)
                if outcome.isComplete || attempt == Self.attempts { return (outcome, list) }
                attempt += 1
            } catch let error as ExtractorError {
                guard let alternative = list.alternative(error) else { throw error }
                list = alternative
            }
        }
    }

    private func walkOnce(
        _ list: ListRead,
        after resumption: WalkResume?,
        pagesAhead: Int,
        deliver: (WalkStep) async throws -> Void
    ) async throws -> WalkOutcome {
        var reader = list.makeReader()
        var asOf: Timestamp?
        var expected: Int?
        var isPart = false
        var totals = StatedTotals()
        let pages = PageSequence(client: client, rule: list.paging, answers: list.rules)
            .prefetching(min(pagesAhead, list.pagesAtOnce))
        for try await (page, info) in pages {
            clock.note(page)
            asOf = asOf ?? page.serverDateMicroseconds.map(Timestamp.init(microsecondsSinceEpoch:)) ?? clock.now
            expected = info.totalItems ?? expected
            totals.note(pages: info.totalPages, items: nil)
            var parsed = try reader.read(page, info)
            if let refine = list.refine { parsed = try await refine(parsed) }
            try await deliver(
                WalkStep(
                    parsed: parsed,
                    info: info,
                    page: info.number + (resumption?.page ?? 1) - 1,
                    items: reader.items + (resumption?.items ?? 0)
                )
            )
            if reader.isSatisfied {
                if case .end = info.next { isPart = false } else { isPart = true }
                break
            }
        }
        try Task.checkCancellation()
        try await deliver(WalkStep(parsed: try reader.finish(), info: nil, page: 0, items: 0))
        return WalkOutcome(
            isComplete: reader.isComplete && !totals.hasShrunk,
            expected: expected,
            items: reader.items + (resumption?.items ?? 0),
            asOf: asOf ?? clock.now,
            position: reader.position,
            isResumed: resumption != nil,
            isPart: isPart,
            statesTotal: totals.pages != nil && expected != nil
        )
    }
}

/// One page of a walk, read.
struct WalkStep: Sendable {
    var parsed: ParsedPage
    /// `nil` for what the reader held back until the end.
    let info: PageInfo?
    /// The page's number in the whole list.
    let page: Int
    /// Items on this page and those before it.
    let items: Int
}
