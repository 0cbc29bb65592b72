/// The state of one source in the warehouse.
package struct SourceStatus: Sendable {
    package var id: String
    package var kind: String
    /// `new`, `running`, or the status of the last run.
    package var state: String
    /// The last runs, the newest first; at most five.
    package var runs: [ReportedRun]
    package var lastRun: ReportedRun? { runs.first }
    package var streams: [StreamStatus]
    /// Until when the platform must not be asked; `nil` where it may.
    package var pausedUntil: String?
    /// Within what time everything is read again, however silent a change was: the option's name, and seconds.
    package var bounds: [(option: String, seconds: Int64)] = []

    package init(id: String, kind: String, state: String, runs: [ReportedRun] = [], streams: [StreamStatus] = []) {
        self.id = id
        self.kind = kind
        self.state = state
        self.runs = runs
        self.streams = streams
    }
}
