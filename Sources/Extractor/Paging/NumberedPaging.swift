/// The decisions of lists that answer `page`, `totalPages` and so on, for platforms to build their rule from.
package enum NumberedPaging {
    /// Judges the counts of one answer.
    ///
    /// - Parameters:
    ///   - asked: The page asked for.
    ///   - echoed: The page the answer says it is; `nil` where it says none.
    ///   - totalPages: Pages in all; without a sane number the answer is no page of such a list.
    ///   - totalItems: Items in all, passed on.
    ///   - itemsPerPage: Items a page, passed on.
    ///   - itemCount: Items on this page.
    /// - Returns: The page's place, the end, or what contradicts itself.
    package static func read(
        asked: Int,
        echoed: Int?,
        totalPages: Int?,
        totalItems: Int?,
        itemsPerPage: Int?,
        itemCount: Int
    ) -> PageReading {
        guard let totalPages, totalPages >= 0, totalPages <= 100_000_000 else {
            return .askAgain(reason: "the number of pages is missing or absurd")
        }
        if totalPages == 0 {
            guard itemCount == 0 else { return .askAgain(reason: "the list says it has no pages, but has items") }
            guard asked <= 1 else { return .pastEnd }
            return .page(PageInfo(number: asked, totalPages: 0, totalItems: totalItems, next: .end))
        }
        if let echoed, echoed != asked {
            return asked > totalPages
                ? .pastEnd : .askAgain(reason: "the answer is another page than the one asked for")
        }
        if asked > totalPages { return .pastEnd }
        let info = PageInfo(
            number: asked,
            totalPages: totalPages,
            totalItems: totalItems,
            itemsPerPage: itemsPerPage,
            next: asked < totalPages ? .page(asked + 1) : .end
        )
        if itemCount == 0, asked < totalPages {
            return .askAgain(reason: "an empty page before the declared end", otherwise: info)
        }
        return .page(info)
    }
}
