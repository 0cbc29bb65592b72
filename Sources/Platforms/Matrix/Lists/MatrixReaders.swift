import Extractor
import JSON
import Transformer

/// Reads the pages of a walk that ends at an empty page.
///
/// A key that comes twice shows that rows moved: the walk is not complete, and is made again. A page that repeats the
/// one before shows that the server ignores the page number: nothing of the list can be trusted.
struct WalkReader: ListReader {
    private var tally = KeyTally()
    private let body: @Sendable (JSONValue) -> ParsedPage

    init(_ body: @escaping @Sendable (JSONValue) -> ParsedPage) {
        self.body = body
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        let before = tally.items
        let parsed = page.document.withRoot { root in
            let keys = root.elements.enumerated().map { index, item in
                item["id"]?.identifierText ?? "#\(before + index)"
            }
            tally.note(page: keys)
            return body(root)
        }
        guard !tally.repeatsPage else {
            throw ExtractorError(.walkBroken, "two pages of the list are the same: the site ignores the page number")
        }
        return parsed
    }

    var items: Int { tally.items }
    var isComplete: Bool { !tally.hasRepeats }
}

/// Reads a function that answers with everything at once.
struct AnswerReader: ListReader {
    private(set) var items = 0
    private let body: @Sendable (JSONValue) -> ParsedPage

    init(_ body: @escaping @Sendable (JSONValue) -> ParsedPage) {
        self.body = body
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        page.document.withRoot { root in
            items = root.count
            return body(root)
        }
    }

    var isComplete: Bool { true }
}
