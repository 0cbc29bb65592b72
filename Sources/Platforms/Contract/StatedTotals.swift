package import Extractor

/// What the pages of one walk say of the whole list: a total that gets smaller means that rows moved up behind the walk, and
/// some may have been missed.
package struct StatedTotals: Sendable {
    /// Pages in all, as the newest page states them.
    package private(set) var pages: Int?
    /// Items in all, as the newest page states them.
    package private(set) var items: Int?
    private var itemsPerPage: Int?
    private var hasFewerPages = false
    private var hasFewerItems = false

    package init() {}

    /// Notes what a page states.
    package mutating func note(_ info: PageInfo) {
        note(pages: info.totalPages, items: info.totalItems, itemsPerPage: info.itemsPerPage)
    }

    /// Notes what a page states; `nil` where it states nothing.
    package mutating func note(pages: Int?, items: Int?, itemsPerPage: Int? = nil) {
        if let before = self.pages, let pages, pages < before { hasFewerPages = true }
        if let before = self.items, let items, items < before { hasFewerItems = true }
        self.pages = pages ?? self.pages
        self.items = items ?? self.items
        self.itemsPerPage = itemsPerPage ?? self.itemsPerPage
    }

    /// Whether a later page stated less than an earlier one.
    ///
    /// Where the items of the page are counted instead of the list's, the last page has fewer and nothing shrank.
    package var hasShrunk: Bool {
        hasFewerPages || hasFewerItems && (itemsPerPage.map { (items ?? 0) > $0 } ?? true)
    }

    /// Whether `count` items are as many as the list is said to have; where it says nothing, they are.
    package func isReached(by count: Int) -> Bool {
        guard let items else { return true }
        // Some lists count the page, not the whole: then only every page having been read says anything.
        if let itemsPerPage, count > itemsPerPage, items <= itemsPerPage { return true }
        return count >= items
    }
}
