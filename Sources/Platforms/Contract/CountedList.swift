import Extractor

extension ListRead {
    /// The list, left after its first page where the platform counts as many items as `stored`.
    ///
    /// Then nothing of the list is marked, and no row's absence follows from it. A list that fits on one page is read whole.
    func unlessCounting(_ stored: Int) -> ListRead {
        var list = self
        let (make, complete, next) = (makeReader, completion, alternative)
        // Further pages are asked for only once the first one has told the count.
        list.pagesAtOnce = 0
        list.makeReader = { CountedReader(reader: make(), stored: stored) }
        list.completion = { $0.isPart ? [] : complete($0) }
        list.alternative = { next($0)?.unlessCounting(stored) }
        return list
    }
}

/// Reads a list as another reader does, up to the page that tells that the rest is known.
private struct CountedReader: ListReader {
    var reader: any ListReader
    let stored: Int
    private var isCounted = false

    init(reader: any ListReader, stored: Int) {
        (self.reader, self.stored) = (reader, stored)
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        if info.number == 1, let total = info.totalItems, total == stored, let pages = info.totalPages, pages > 1 {
            // Some lists count the page, not the whole: such a count says nothing.
            isCounted = info.itemsPerPage.map { total > $0 } ?? true
        }
        return try reader.read(page, info)
    }

    mutating func finish() throws -> ParsedPage { try reader.finish() }

    var isSatisfied: Bool { isCounted || reader.isSatisfied }
    var isComplete: Bool { isCounted || reader.isComplete }
    var items: Int { reader.items }
    var position: MarkPosition { reader.position }
}
