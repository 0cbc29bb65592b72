package import Records

/// How much a run reads.
package enum ReadingMode: Sendable {
    /// Everything, once.
    case baseline
    /// What changed since the watermarks.
    case incremental
}

/// What a platform may ask of the run it plans: reads, facts of the warehouse, marks.
package protocol RunContext: Sendable {
    /// The source being read.
    var settings: SourceSettings { get }
    /// How much is being read.
    var mode: ReadingMode { get }
    /// What was learned about the source, kept from run to run.
    var connectorState: ConnectorState { get }
    /// Which courses are read; ``facts`` shows no course beside these, and rows of others are not stored.
    var scope: CourseFilter { get }
    /// What the warehouse holds; a baseline sees its own rows after ``publish()``.
    var facts: any WarehouseFacts { get }
    /// What this run has read so far.
    var log: ReadLog { get }

    /// The platform's clock now, from its own `Date` headers; the local clock before the first answer.
    var serverNow: Timestamp { get }
    /// The platform's clock when this run, or the interrupted baseline it goes on with, began.
    var startedAt: Timestamp { get }
    /// How far off the clock may be where the platform tells no time and ours stands in: what is asked since a moment is
    /// asked since so long before it. Zero where the platform tells its time.
    var clockDoubt: Duration { get }

    /// How many calls may still be made so that a daily quota, refilled evenly, lasts; `nil` without a quota.
    var allowance: Int? { get }

    /// Whether the stream is to be read by this run.
    func isSelected(_ stream: String) -> Bool

    /// Whether a sweep is to read all of the stream; one that is only followed, because its changes tell of the others, is not.
    func isSwept(_ stream: String) -> Bool

    /// Reads `groups`, as many at once as the source allows; what an interrupted baseline has read already is skipped.
    ///
    /// - Returns: Whether every list was read to its end, and what the answers noted for this reading. A list that fails alone
    ///   goes on the ledger and throws nothing.
    /// - Throws: what ends the whole run.
    @discardableResult
    func read(_ groups: [ReadGroup]) async throws -> ReadSlice

    /// Reads what the queue holds for `streams` and is due, as the groups that `makeGroups` makes of a chunk of it.
    ///
    /// Entries of one partition come together. Entries that no group answers stay in the queue.
    func drain(
        _ streams: [String],
        _ makeGroups: @Sendable ([PendingEntry]) async throws -> [ReadGroup]
    ) async throws

    /// Runs `body`, which reads lists of `streams` in several steps: only after it may nothing of them be left to read.
    ///
    /// For those who watch the run; nothing depends on it.
    func reading(_ streams: [String], _ body: () async throws -> Void) async throws

    /// Makes a change of state part of the next commit; entries queued here that are due are drained by this run.
    func apply(_ changes: [StateChange]) async

    /// Compares what was read since the last call with the warehouse and queues what follows from the differences.
    func settle() async throws

    /// Hands out the rows of a table that complete lists were found to lack since the last call; see ``Cover``.
    func absentRows(of table: Table) async -> [AbsentRow]

    /// Adds rows that the plan itself found lacking, by comparing a list that holds more than one table's rows.
    ///
    /// They are handed out by ``absentRows(of:)`` like the others, or refused with them where they are too many.
    ///
    /// - Parameter isConfirmedOneByOne: See ``Cover/isConfirmedOneByOne``.
    func noteAbsent(_ rows: [AbsentRow], of table: Table, isConfirmedOneByOne: Bool) async throws

    /// Notes something that a pull on demand named and the platform does not have.
    func noteUnknown(_ record: NamedRecord)

    /// Says in the log what the people who run the source should know; once a run for each message.
    func say(_ message: String)

    /// Says that this run cannot tell whether streams are current: their data keeps the age that its parts have.
    func noteStale(_ streams: [String])

    /// Commits what has been read, in a baseline, so that ``facts`` sees it.
    func publish() async throws
}

extension RunContext {
    package var clockDoubt: Duration { .zero }
    package func noteStale(_ streams: [String]) {}

    /// Whether any of the streams is to be read by this run.
    package func isSelected(anyOf streams: String...) -> Bool {
        streams.contains { isSelected($0) }
    }

    /// Nobody watches.
    package func reading(_ streams: [String], _ body: () async throws -> Void) async throws {
        try await body()
    }

    /// Adds rows that the plan itself found lacking, to be confirmed by a second list or a second reading.
    package func noteAbsent(_ rows: [AbsentRow], of table: Table) async throws {
        try await noteAbsent(rows, of: table, isConfirmedOneByOne: false)
    }
}

/// A staged row that differs from the stored one.
package struct ChangedRow: Sendable {
    /// Whether the warehouse has no such row yet.
    package let isNew: Bool
    /// When the stored row was marked as deleted; `nil` for one that lives or is new.
    package let deletedAt: Timestamp?
    /// The columns asked for, as text; times as microseconds since 1970.
    package let values: [String: String]

    package init(isNew: Bool, deletedAt: Timestamp? = nil, values: [String: String]) {
        self.isNew = isNew
        self.deletedAt = deletedAt
        self.values = values
    }

    /// Whether the row was gone here and is back: what was marked with it has to be read again, whole.
    package var isReturned: Bool { deletedAt != nil }

    package subscript(column: String) -> String? { values[column] }

    /// The column as a time.
    package func time(_ column: String) -> Timestamp? {
        values[column].flatMap(Int64.init).map(Timestamp.init(microsecondsSinceEpoch:))
    }
}

/// Which rows of a table a platform wants to hear of when they change.
package struct FollowedTable: Sendable {
    package let table: Table
    package let columns: [String]

    package init(_ table: Table, columns: [String]) {
        self.table = table
        self.columns = columns
    }
}

/// Questions to the warehouse that decide what to ask the platform.
package protocol WarehouseFacts: Sendable {
    /// The live courses of the source, in key order.
    func courseIDs() async throws -> [String]
    /// The course each assessment belongs to; unknown ones are left out.
    func courses(ofAssessments ids: [String]) async throws -> [String: String]
    /// Those of `ids` the warehouse has no learner for, live or deleted.
    func unknownLearners(among ids: [String]) async throws -> [String]
    /// Those of `ids` the warehouse has no live learner for; those whose account this run has read are not among them.
    func learnersNotLive(among ids: [String]) async throws -> [String]
    /// Learners with live enrollments or progress and no live account; those whose account this run has read are not among
    /// them.
    func strayLearners() async throws -> [String]
    /// Live learners who ever logged in, or who have live enrollments or progress.
    func activeLearners() async throws -> Set<String>
    /// The newest stored event of each learner.
    func lastEventTimes(ofLearners ids: [String]) async throws -> [String: Timestamp]
    /// Learners with an enrollment that expired before `instant` and whose enrollments were not read since it expired.
    func learnersWithUnreadExpiry(before instant: Timestamp) async throws -> [String]
    /// Events stored with `from <= occurred_at < to`; those of this run that are not published yet are not counted.
    func eventCount(from: Timestamp, to: Timestamp) async throws -> Int
    /// The ids of events stored with `from <= occurred_at <= to` that bear a running number among equal ones.
    func numberedEvents(from: Timestamp, to: Timestamp) async throws -> [String]
    /// A watermark as this run left it.
    func watermark(_ stream: String, _ partition: String) async throws -> MarkPosition?
    /// The watermarks of all partitions of a stream as this run left them.
    func watermarks(_ stream: String) async throws -> [String: MarkPosition]
    /// Columns of the stored live rows whose columns have one of the values given; times as microseconds since 1970, nulls
    /// left out. What this run has read and not published is not there.
    func rows(of table: Table, columns: [String], matching: [String: [String]]) async throws -> [[String: String]]
    /// When each partition of a stream was last read whole, by the member `verified_at` or `full_at` of its watermark as
    /// this run left it; `nil` for one that has a watermark and was never read whole.
    func verifiedTimes(_ stream: String) async throws -> [String: Timestamp?]
    /// Partitions of a stream that failed and wait in the queue for another try.
    func failedPartitions(_ stream: String) async throws -> Set<String>
    /// Partitions of a stream that the ledger has as refused or failed.
    func unreadPartitions(_ stream: String) async throws -> Set<String>
    /// The distinct values of a text column of the live rows whose columns have one of the values given.
    func distinct(_ column: String, of table: Table, matching: [String: [String]]) async throws -> Set<String>
    /// The distinct values of a text column of the rows that were marked as deleted at `instant` or later and whose columns
    /// have one of the values given: what went with a parent that was marked then.
    func distinctDeleted(
        _ column: String,
        of table: Table,
        matching: [String: [String]],
        since instant: Timestamp
    ) async throws -> Set<String>
    /// Learners with an active enrollment in a course that they have not completed.
    func learnersWithOpenCourses() async throws -> Set<String>
    /// How many stored live rows have a time of each month (UTC) in a column, oldest month first; nulls are left out.
    func monthlyCounts(of table: Table, column: String) async throws -> [(month: Timestamp, rows: Int)]
    /// The rows that each part of a stream held when it was last read whole, where that is on the ledger.
    func rowsLastRead(_ stream: String) async throws -> [String: Int]
    /// The watermarks of some partitions as this run left them.
    func watermarks(_ stream: String, partitions: [String]) async throws -> [String: MarkPosition]
}
