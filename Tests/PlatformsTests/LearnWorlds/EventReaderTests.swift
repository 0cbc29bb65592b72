import Extractor
import JSON
import Records
import Testing

@testable import Platforms

@Suite("A walk of the event log")
struct EventReaderTests {
    /// Reads pages of some entries each, which state how many entries and pages the whole log has.
    private func walk(_ pages: [Int], totals: [(items: Int, pages: Int)]) throws -> (isComplete: Bool, moved: Int) {
        let mark = EventMark(key: .followedTo, limit: nil)
        var reader = EventReader(mapping: .plain, stretch: EventStretch(after: nil), isStored: true, mark: mark)
        var (number, time, moved) = (0, 1_751_300_000, 0)
        for (count, total) in zip(pages, totals) {
            number += 1
            let entries = (0..<count).map { _ -> String in
                time += 60
                return #"{"user":{"id":"u"},"created":\#(time),"activity":"a"}"#
            }
            let meta = #""meta":{"totalPages":\#(total.pages),"totalItems":\#(total.items)}"#
            let body = #"{"data":[\#(entries.joined(separator: ","))],\#(meta)}"#
            let page = Page(
                document: try JSONDocument(parsing: Array(body.utf8)),
                request: APIRequest("/v2/eventlogs", stream: "events"),
                fetchedAtMicroseconds: 0
            )
            let info = PageInfo(
                number: number,
                totalPages: total.pages,
                totalItems: total.items,
                itemsPerPage: 2,
                next: .end
            )
            moved += try reader.read(page, info).changes.count
        }
        moved += try reader.finish().changes.count
        return (reader.isComplete, moved)
    }

    @Test("is complete where its rows reach the stated total")
    func whole() throws {
        let (isComplete, moved) = try walk([2, 1], totals: [(3, 2), (3, 2)])
        #expect(isComplete && moved > 0)
    }

    @Test("is not where they do not")
    func short() throws {
        #expect(try !walk([2, 1], totals: [(5, 2), (5, 2)]).isComplete)
    }

    @Test("is not where a page states a smaller total than the one before, and its mark stays where it was")
    func shrunk() throws {
        let (isComplete, _) = try walk([2, 1], totals: [(9, 5), (3, 2)])
        #expect(!isComplete)
        // What the first page has shown is behind the mark; the second, which may lack rows before it, moves nothing.
        let first = try walk([2], totals: [(9, 5)]).moved
        #expect(try walk([2, 1], totals: [(9, 5), (3, 2)]).moved <= first)
    }
}
