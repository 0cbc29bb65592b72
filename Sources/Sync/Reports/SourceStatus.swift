/// The state of one source in the warehouse.
package struct SourceStatus: Sendable {
    package var id: String
    package var kind: String
    /// `new`, `running`, or the status of the last run.
    package var state: String
    package var lastRun: RunStatus?
    package var streams: [StreamStatus]
    /// Within what time everything is read again, however silent a change was: the option's name, and seconds.
    package var bounds: [(option: String, seconds: Int64)] = []

    package init(id: String, kind: String, state: String, lastRun: RunStatus? = nil, streams: [StreamStatus] = []) {
        self.id = id
        self.kind = kind
        self.state = state
        self.lastRun = lastRun
        self.streams = streams
    }
}
