import Records

@testable import Platforms

/// Stands in for a run where a plan asks the warehouse and reads nothing.
struct PlannedRun: RunContext {
    /// What a plan must not do here.
    enum Problem: Error {
        case readsNothing
    }

    var settings: SourceSettings
    var stored = StoredRows()
    let log = ReadLog()

    init(kind: String, streams: [String]) {
        settings = SourceSettings(
            id: "acme",
            kind: kind,
            url: "https://acme.example.org",
            credentials: Credentials(),
            requestsPerSecond: 1,
            streams: streams
        )
    }

    var mode: ReadingMode { .incremental }
    var connectorState: ConnectorState { ConnectorState() }
    var scope: CourseFilter { CourseFilter() }
    var facts: any WarehouseFacts { stored }
    var serverNow: Timestamp { Timestamp(microsecondsSinceEpoch: 1_751_328_000_000_000) }
    var startedAt: Timestamp { serverNow }
    var allowance: Int? { nil }
    func isSelected(_ stream: String) -> Bool { settings.streams.contains(stream) }
    func isSwept(_ stream: String) -> Bool { isSelected(stream) }
    func read(_ groups: [ReadGroup]) async throws -> ReadSlice { throw Problem.readsNothing }
    func drain(
        _ streams: [String],
        _ makeGroups: @Sendable ([PendingEntry]) async throws -> [ReadGroup]
    ) async throws {}
    func apply(_ changes: [StateChange]) async {}
    func settle() async throws {}
    func absentRows(of table: Table) async -> [AbsentRow] { [] }
    func noteUnknown(_ record: NamedRecord) {}
    func noteAbsent(_ rows: [AbsentRow], of table: Table, isConfirmedOneByOne: Bool) async throws {}
    func say(_ message: String) {}
    func publish() async throws {}
}

/// A warehouse of a few rows, each with the time at which it was marked as deleted, if it was.
struct StoredRows: WarehouseFacts {
    struct Row: Sendable {
        var table: String
        var values: [String: String]
        var deletedAt: Timestamp?
    }

    private var all: [Row] = []

    mutating func add(_ table: Table, _ values: [String: String], deletedAt: Timestamp? = nil) {
        all.append(Row(table: table.name, values: values, deletedAt: deletedAt))
    }

    private func rows(_ table: Table, _ matching: [String: [String]]) -> [Row] {
        all.filter { row in
            row.table == table.name
                && matching.allSatisfy { column, wanted in row.values[column].map(wanted.contains) ?? false }
        }
    }

    private func live(_ table: Table) -> [Row] { rows(table, [:]).filter { $0.deletedAt == nil } }

    func courseIDs() async throws -> [String] { live(Course.table).compactMap { $0.values["course_id"] }.sorted() }

    func courses(ofAssessments ids: [String]) async throws -> [String: String] {
        let rows = rows(Assessment.table, ["assessment_id": ids])
        return Dictionary(rows.map { ($0.values["assessment_id"] ?? "", $0.values["course_id"] ?? "") }) { $1 }
    }

    func learnersNotLive(among ids: [String]) async throws -> [String] {
        let known = Set(live(Learner.table).compactMap { $0.values["learner_id"] })
        return ids.filter { !known.contains($0) }
    }

    func rows(of table: Table, columns: [String], matching: [String: [String]]) async throws -> [[String: String]] {
        rows(table, matching).filter { $0.deletedAt == nil }.map(\.values)
    }

    func distinct(_ column: String, of table: Table, matching: [String: [String]]) async throws -> Set<String> {
        Set(rows(table, matching).filter { $0.deletedAt == nil }.compactMap { $0.values[column] })
    }

    func distinctDeleted(
        _ column: String,
        of table: Table,
        matching: [String: [String]],
        since instant: Timestamp
    ) async throws -> Set<String> {
        let gone = rows(table, matching).filter { row in row.deletedAt.map { $0 >= instant } ?? false }
        return Set(gone.compactMap { $0.values[column] })
    }

    func unknownLearners(among ids: [String]) async throws -> [String] { [] }
    func strayLearners() async throws -> [String] { [] }
    func activeLearners() async throws -> Set<String> { [] }
    func lastEventTimes(ofLearners ids: [String]) async throws -> [String: Timestamp] { [:] }
    func learnersWithUnreadExpiry(before instant: Timestamp) async throws -> [String] { [] }
    func eventCount(from: Timestamp, to: Timestamp) async throws -> Int { 0 }
    func numberedEvents(from: Timestamp, to: Timestamp) async throws -> [String] { [] }
    func watermark(_ stream: String, _ partition: String) async throws -> MarkPosition? { nil }
    func watermarks(_ stream: String) async throws -> [String: MarkPosition] { [:] }
    func watermarks(_ stream: String, partitions: [String]) async throws -> [String: MarkPosition] { [:] }
    func verifiedTimes(_ stream: String) async throws -> [String: Timestamp?] { [:] }
    func failedPartitions(_ stream: String) async throws -> Set<String> { [] }
    func unreadPartitions(_ stream: String) async throws -> Set<String> { [] }
    func learnersWithOpenCourses() async throws -> Set<String> { [] }
    func monthlyCounts(of table: Table, column: String) async throws -> [(month: Timestamp, rows: Int)] { [] }
    func rowsLastRead(_ stream: String) async throws -> [String: Int] { [:] }
}
