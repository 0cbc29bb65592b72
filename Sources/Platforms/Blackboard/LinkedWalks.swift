import Extractor
import JSON
import Synchronization
import Transformer

/// Several linked lists walked one after the other, as one.
final class LinkedWalks: PagingRule {
    private struct State {
        var current = 0
        var next = 0
        /// Where the newest page began, and where the next one does; `nil` where the platform's links do not say.
        var offset: Int?
        var nextOffset: Int?
    }

    private let walks: [BlackboardPaging]
    private let start: LinkedCursor?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - walks: The lists; at least one.
    ///   - start: The page that an interrupted walk has read last, and that is read again.
    init(_ walks: [BlackboardPaging], from start: LinkedCursor? = nil) {
        self.walks = walks
        self.start = start
    }

    var first: APIRequest {
        guard let start else { return walks[0].first }
        return walks[start.walk].first.settingQuery("offset", to: String(start.offset))
    }

    /// The request that began the list which the newest page belongs to.
    var currentFirst: APIRequest { walks[state.withLock { $0.current }].first }

    func read(_ page: Page, asked number: Int) -> PageReading {
        let (index, offset) = state.withLock { state in
            state.current = number == 1 ? start?.walk ?? 0 : state.next
            state.offset = number == 1 ? start?.offset ?? 0 : state.nextOffset
            state.next = state.current
            state.nextOffset = BlackboardPaging.nextOffset(in: page)
            return (state.current, state.offset)
        }
        let reading = walks[index].read(page, asked: number)
        guard case .page(var info) = reading else { return reading }
        info.cursor = offset.map { LinkedCursor(walk: index, offset: $0, page: LinkedCursor.print(of: page)).text }
        if info.isLast, index + 1 < walks.count {
            state.withLock { state in
                state.next = index + 1
                state.nextOffset = 0
            }
            info.next = .request(walks[index + 1].first)
        }
        return .page(info)
    }
}

/// The page of linked lists that was read last, and what was on it.
struct LinkedCursor: Sendable, Equatable {
    let walk: Int
    let offset: Int
    /// A fingerprint of its rows: where the page shows others by now, rows before it have gone or come.
    let page: String

    init(walk: Int, offset: Int, page: String) {
        (self.walk, self.offset, self.page) = (walk, offset, page)
    }

    init?(_ text: String) {
        let parts = text.split(separator: ":")
        guard parts.count == 3, let walk = Int(parts[0]), let offset = Int(parts[1]), walk >= 0, offset >= 0 else {
            return nil
        }
        self.init(walk: walk, offset: offset, page: String(parts[2]))
    }

    var text: String { "\(walk):\(offset):\(page)" }

    /// The fingerprint of a page.
    static func print(of page: Page) -> String {
        guard !page.isEmptyByStatus else { return "0" }
        return page.document.withRoot { root in
            KeyTally.fingerprint(of: root["results"]?.elements.compactMap { $0["id"]?.identifierText } ?? [])
        }
    }
}

/// Reads the rest of a linked list, from the last page that an interrupted run has read.
///
/// The platform states no total. So that page is read again: where it is not the same, the list is read anew.
struct ResumedReader: ListReader {
    private var inner: any ListReader
    private let print: String
    private var isSame: Bool?
    private var itemsBefore = 0

    init(_ inner: any ListReader, after cursor: LinkedCursor) {
        self.inner = inner
        print = cursor.page
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        if isSame == nil {
            isSame = LinkedCursor.print(of: page) == print
            guard isSame == true else { return ParsedPage() }
            let parsed = try inner.read(page, info)
            itemsBefore = inner.items
            return parsed
        }
        return try inner.read(page, info)
    }

    mutating func finish() throws -> ParsedPage { isSame == true ? try inner.finish() : ParsedPage() }

    var isSatisfied: Bool { isSame == false || inner.isSatisfied }
    var isComplete: Bool { isSame == true && inner.isComplete }
    var items: Int { inner.items - itemsBefore }
    var position: MarkPosition { inner.position }
}
