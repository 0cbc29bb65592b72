package import Records

/// A watermark as it is stored.
package struct StoredWatermark: Sendable, Hashable {
    package let stream: String
    package let partition: String
    /// A JSON object.
    package let position: String
    package let dataAsOf: Timestamp?
    package let runID: Int64?
    package let updatedAt: Timestamp?
}

/// An entry of the queue.
package struct StoredPending: Sendable, Hashable {
    package let stream: String
    package let partition: String
    package let reason: String
    package let dueAt: Timestamp
    package let queuedAt: Timestamp
    package let attempts: Int
}

/// How far an interrupted baseline got in a list.
package struct StoredCheckpoint: Sendable, Hashable {
    package let stream: String
    package let partition: String
    /// JSON.
    package let position: String
    package let runID: Int64?
}

/// A source's own row.
package struct StoredSource: Sendable, Hashable {
    package let sourceID: String
    package let kind: String
    package let url: String
    package let configDigest: String?
    /// The settings that decide what the stored rows look like, as JSON; `nil` where an earlier release loaded them.
    package let storedForm: String?
    package let notBefore: Timestamp?
    package let baselineCompletedAt: Timestamp?
}

/// A run as the ledger has it.
package struct StoredRun: Sendable, Hashable {
    package let runID: Int64
    package let sourceID: String
    package let mode: String
    package let status: String
    package let startedAt: Timestamp?
    package let finishedAt: Timestamp?
    package let requests: Int
    /// What the plan before it named; `nil` where none was made.
    package let plannedRequests: Int?
    package let rowsRead: Int
    package let rowsWritten: Int
    package let rowsDeleted: Int
    package let rowsRejected: Int
    package let error: String?
}

/// A run's stream as the ledger has it.
package struct StoredRunStream: Sendable, Hashable {
    package let stream: String
    package let status: String
    package let requests: Int
    /// What the plan before the run named for the stream; `nil` where none was made.
    package let plannedRequests: Int?
    package let counts: RowCounts
    package let startedAt: Timestamp?
    package let finishedAt: Timestamp?
}

/// A reject as it is stored.
package struct StoredReject: Sendable, Hashable {
    package let rejectID: Int64
    package let sourceID: String
    package let stream: String
    package let naturalKey: String?
    package let reason: String
    /// The redacted record as JSON.
    package let payload: String?
    package let rejectedAt: Timestamp?
}

/// Open rejects with one reason.
package struct RejectGroup: Sendable, Hashable {
    package let sourceID: String
    package let stream: String
    package let reason: String
    package let count: Int
    package let newestAt: Timestamp?
}

/// How current a stream is.
package struct StreamFreshness: Sendable, Hashable {
    package let stream: String
    /// The platform's time up to which its changes are here.
    package let dataAsOf: Timestamp?
    /// When the stream was last stored or confirmed.
    package let loadedAt: Timestamp?
    /// Of streams read part by part: the oldest reading of a part.
    package let oldestPartAsOf: Timestamp?
    package let partitions: Int
}

/// How many parts of a stream had one outcome.
package struct CoverageGroup: Sendable, Hashable {
    package let stream: String
    package let outcome: CoverageOutcome
    package let parts: Int
    package let lastCompleteAt: Timestamp?
}

/// A part of a stream that could not be read, or not yet.
package struct UnreadPart: Sendable, Hashable {
    package let stream: String
    package let partition: String
    package let outcome: CoverageOutcome
}
