import Platforms
import Testing

@Suite("What pages state of the whole list")
struct StatedTotalsTests {
    /// Pages and items as a page states them.
    typealias Stated = (pages: Int?, items: Int?)

    static let walks: [(name: String, pages: [Stated], perPage: Int?, shrinks: Bool)] = [
        ("the same on each page", [(3, 150), (3, 150), (3, 150)], 50, false),
        ("more on a later page", [(3, 150), (4, 151)], 50, false),
        ("fewer pages", [(3, 150), (2, 150)], 50, true),
        ("fewer items", [(3, 150), (3, 149)], 50, true),
        ("fewer items, and no page size", [(3, 150), (3, 149)], nil, true),
        ("fewer for a moment", [(3, 150), (2, 100), (3, 150)], 50, true),
        ("the items of the page", [(3, 50), (3, 50), (3, 17)], 50, false),
        ("the items of the page, and a page that vanished", [(3, 50), (2, 17)], 50, true),
        ("nothing", [(nil, nil), (nil, nil)], nil, false),
        ("something on the first page alone", [(3, 150), (nil, nil)], 50, false),
    ]

    @Test("a total that gets smaller is noticed, whatever follows", arguments: walks.indices)
    func shrinks(index: Int) {
        let walk = Self.walks[index]
        var totals = StatedTotals()
        for page in walk.pages { totals.note(pages: page.pages, items: page.items, itemsPerPage: walk.perPage) }
        #expect(totals.hasShrunk == walk.shrinks, "\(walk.name)")
    }

    @Test(
        "a walk is as long as the list where its rows reach the total, or the total is that of a page",
        arguments: [
            (150, 150, 50, true), (149, 150, 50, false), (151, 150, 50, true), (150, 50, 50, true), (40, 50, 50, false),
            (50, 50, 50, true),
        ]
    )
    func reaches(count: Int, items: Int, perPage: Int, isReached: Bool) {
        var totals = StatedTotals()
        totals.note(pages: 3, items: items, itemsPerPage: perPage)
        #expect(totals.isReached(by: count) == isReached)
        #expect(StatedTotals().isReached(by: count))
    }
}
