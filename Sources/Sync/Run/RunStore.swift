import Loader
import Platforms
import Records

/// A run's side of the warehouse: its commit units, its queue, the facts its platform asks for.
struct RunStore: Sendable {
    let sourceID: String
    let runID: Int64
    let reader: WarehouseReader
    let writer: CommitUnitWriter
    /// Whether commit units are only compared with the warehouse.
    var isDryRun = false
    /// What commit units are held against instead of being stored.
    var comparison: Comparison?

    func publish(_ unit: CommitUnit, waitsForDisk: Bool = true) async throws -> PublishCounts {
        if let comparison { return try await compare(unit, for: comparison) }
        guard isDryRun else { return try await writer.publish(unit, waitsForDisk: waitsForDisk) }
        return try await writer.preview(unit)
    }

    func differences(of followed: FollowedTable, in unit: CommitUnit) async throws -> [ChangedRow] {
        try await writer.differences(in: followed.table, of: unit, returning: followed.columns).map {
            ChangedRow(isNew: $0.isNew, deletedAt: $0.deletedAt, values: $0.values)
        }
    }

    func pending(_ stream: String, after partition: String, limit: Int) async throws -> [PendingEntry] {
        try await reader.pending(sourceID, stream: stream, after: partition, limit: limit).map(PendingEntry.init)
    }

    func pendingCount(_ stream: String) async throws -> Int {
        try await reader.pendingCount(sourceID, streams: [stream])
    }

    /// The live rows of a part of a table that none of the hashes stands for.
    ///
    /// - Parameter scopes: Rows that match any of these conditions, column to the values it may have; none: all of them.
    func absentRows(
        of table: Table,
        scopes: [[String: [String]]],
        seen: Set<UInt64>,
        limit: Int
    ) async throws -> (keys: [[String: String]], absent: Int, live: Int) {
        try await reader.absentKeys(sourceID, of: table, scopes: scopes, seen: seen, limit: limit)
    }

    func duePending(_ streams: [String], by now: Timestamp, limit: Int) async throws -> [PendingEntry] {
        try await reader.pending(sourceID, streams: streams, dueBy: now, limit: limit).map(PendingEntry.init)
    }
}

extension PendingEntry {
    init(_ stored: StoredPending) {
        self.init(
            stream: stored.stream,
            partition: stored.partition,
            reason: stored.reason,
            dueAt: stored.dueAt,
            attempts: stored.attempts
        )
    }
}

/// What a run has read or marked and not published yet, as far as its platform asks for it.
protocol UnpublishedMarks: Sendable {
    var settings: SourceSettings { get }
    var scope: CourseFilter { get }
    /// The watermark this run has set, published or not.
    func positionSet(_ stream: String, _ partition: String) -> MarkPosition?
    /// The watermarks of a stream that this run has set, by partition.
    func positionsSet(_ stream: String) -> [String: MarkPosition]
    /// Whether the learner's own record came with this run.
    func hasMet(learner id: String) -> Bool
}

/// What the warehouse knows, together with what this run has marked and not published yet.
struct RunFacts: WarehouseFacts {
    let run: any UnpublishedMarks
    let reader: WarehouseReader

    private var id: String { run.settings.id }

    func courseIDs() async throws -> [String] { try await reader.courseIDs(id).filter(run.scope.contains) }

    func courses(ofAssessments ids: [String]) async throws -> [String: String] {
        try await reader.courses(id, ofAssessments: ids)
    }

    func unknownLearners(among ids: [String]) async throws -> [String] {
        let unknown = try await reader.unknownLearners(id, among: ids)
        return unknown.filter { !run.hasMet(learner: $0) }
    }

    func learnersNotLive(among ids: [String]) async throws -> [String] {
        try await reader.learnersNotLive(id, among: ids).filter { !run.hasMet(learner: $0) }
    }

    func strayLearners() async throws -> [String] {
        try await reader.strayLearners(id).filter { !run.hasMet(learner: $0) }
    }

    func activeLearners() async throws -> Set<String> { Set(try await reader.activeLearners(id)) }

    func lastEventTimes(ofLearners ids: [String]) async throws -> [String: Timestamp] {
        try await reader.lastEventTimes(id, ofLearners: ids)
    }

    func learnersWithUnreadExpiry(before instant: Timestamp) async throws -> [String] {
        try await reader.learnersWithUnreadExpiry(
            id,
            from: Timestamp(microsecondsSinceEpoch: 0),
            to: instant,
            limit: 100_000
        )
    }

    func eventCount(from: Timestamp, to: Timestamp) async throws -> Int {
        try await reader.eventCount(id, from: from, to: to)
    }

    func numberedEvents(from: Timestamp, to: Timestamp) async throws -> [String] {
        try await reader.numberedEvents(id, from: from, to: to)
    }

    func watermark(_ stream: String, _ partition: String) async throws -> MarkPosition? {
        try await watermarks(stream, partitions: [partition])[partition]
    }

    func watermarks(_ stream: String) async throws -> [String: MarkPosition] {
        let stored = try await reader.allWatermarks(id, stream)
        let positions = Dictionary(stored.map { ($0.partition, MarkPosition(json: $0.position)) }) { first, _ in first }
        return positions.merging(run.positionsSet(stream)) { $1 }
    }

    func verifiedTimes(_ stream: String) async throws -> [String: Timestamp?] {
        var times = try await reader.verifiedTimes(id, stream)
        for (partition, position) in run.positionsSet(stream) {
            let time = position.time("verified_at") ?? position.time("full_at")
            times[partition] = .some(time ?? times[partition] ?? nil)
        }
        return times
    }

    func failedPartitions(_ stream: String) async throws -> Set<String> {
        Set(try await reader.failedPartitions(id, stream))
    }

    func unreadPartitions(_ stream: String) async throws -> Set<String> {
        Set(try await reader.unreadPartitions(id, stream))
    }

    func distinct(_ column: String, of table: Table, matching: [String: [String]]) async throws -> Set<String> {
        Set(try await reader.distinct(id, column, of: table, matching: matching))
    }

    func distinctDeleted(
        _ column: String,
        of table: Table,
        matching: [String: [String]],
        since instant: Timestamp
    ) async throws -> Set<String> {
        Set(try await reader.distinct(id, column, of: table, matching: matching, deletedSince: instant))
    }

    func learnersWithOpenCourses() async throws -> Set<String> { Set(try await reader.learnersWithOpenCourses(id)) }

    func rows(
        of table: Table,
        columns: [String],
        matching: [String: [String]]
    ) async throws -> [[String: String]] {
        let rows = try await reader.values(id, of: table, columns: columns, matching: matching)
        guard table.name == Course.table.name, !run.scope.isEverything else { return rows }
        return rows.filter { row in row["course_id"].map(run.scope.contains) ?? true }
    }

    func monthlyCounts(of table: Table, column: String) async throws -> [(month: Timestamp, rows: Int)] {
        try await reader.monthlyCounts(id, of: table, column: column)
    }

    func rowsLastRead(_ stream: String) async throws -> [String: Int] { try await reader.rowsLastRead(id, stream) }

    func watermarks(_ stream: String, partitions: [String]) async throws -> [String: MarkPosition] {
        let stored = try await reader.watermarks(id, stream, partitions: partitions)
        var positions = Dictionary(stored.map { ($0.partition, MarkPosition(json: $0.position)) }) { first, _ in first }
        for partition in partitions {
            if let position = run.positionSet(stream, partition) { positions[partition] = position }
        }
        return positions
    }
}
