/// The state of one source in the warehouse.
package struct SourceStatus: Sendable {
    package var id: String
    package var kind: String
    /// `new`, `running`, or the status of the last run.
    package var state: String
    package var lastRun: RunStatus?
    package var streams: [StreamStatus]

    package init(id: String, kind: String, state: String, lastRun: RunStatus? = nil, streams: [StreamStatus] = []) {
        self.id = id
        self.kind = kind
        self.state = state
        self.lastRun = lastRun
        self.streams = streams
    }
}
