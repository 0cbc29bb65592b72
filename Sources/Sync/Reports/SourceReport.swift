package import Platforms

/// What one run did for one source.
package struct SourceReport: Sendable {
    package var id: String
    /// `nil` where the run never got the lease.
    package var runID: Int64?
    /// As in `sync.runs.mode`.
    package var mode: String
    /// As in `sync.runs.status`.
    package var status: String
    package var exitCode: Int32
    /// Why it did not succeed, safe to print.
    package var message: String?
    /// What the user should know although the run did what it was asked, safe to print.
    package var notes: [String] = []
    package var requests: Int
    package var rowsRead: Int
    package var rowsWritten: Int
    package var rowsDeleted: Int
    package var rowsRejected: Int
    package var seconds: Double
    package var streams: [StreamReport]
    /// What this source was asked for on demand.
    package var demand: OnDemand?
    /// What a pull on demand named and the platform does not have.
    package var unknown: [NamedRecord] = []

    package init(
        id: String,
        runID: Int64? = nil,
        mode: String,
        status: String,
        exitCode: Int32 = 0,
        message: String? = nil,
        requests: Int = 0,
        rowsRead: Int = 0,
        rowsWritten: Int = 0,
        rowsDeleted: Int = 0,
        rowsRejected: Int = 0,
        seconds: Double = 0,
        streams: [StreamReport] = []
    ) {
        self.id = id
        self.runID = runID
        self.mode = mode
        self.status = status
        self.exitCode = exitCode
        self.message = message
        self.requests = requests
        self.rowsRead = rowsRead
        self.rowsWritten = rowsWritten
        self.rowsDeleted = rowsDeleted
        self.rowsRejected = rowsRejected
        self.seconds = seconds
        self.streams = streams
    }
}
