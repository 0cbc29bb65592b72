/// What asking again for rejected records brought.
package struct RetryReport: Sendable {
    /// One for each source that had open rejects, in the order of the configuration.
    package var runs: [SourceReport]
    /// What the process answers; records that are rejected again do not count.
    package var exitCode: Int32
}
