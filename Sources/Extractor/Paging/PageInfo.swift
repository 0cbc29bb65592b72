/// What a page says of its place in the list.
package struct PageInfo: Sendable {
    /// What comes after a page.
    package enum Next: Sendable {
        /// The page with this number.
        case page(Int)
        /// This request, usually from a link.
        case request(APIRequest)
        /// Nothing: the protocol's own end signal.
        case end
    }

    /// The page's number, 1 for the first.
    package var number: Int
    /// Pages in all, where the list says so.
    package var totalPages: Int?
    /// Items in all, where the list says so.
    package var totalItems: Int?
    /// Items a page, as the answer says, not as the request asked.
    package var itemsPerPage: Int?
    /// What comes next.
    package var next: Next
    /// Where a later walk may go on, of lists whose pages are linked: letters, digits and colons.
    package var cursor: String?

    /// Whether nothing comes after it.
    package var isLast: Bool { if case .end = next { true } else { false } }

    package init(
        number: Int,
        totalPages: Int? = nil,
        totalItems: Int? = nil,
        itemsPerPage: Int? = nil,
        next: Next,
        cursor: String? = nil
    ) {
        self.number = number
        self.totalPages = totalPages
        self.totalItems = totalItems
        self.itemsPerPage = itemsPerPage
        self.next = next
        self.cursor = cursor
    }
}

/// How a paging rule understands one answer.
package enum PageReading: Sendable {
    /// A page of the list.
    case page(PageInfo)
    /// The page asked for lies past the end: the walk ends without this answer.
    case pastEnd
    /// The answer contradicts itself: it is asked for once more; if it still does, the walk goes on with `otherwise`,
    /// or fails with the reason where that is `nil`.
    case askAgain(reason: String, otherwise: PageInfo? = nil)
    /// The answer must not be followed: a link to another origin.
    case broken(ExtractorError)
}
