import Records

/// The state that is true once a commit unit's rows are stored.
struct CommitUnitState: Sendable {
    struct Watermark: Sendable {
        var position: String
        var dataAsOf: Timestamp?
    }

    /// The position of a watermark that only says how fresh the stream is.
    static let unmoved = "{}"

    /// The reason of a re-pull that reads all of its partition; no other reason takes its place.
    static let wholeReason = "whole"

    struct QueueEntry: Sendable {
        var reason: String
        var dueAt: Timestamp
        var attempts: Int
    }

    struct Coverage: Sendable {
        var outcome: CoverageOutcome
        var expected: Int?
        var read: Int?
        var isComplete: Bool
    }

    struct DriftKey: Hashable, Sendable {
        var stream: String
        var field: String
        var jsonType: String
    }

    struct LeftTable: Sendable {
        var table: Table
        var stream: String
    }

    var restarts: Set<String>?
    /// What the rows are from now on loaded from.
    var origin: SourceOrigin?
    var restatement: LearnerRestatement?
    /// The tables whose rows are those of a school that the source no longer stands for.
    var leftTables: [LeftTable] = []
    /// What the platform says it is, as JSON.
    var identity: String?
    var watermarks: [StreamPartition: Watermark] = [:]
    /// Entries that go, with the time up to which they must have been queued.
    var unqueued: [StreamPartition: Timestamp] = [:]
    var queued: [StreamPartition: QueueEntry] = [:]
    var checkpoints: [StreamPartition: String] = [:]
    var clearsCheckpoints = false
    var coverage: [StreamPartition: Coverage] = [:]
    var rejects: [RejectedRecord] = []
    /// Records that have arrived whole after they were rejected: stream and natural key.
    var arrivals: Set<StreamPartition> = []
    /// Rejects by number that are resolved.
    var resolvedRejects: [Int64] = []
    var drift: [DriftKey: Bool] = [:]
    var requests: [String: Int] = [:]
    /// What was counted before the rows were staged: rejects.
    var counts: [String: RowCounts] = [:]
    var rekeyings: [RekeyedRows] = []
    var deletions: [DeletedRows] = []
    var notBefore: Timestamp??
    var baselineCompletedAt: Timestamp?

    var isEmpty: Bool {
        restarts == nil && origin == nil && restatement == nil && leftTables.isEmpty && identity == nil && watermarks.isEmpty
            && unqueued.isEmpty
            && queued.isEmpty && checkpoints.isEmpty
            && !clearsCheckpoints && coverage.isEmpty && rejects.isEmpty && drift.isEmpty
            && requests.isEmpty && counts.isEmpty && notBefore == nil && baselineCompletedAt == nil
            && rekeyings.isEmpty && deletions.isEmpty && arrivals.isEmpty && resolvedRejects.isEmpty
    }

    mutating func touch(_ stream: String) {
        if counts[stream] == nil { counts[stream] = RowCounts() }
    }

    mutating func queue(_ key: StreamPartition, _ entry: QueueEntry) {
        guard var kept = queued[key] else {
            queued[key] = entry
            return
        }
        if entry.dueAt < kept.dueAt { kept.dueAt = entry.dueAt }
        if kept.reason != Self.wholeReason { kept.reason = entry.reason }
        kept.attempts = max(kept.attempts, entry.attempts)
        queued[key] = kept
    }

    mutating func merge(_ other: CommitUnitState) {
        if let streams = other.restarts { restarts = (restarts ?? []).union(streams) }
        origin = other.origin ?? origin
        restatement = other.restatement ?? restatement
        leftTables += other.leftTables
        identity = other.identity ?? identity
        watermarks.merge(other.watermarks) { kept, new in
            new.position == Self.unmoved ? Watermark(position: kept.position, dataAsOf: new.dataAsOf) : new
        }
        unqueued.merge(other.unqueued) { max($0, $1) }
        for (key, entry) in other.queued { queue(key, entry) }
        checkpoints.merge(other.checkpoints) { $1 }
        clearsCheckpoints = clearsCheckpoints || other.clearsCheckpoints
        coverage.merge(other.coverage) { $1 }
        rejects += other.rejects
        arrivals.formUnion(other.arrivals)
        resolvedRejects += other.resolvedRejects
        drift.merge(other.drift) { $1 }
        requests.merge(other.requests, uniquingKeysWith: +)
        counts.merge(other.counts) { kept, new in
            var sum = kept
            sum += new
            return sum
        }
        rekeyings += other.rekeyings
        deletions += other.deletions
        if let notBefore = other.notBefore { self.notBefore = notBefore }
        baselineCompletedAt = other.baselineCompletedAt ?? baselineCompletedAt
    }
}

/// A record that could not be stored.
package struct RejectedRecord: Sendable, Hashable {
    package var stream: String
    /// The record's id, where it has one.
    package var naturalKey: String?
    /// Why, in our own words.
    package var reason: String
    /// The redacted record as JSON.
    package var payload: String?

    package init(stream: String, naturalKey: String?, reason: String, payload: String? = nil) {
        self.stream = stream
        self.naturalKey = naturalKey
        self.reason = reason
        self.payload = payload
    }
}
