/// The pages of one list, fetched on demand: the consumer's pace is the backpressure.
///
/// Nothing is asked until the sequence is iterated. The walk ends only with the rule's end signal; everything else,
/// cancellation included, throws, and throws again if asked again. Each iteration walks anew.
package struct PageSequence: AsyncSequence, Sendable {
    package typealias Element = (page: Page, info: PageInfo)
    package typealias Failure = any Error

    /// Pages of a read-ahead may hold this much in all.
    static let readAheadBytes = 64 << 20

    private let client: APIClient
    private let rule: any PagingRule
    private let answers: any AnswerRules
    private let pagesAhead: Int

    package init(client: APIClient, rule: any PagingRule, answers: any AnswerRules) {
        self.init(client: client, rule: rule, answers: answers, pagesAhead: 0)
    }

    private init(client: APIClient, rule: any PagingRule, answers: any AnswerRules, pagesAhead: Int) {
        self.client = client
        self.rule = rule
        self.answers = answers
        self.pagesAhead = pagesAhead
    }

    /// Returns the same pages in the same order, with up to `count` of them asked for ahead of the consumer.
    ///
    /// It begins once a page has said how many there are; lists that do not say so are walked one page at a time.
    /// Pages asked for ahead are wasted when the consumer stops early.
    package func prefetching(_ count: Int) -> PageSequence {
        PageSequence(client: client, rule: rule, answers: answers, pagesAhead: Swift.max(count, 0))
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(state: WalkState(rule: rule), pages: ReadAhead(client: client, answers: answers, limit: pagesAhead))
    }

    package struct Iterator: AsyncIteratorProtocol {
        var state: WalkState
        let pages: ReadAhead
        private var failure: (any Error)?

        init(state: WalkState, pages: ReadAhead) {
            self.state = state
            self.pages = pages
        }

        package mutating func next() async throws -> Element? {
            if let failure { throw failure }
            do {
                return try await advance()
            } catch {
                failure = error
                pages.cancel()
                throw error
            }
        }

        private mutating func advance() async throws -> Element? {
            while case .fetch(let request, let number) = state.step {
                try Task.checkCancellation()
                let page = try await pages.page(number, request)
                switch try state.accept(page) {
                case .fetchAgain: continue
                case .end: break
                case .deliver(let info):
                    pages.readAhead(of: state)
                    return (page, info)
                }
            }
            pages.cancel()
            // A `nil` of a cancelled walk would read as "all done".
            try Task.checkCancellation()
            return nil
        }
    }
}
