package import Extractor
package import Records

/// One list the platform is asked for, and what becomes of its pages.
package struct ListRead: Sendable {
    /// Requests, rows and outcomes are counted under this stream.
    package var stream: String
    /// The part of the stream this list holds: a course, a learner, or `""` for all of it.
    package var partition: String
    /// What the run's log calls the list, where anybody asks how it was read; `nil` where nobody does.
    package var logName: String?
    /// Whether all of the list is asked for, not only its newest part.
    package var asksAll = true
    /// The first request of the walk.
    package var request: APIRequest
    /// How the list pages.
    package var paging: any PagingRule
    /// How the platform's answers are judged.
    package var rules: any AnswerRules
    /// Makes the reader of one walk; called again when a walk has to be repeated.
    package var makeReader: @Sendable () -> any ListReader
    /// What is true once every page is stored.
    package var completion: @Sendable (WalkOutcome) -> [StateChange]
    /// Whether the queue can hold this list for a later run: its stream is drained by partition.
    package var isQueueable: Bool
    /// Whether only a baseline asks for this list: where it cannot be read, its stream is not loaded.
    ///
    /// Of other lists, those of a course, a learner or a column, an increment finds on the ledger or in the queue that they
    /// were not read, and asks for them by themselves.
    package var isWholeStream: Bool
    /// Whether a baseline leaves this list to the queue where it fails for a moment; one that is refused stays refused.
    package var waitsInQueue = false
    /// The rest of this list after an interruption, where it may be taken up in the middle.
    package var resuming: (@Sendable (WalkResume) -> ListRead?)?
    /// Pages that may be on the wire at once, where the pages are numbered.
    package var pagesAtOnce: Int
    /// What the list is taken to cost before it is asked.
    package var cost = ForeseenCost.calls(1)
    /// Reasons of queue entries that the plan makes of what the list shows: where a part of it was read, it shows a part.
    package var hints: Set<String> = []
    /// Asked when the list's turn comes: whether what its group has read before leaves anything to ask.
    ///
    /// A list that is not needed costs no request and counts as read, empty.
    package var isNeeded: @Sendable () -> Bool
    /// What the warehouse adds to a page, or takes from it, before its rows go on.
    package var refine: (@Sendable (ParsedPage) async throws -> ParsedPage)?
    /// What to ask instead when this request is refused: a path spelled otherwise, a smaller page.
    package var alternative: @Sendable (ExtractorError) -> ListRead?

    package init(
        stream: String,
        partition: String = "",
        request: APIRequest,
        paging: any PagingRule,
        rules: any AnswerRules,
        pagesAtOnce: Int = 4,
        isQueueable: Bool = false,
        resuming: (@Sendable (WalkResume) -> ListRead?)? = nil,
        isNeeded: @escaping @Sendable () -> Bool = { true },
        refine: (@Sendable (ParsedPage) async throws -> ParsedPage)? = nil,
        alternative: @escaping @Sendable (ExtractorError) -> ListRead? = { _ in nil },
        completion: @escaping @Sendable (WalkOutcome) -> [StateChange] = { _ in [] },
        makeReader: @escaping @Sendable () -> any ListReader
    ) {
        self.stream = stream
        self.partition = partition
        self.request = request
        self.paging = paging
        self.rules = rules
        self.isQueueable = isQueueable
        isWholeStream = partition.isEmpty
        self.resuming = resuming
        self.pagesAtOnce = pagesAtOnce
        self.isNeeded = isNeeded
        self.refine = refine
        self.alternative = alternative
        self.completion = completion
        self.makeReader = makeReader
    }
}

extension ListRead {
    /// How the run's log has the list; `nil` where nobody asks, or where all of it was wanted and only its beginning was read.
    package func result(_ outcome: WalkOutcome) -> ListResult? {
        guard let logName, !(outcome.isPart && asksAll) else { return nil }
        return ListResult(
            list: logName,
            partition: partition,
            items: outcome.items,
            isComplete: outcome.isComplete,
            isWhole: asksAll && !outcome.isResumed,
            asOf: outcome.asOf
        )
    }
}

/// What a list is taken to cost before it is asked.
package enum ForeseenCost: Sendable, Equatable {
    case calls(Int)
    /// As many pages of so many rows as the part held when it was last read whole.
    case pages(ofRows: Int)
}

/// Lists that belong together: all streams of one learner or course.
package struct ReadGroup: Sendable {
    package var reads: [ListRead]
    /// The queue entries this group answers; they go with the commit of the group.
    package var answers: [PendingEntry]
    /// Whether the pages may be published as they come; otherwise the whole group is, or nothing of it.
    package var publishesByPage: Bool
    /// What the group's lists together hold every row of, where all are complete.
    package var covers: [Cover]
    /// Whether what the group shows decides what else is read: a plan reads some of such groups to tell the cost of all.
    package var isSampled = false
    /// Of a telling group: whether the warehouse knows nothing of its part yet, so that no other part can stand for it.
    package var isUnknown = false
    /// What to read instead where the group fails: a window in two halves.
    ///
    /// The failure is then no failure; `nil` leaves it one.
    package var instead: @Sendable (ExtractorError) -> Replacement?
    /// What a failure that stays one tells, beside itself.
    package var notesOnFailure: @Sendable (ExtractorError) -> ReadNotes = { _ in ReadNotes() }

    package init(
        _ reads: [ListRead],
        answers: [PendingEntry] = [],
        publishesByPage: Bool = false,
        covers: [Cover] = [],
        instead: @escaping @Sendable (ExtractorError) -> Replacement? = { _ in nil }
    ) {
        self.reads = reads
        self.answers = answers
        self.publishesByPage = publishesByPage
        self.covers = covers
        self.instead = instead
    }
}

/// What is read in place of a group that failed, and what the failure tells.
package struct Replacement: Sendable, ExpressibleByArrayLiteral {
    package var groups: [ReadGroup]
    package var notes: ReadNotes

    package init(_ groups: [ReadGroup] = [], notes: ReadNotes = ReadNotes()) {
        (self.groups, self.notes) = (groups, notes)
    }

    package init(arrayLiteral groups: ReadGroup...) { self.init(groups) }
}

/// A part of a table that a group of lists, read whole, holds every row of.
package struct Cover: Sendable {
    package let table: Table
    /// Rows that match any of these conditions (column to value); none: every row of the source.
    package let scopes: [[String: String]]
    /// Whether each absent row costs a request to confirm: then none is handed out once they are more than
    /// `deletions.max_fraction` of the table, however few they are.
    package let isConfirmedOneByOne: Bool

    package init(_ table: Table, scopes: [[String: String]] = [], isConfirmedOneByOne: Bool = false) {
        self.table = table
        self.scopes = scopes
        self.isConfirmedOneByOne = isConfirmedOneByOne
    }
}

/// A row that lives in the warehouse and that lists which should hold it did not: a reason to ask, no proof.
package struct AbsentRow: Sendable, Hashable {
    package let table: String
    /// Its key, `source_id` left out.
    package let key: [String: String]

    package init(table: String, key: [String: String]) {
        self.table = table
        self.key = key
    }
}

/// Turns the pages of one walk into records; may keep state from page to page.
package protocol ListReader {
    /// Reads one page.
    mutating func read(_ page: Page, _ info: PageInfo) throws -> ParsedPage
    /// What was held back until the end was known.
    mutating func finish() throws -> ParsedPage
    /// Whether the rest of the list is known already, so that no further page need be asked for.
    var isSatisfied: Bool { get }
    /// Whether the pages read so far are the whole list; asked after the last one.
    var isComplete: Bool { get }
    /// Items met so far.
    var items: Int { get }
    /// What the rows read so far say of the next watermark.
    var position: MarkPosition { get }
}

extension ListReader {
    package mutating func finish() throws -> ParsedPage { ParsedPage() }
    package var isSatisfied: Bool { false }
    package var position: MarkPosition { MarkPosition() }
}

/// Where an interrupted walk goes on.
package struct WalkResume: Sendable, Equatable {
    /// The first page still to be read.
    package var page: Int
    /// Items on the pages before it.
    package var items: Int
    /// What the platform said the whole list holds.
    package var total: Int?
    /// What the last page read says of where to go on (``PageInfo/cursor``).
    package var cursor: String?

    package init(page: Int, items: Int, total: Int?, cursor: String? = nil) {
        self.page = page
        self.items = items
        self.total = total
        self.cursor = cursor
    }
}

/// A request that is answered by one object.
package struct SingleAnswer: PagingRule {
    package let first: APIRequest

    package init(first: APIRequest) {
        self.first = first
    }

    package func read(_ page: Page, asked number: Int) -> PageReading {
        .page(PageInfo(number: number, totalPages: 1, next: .end))
    }
}

/// How a walk ended.
package struct WalkOutcome: Sendable {
    /// Whether the list was proved complete; an incomplete walk stores rows but proves no absence.
    package var isComplete: Bool
    /// Rows the platform said it has, where it says so.
    package var expected: Int?
    /// Items met.
    package var items: Int
    /// The server's clock when the walk began: what the platform had when we asked.
    package var asOf: Timestamp
    /// What the reader made of the rows.
    package var position: MarkPosition
    /// Whether the beginning of the list was read by an interrupted run.
    package var isResumed: Bool
    /// Whether the walk ended before the list did, because the rest was known.
    package var isPart: Bool
    /// Whether the platform states how much the whole list holds.
    package var statesTotal: Bool

    package init(
        isComplete: Bool,
        expected: Int?,
        items: Int,
        asOf: Timestamp,
        position: MarkPosition,
        isResumed: Bool = false,
        isPart: Bool = false,
        statesTotal: Bool = false
    ) {
        self.isComplete = isComplete
        self.expected = expected
        self.items = items
        self.asOf = asOf
        self.position = position
        self.isResumed = isResumed
        self.isPart = isPart
        self.statesTotal = statesTotal
    }
}

/// A change of the service's own state, stored in the commit of the rows it vouches for.
package enum StateChange: Sendable {
    /// `asOf` says how fresh the stream's data is; `nil` where the mark says nothing of that.
    case watermark(stream: String, partition: String, position: MarkPosition, asOf: Timestamp?)
    case queue(PendingEntry)
    /// Rows the platform has no longer.
    case gone(GoneRows)
    /// Rows that belong under another key now.
    case moved(MovedRows)
}

/// Rows to be marked with `deleted_at`, named by some columns, and with them what hangs on them (``Cascade``).
package struct GoneRows: Sendable {
    package let table: Table
    /// The columns that ``keys`` gives values for.
    package let columns: [String]
    /// One row or more each, in the order of ``columns``.
    package let keys: [[String]]
    /// Only rows in which these columns are null.
    package let unset: [String]
    /// The table that has ``columns``, where it is another one: its rows, live or not, name the rows by its key.
    package let through: Table?
    /// Whether the rows count against `deletions.max_fraction`; what follows from another row's deletion does not.
    package let isGuarded: Bool
    /// Whether nothing goes with the rows: what hangs on them lives on under another key.
    package let isAlone: Bool
    /// The table whose deletion these rows follow from: where that one is refused, they stay as well.
    package let parent: Table?

    package init(
        _ table: Table,
        columns: [String],
        keys: [[String]],
        unset: [String] = [],
        through: Table? = nil,
        isGuarded: Bool = true,
        isAlone: Bool = false,
        following parent: Table? = nil
    ) {
        self.table = table
        self.columns = columns
        self.keys = keys
        self.unset = unset
        self.through = through
        self.isGuarded = isGuarded && parent == nil
        self.isAlone = isAlone || parent != nil
        self.parent = parent
    }

    /// Rows by one column of their key.
    package init(_ table: Table, _ column: String, _ ids: [String], isGuarded: Bool = true) {
        self.init(table, columns: [column], keys: ids.map { [$0] }, isGuarded: isGuarded)
    }
}

/// Stored rows that get another key: they are copied with some columns replaced, and the old ones marked with
/// `deleted_at`.
///
/// A row that lives under the new key already stays as it is.
package struct MovedRows: Sendable {
    package let table: Table
    /// Which rows: column to value.
    package let from: [String: String]
    /// What changes: column to value.
    package let to: [String: String?]

    package init(_ table: Table, from: [String: String], to: [String: String?]) {
        self.table = table
        self.from = from
        self.to = to
    }
}
