/// What `status` shows. Times are ISO 8601 in UTC.
package struct StatusReport: Sendable {
    package var sources: [SourceStatus]

    package init(sources: [SourceStatus]) {
        self.sources = sources
    }
}
