/// What `status` shows. Times are ISO 8601 in UTC.
package struct StatusReport: Sendable {
    package var sources: [SourceStatus]
    /// Sources in the warehouse that the configuration lacks.
    package var unlisted: [UnlistedSource] = []
    /// When the warehouse was looked at.
    package var madeAt: String
    /// Commands that wait for room in the warehouse now.
    package var waits: [WaitStatus]

    package init(sources: [SourceStatus], madeAt: String, waits: [WaitStatus] = []) {
        self.sources = sources
        self.madeAt = madeAt
        self.waits = waits
    }
}
