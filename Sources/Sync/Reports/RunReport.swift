/// What a `baseline` or `sync` did, source by source.
package struct RunReport: Sendable {
    /// In the order of the configuration.
    package var sources: [SourceReport]
    /// What the process answers.
    package var exitCode: Int32

    package init(sources: [SourceReport], exitCode: Int32) {
        self.sources = sources
        self.exitCode = exitCode
    }
}
