import Extractor
import JSON
import Records
import Transformer

/// The member of the log's watermark that moves with the rows read, and how far it may.
struct EventMark: Sendable {
    let key: WatermarkKey<Timestamp>
    /// Rows behind this may still be missing when they are read.
    let limit: Timestamp?
}

/// Reads a stretch of the event log, oldest first.
///
/// The entries of one instant go on together, so the last instant of a page waits for the next page.
struct EventReader: ListReader {
    /// So far before its last row the next stretch begins.
    private static let stepBack = Duration.seconds(-1)

    private let mapping: LearnWorldsMapping
    private let stretch: EventStretch
    private let isStored: Bool
    /// Whether the stretch keeps the rows although they are stored.
    private let isNoted: Bool
    /// Stops after the first page when the platform counts as many entries as these bounds allow.
    private let stopsAtCount: ClosedRange<Int>?
    private let mark: EventMark?
    private var run = EventRun()
    private var last: Timestamp?
    /// Entries handed on that a stretch beginning now would bring again.
    private var recent: [(id: String, time: Timestamp)] = []
    private var pages = 0
    private var hasMore = false
    private var totals = StatedTotals()
    private var walk = StretchWalk()
    /// What the walk has handed on: whole instants.
    private var shown = ShownEvents()
    private(set) var isSatisfied = false
    private(set) var items = 0

    init(
        mapping: LearnWorldsMapping,
        stretch: EventStretch,
        isStored: Bool,
        mark: EventMark?,
        isNoted: Bool = false,
        stopsAtCount: ClosedRange<Int>? = nil
    ) {
        self.mapping = mapping
        self.stretch = stretch
        self.isStored = isStored
        self.isNoted = isNoted || !isStored
        self.mark = mark
        self.stopsAtCount = stopsAtCount
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage {
        if info.number == 1 {
            if let stopsAtCount, let total = info.totalItems, stopsAtCount.contains(total) {
                isSatisfied = true
                return ParsedPage()
            }
        }
        var batch = Batch<Event>(stream: "events")
        pages = info.number
        page.document.withRoot { root in
            guard let data = root["data"] else { return }
            items += data.count
            mapping.events(data, into: &run, &batch)
            // A stretch is cut to its own pages: only the answer itself tells those of the whole window.
            let pages = root["meta"]?["totalPages"]?.int64.map { Int(truncatingIfNeeded: $0) }
            totals.note(pages: pages, items: info.totalItems, itemsPerPage: info.itemsPerPage)
            hasMore = (pages ?? 0) > info.number
        }
        return parsed(batch)
    }

    mutating func finish() throws -> ParsedPage {
        var batch = Batch<Event>(stream: "events")
        if isCut {
            // The last instant comes whole with the next stretch.
            run.discard()
            walk.next = stretch.next(after: last?.advanced(by: Self.stepBack), known: Set(recent.map(\.id)))
        } else {
            run.finish(into: &batch)
        }
        var parsed = parsed(batch)
        (walk.shown, walk.isComplete) = (shown, isComplete)
        parsed.notes.add(walk)
        return parsed
    }

    /// Whether the walk ends before its window does, because a stretch is no longer.
    private var isCut: Bool { pages >= stretch.pages && hasMore }

    private mutating func parsed(_ whole: Batch<Event>) -> ParsedPage {
        var batch = whole
        shown.note(batch.records)
        // What the stretch before has handed on is not handed on again: a row that comes twice is expensive to store.
        if !stretch.known.isEmpty { batch.records.removeAll { stretch.known.contains($0.eventID) } }
        last = batch.records.last?.occurredAt ?? last
        // The platform is asked in whole seconds.
        if let from = last?.advanced(by: Self.stepBack - .seconds(1)) {
            recent.removeAll { $0.time < from }
            recent += batch.records.lazy.filter { $0.occurredAt >= from }.map { ($0.eventID, $0.occurredAt) }
        }
        if isNoted { walk.note(batch.records, remembersFrom: stretch.remembersFrom) }
        walk.newest = [walk.newest, batch.records.last?.occurredAt].compactMap { $0 }.max()
        guard isStored else { return ParsedPage() }
        var changes: [StateChange] = []
        // Behind a total that has become smaller rows may be missing.
        if let mark, !totals.hasShrunk, let last = batch.records.last?.occurredAt {
            var position = MarkPosition()
            position[mark.key] = min(last, mark.limit ?? last)
            changes.append(.watermark(stream: "events", partition: "", position: position, asOf: last))
        }
        return ParsedPage(batch.readCount > 0 || !batch.driftLog.isEmpty ? [batch] : [], changes: changes)
    }

    var isComplete: Bool {
        guard !totals.hasShrunk else { return false }
        return isSatisfied || isCut || totals.isReached(by: items)
    }
}
