import Extractor
import JSON
import Records
import Synchronization
import Transformer

/// Reads lists whose pages stand each for themselves.
struct PageReader: ListReader {
    private var counter: ItemCounter
    private let body: @Sendable (JSONValue) -> Harvest

    init(
        before: Int = 0,
        key: @escaping ItemCounter.Key,
        _ body: @escaping @Sendable (JSONValue) -> Harvest
    ) {
        counter = ItemCounter(before: before, key: key)
        self.body = body
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> Harvest {
        page.document.withRoot { root in
            let data = root["data"]
            counter.note(data, info)
            return data.map(body) ?? Harvest()
        }
    }

    var items: Int { counter.items }
    var isComplete: Bool { counter.isComplete }
}

/// Reads one object.
struct ObjectReader: ListReader {
    private(set) var items = 0
    private let body: @Sendable (JSONValue) -> Harvest

    init(_ body: @escaping @Sendable (JSONValue) -> Harvest) {
        self.body = body
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> Harvest {
        guard !page.isEmptyByStatus else { return Harvest() }
        items = 1
        return page.document.withRoot(body)
    }

    var isComplete: Bool { true }
}

/// Reads a list that has the newest first, down to what an earlier run has read.
struct NewestFirstReader: ListReader {
    private var counter: ItemCounter
    private let member: StaticString
    private let mark: String
    private let since: Timestamp?
    private let body: @Sendable (JSONValue) -> Harvest
    private var newest: Timestamp?
    private var oldest: Timestamp?
    private var descends = true

    /// - Parameters:
    ///   - member: The time that the list descends by.
    ///   - mark: The member of the watermark that takes the newest of these times.
    ///   - since: Rows before this instant are known; `nil` reads all.
    init(
        by member: StaticString,
        mark: String,
        since: Timestamp?,
        before: Int = 0,
        _ body: @escaping @Sendable (JSONValue) -> Harvest
    ) {
        counter = ItemCounter(before: before) { $0["id"] }
        self.member = member
        self.mark = mark
        self.since = since
        self.body = body
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> Harvest {
        page.document.withRoot { root in
            guard let data = root["data"] else {
                counter.note(nil, info)
                return Harvest()
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
    var isComplete: Bool { isSatisfied || counter.isComplete }

    var position: MarkPosition {
        var position = MarkPosition()
        position.set(mark, newest)
        return position
    }
}

/// Where a long walk over the event log goes on, and what it saw.
final class EventCursor: Sendable {
    private struct State {
        var restart: Timestamp?
        var overlap: Set<String> = []
        var rows: [ChangedRow] = []
        var remembered: [String] = []
    }
    private let state = Mutex(State())
    /// Entries from here on are remembered by id, where the warehouse does not store them.
    let remembersFrom: Timestamp?

    init(remembersFrom: Timestamp? = nil) {
        self.remembersFrom = remembersFrom
    }

    /// The lower bound of the next stretch; `nil` when the window was read to its end.
    var restart: Timestamp? { state.withLock { $0.restart } }
    /// The entries of a walk whose rows are not stored.
    var rows: [ChangedRow] { state.withLock { $0.rows } }
    /// The ids of the newest of them.
    var remembered: [String] { state.withLock { $0.remembered } }

    /// The entries handed on that the next stretch begins with.
    var overlap: Set<String> { state.withLock { $0.overlap } }

    func clearRestart() { state.withLock { $0.restart = nil } }

    func setRestart(_ time: Timestamp, overlap: Set<String>) {
        state.withLock { ($0.restart, $0.overlap) = (time, overlap) }
    }

    func note(_ events: [Event]) {
        state.withLock { state in
            for event in events {
                if let from = remembersFrom, event.occurredAt >= from { state.remembered.append(event.eventID) }
                var values = ["event_id": event.eventID, "occurred_at": String(event.occurredAt.microseconds)]
                values["activity"] = event.activity
                values["learner_id"] = event.learnerID
                values["course_id"] = event.courseID
                state.rows.append(ChangedRow(isNew: true, values: values))
            }
        }
    }
}

/// The member of the log's watermark that moves with the rows read, and how far it may.
struct EventMark: Sendable {
    /// Behind this every row was read and acted on.
    static let increment = "created_after"
    /// Up to this row a baseline has read the log; it goes on here when it was interrupted.
    static let baseline = "baseline_read_to"

    let name: String
    /// Rows behind this may still be missing when they are read.
    let limit: Timestamp?
}

/// Reads a stretch of the event log, oldest first.
///
/// The entries of one instant go on together, so the last instant of a page waits for the next page.
struct EventReader: ListReader {
    /// Pages read in one stretch; a deeper page is dear for the platform, so the walk begins anew from its last row.
    static let stretch = 200
    /// So far before its last row the next stretch begins.
    private static let stepBack = Duration.seconds(-1)

    private let mapping: LearnWorldsMapping
    private let cursor: EventCursor
    private let isStored: Bool
    /// Whether the cursor keeps the rows although they are stored.
    private let isNoted: Bool
    /// Stops after the first page when the platform counts as many entries as these bounds allow.
    private let stopsAtCount: ClosedRange<Int>?
    private let mark: EventMark?
    private var run = EventRun()
    private var last: Timestamp?
    /// Entries handed on that a stretch beginning now would bring again.
    private var recent: [(id: String, time: Timestamp)] = []
    private var overlap: Set<String> = []
    private var pages = 0
    private var hasMore = false
    private(set) var isSatisfied = false
    private(set) var items = 0

    init(
        mapping: LearnWorldsMapping,
        cursor: EventCursor,
        isStored: Bool,
        mark: EventMark?,
        isNoted: Bool = false,
        stopsAtCount: ClosedRange<Int>? = nil
    ) {
        self.mapping = mapping
        self.cursor = cursor
        self.isStored = isStored
        self.isNoted = isNoted || !isStored
        self.mark = mark
        self.stopsAtCount = stopsAtCount
    }

    mutating func read(_ page: Page, _ info: PageInfo) throws -> Harvest {
        if info.number == 1 {
            cursor.clearRestart()
            overlap = cursor.overlap
            if let stopsAtCount, let total = info.totalItems, stopsAtCount.contains(total) {
                isSatisfied = true
                return Harvest()
            }
        }
        var batch = Batch<Event>(stream: "events")
        pages = info.number
        page.document.withRoot { root in
            guard let data = root["data"] else { return }
            items += data.count
            mapping.events(data, into: &run, &batch)
            hasMore = (root["meta"]?["totalPages"]?.int64 ?? 0) > Int64(info.number)
        }
        return harvest(batch)
    }

    mutating func finish() throws -> Harvest {
        var batch = Batch<Event>(stream: "events")
        if pages >= Self.stretch, hasMore, let last {
            // The last instant comes whole with the next stretch.
            run.discard()
            cursor.setRestart(last.advanced(by: Self.stepBack), overlap: Set(recent.map(\.id)))
        } else {
            run.finish(into: &batch)
        }
        return harvest(batch)
    }

    private mutating func harvest(_ whole: Batch<Event>) -> Harvest {
        var batch = whole
        // What the stretch before has handed on is not handed on again: a row that comes twice is dear to store.
        if !overlap.isEmpty { batch.records.removeAll { overlap.contains($0.eventID) } }
        last = batch.records.last?.occurredAt ?? last
        // The platform is asked in whole seconds.
        if let from = last?.advanced(by: Self.stepBack - .seconds(1)) {
            recent.removeAll { $0.time < from }
            recent += batch.records.lazy.filter { $0.occurredAt >= from }.map { ($0.eventID, $0.occurredAt) }
        }
        if isNoted { cursor.note(batch.records) }
        guard isStored else { return Harvest() }
        var changes: [StateChange] = []
        if let mark, let last = batch.records.last?.occurredAt {
            var position = MarkPosition()
            position.set(mark.name, min(last, mark.limit ?? last))
            changes.append(.watermark(stream: "events", partition: "", position: position, asOf: last))
        }
        return Harvest(batch.readCount > 0 || !batch.driftLog.isEmpty ? [batch] : [], changes: changes)
    }

    var isComplete: Bool { true }
}
