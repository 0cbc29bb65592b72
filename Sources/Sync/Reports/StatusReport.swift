/// What `status` shows. Times are ISO 8601 in UTC.
package struct StatusReport: Sendable {
    package var sources: [SourceStatus]
    /// Sources in the warehouse that the configuration lacks.
    package var unlisted: [UnlistedSource] = []
    /// Commands that wait for room in the warehouse now.
    package var waits: [WaitStatus]

    package init(sources: [SourceStatus], waits: [WaitStatus] = []) {
        self.sources = sources
        self.waits = waits
    }
}
