/// What `status` shows. Times are ISO 8601 in UTC.
package struct StatusReport: Sendable {
    package var sources: [SourceStatus]
    /// Sources in the warehouse that the configuration lacks.
    package var unlisted: [UnlistedSource] = []

    package init(sources: [SourceStatus]) {
        self.sources = sources
    }
}
