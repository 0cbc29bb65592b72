import Extractor
import JSON
import Records
import Synchronization
import Transformer

/// Reads lists whose pages stand each for themselves.
struct PageReader: ListReader {
    private var counter: ItemCounter
    private let body: @Sendable (JSONValue) -> ParsedPage

    init(
        before: Int = 0,
        key: @escaping ItemCounter.Key,
        _ body: @escaping @Sendable (JSONValue) -> ParsedPage
    ) {
        counter = ItemCounter(before: before, key: key)
        self.body = body
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        page.document.withRoot { root in
            let data = root["data"]
            counter.note(data, info)
            return data.map(body) ?? ParsedPage()
        }
    }

    var items: Int { counter.items }
    var isComplete: Bool { counter.isComplete }
}

/// Reads one object.
struct ObjectReader: ListReader {
    private(set) var items = 0
    private let body: @Sendable (JSONValue) -> ParsedPage

    init(_ body: @escaping @Sendable (JSONValue) -> ParsedPage) {
        self.body = body
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        guard !page.isEmptyByStatus else { return ParsedPage() }
        items = 1
        return page.document.withRoot(body)
    }

    var isComplete: Bool { true }
}

/// Reads a list that has the newest first, down to what an earlier run has read.
struct NewestFirstReader: ListReader {
    private var counter: ItemCounter
    private let member: StaticString
    private let mark: WatermarkKey<Timestamp>
    private let since: Timestamp?
    private let body: @Sendable (JSONValue) -> ParsedPage
    private var newest: Timestamp?
    private var oldest: Timestamp?
    private var descends = true

    /// - Parameters:
    ///   - member: The time that the list descends by.
    ///   - mark: The member of the watermark that takes the newest of these times.
    ///   - since: Rows before this instant are known; `nil` reads all.
    init(
        by member: StaticString,
        mark: WatermarkKey<Timestamp>,
        since: Timestamp?,
        before: Int = 0,
        _ body: @escaping @Sendable (JSONValue) -> ParsedPage
    ) {
        counter = ItemCounter(before: before) { $0["id"] }
        self.member = member
        self.mark = mark
        self.since = since
        self.body = body
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        page.document.withRoot { root in
            guard let data = root["data"] else {
                counter.note(nil, info)
                return ParsedPage()
            }
            counter.note(data, info)
            for item in data.elements { note(item[member]?.double) }
            return body(data)
        }
    }

    private mutating func note(_ seconds: Double?) {
        guard let seconds, seconds > 0, seconds < 253_402_300_800 else { return }
        let time = Timestamp(secondsSinceEpoch: seconds)
        if let oldest, time > oldest { descends = false }
        oldest = min(oldest ?? time, time)
        newest = max(newest ?? time, time)
    }

    /// Only a list that really descends can be left early.
    var isSatisfied: Bool {
        guard let since, let oldest else { return false }
        return descends && oldest < since
    }

    var items: Int { counter.items }
    var isComplete: Bool { isSatisfied && !counter.hasShrunk || counter.isComplete }

    var position: MarkPosition {
        var position = MarkPosition()
        position[mark] = newest
        return position
    }
}
