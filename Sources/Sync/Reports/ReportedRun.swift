/// One row of `sync.runs`.
package struct ReportedRun: Sendable {
    package var runID: Int64
    package var mode: String
    package var status: String
    package var startedAt: String?
    package var finishedAt: String?
    package var requests: Int64
    /// Calls that the plan made before the run named; `nil` where none was made.
    package var plannedRequests: Int64?
    /// Calls of each stream, with those planned where a plan was made.
    package var streams: [(name: String, requests: Int64, planned: Int64?)] = []
    package var rowsRead: Int64
    package var rowsWritten: Int64
    package var rowsDeleted: Int64
    package var rowsRejected: Int64
    package var error: String?
    /// Whether the run's process is gone without having closed it.
    package var isConnectionGone = false

    package init(
        runID: Int64,
        mode: String,
        status: String,
        startedAt: String? = nil,
        finishedAt: String? = nil,
        requests: Int64 = 0,
        rowsRead: Int64 = 0,
        rowsWritten: Int64 = 0,
        rowsDeleted: Int64 = 0,
        rowsRejected: Int64 = 0,
        error: String? = nil
    ) {
        self.runID = runID
        self.mode = mode
        self.status = status
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.requests = requests
        self.rowsRead = rowsRead
        self.rowsWritten = rowsWritten
        self.rowsDeleted = rowsDeleted
        self.rowsRejected = rowsRejected
        self.error = error
    }
}
