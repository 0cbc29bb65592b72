package import Records

/// What every record of a run is read by: the clock's windows and the source's secrets.
package final class ReadingContext: Sendable {
    /// The instant the page was answered at.
    package let now: Timestamp
    /// The window of times that have happened.
    package let recorded: TimeWindow
    /// How a bare date is read where a moment is expected: its midnight in the source's zone.
    package let dates: ZoneRule
    /// What finds the source's secrets in values.
    package let screen: SecretScreen
    /// Natural keys of records that were rejected and have not arrived whole since, by stream.
    package let awaited: [String: Set<String>]

    /// Makes the context of pages answered at about `now`.
    package init(
        now: Timestamp,
        screen: SecretScreen,
        awaited: [String: Set<String>] = [:],
        dates: ZoneRule = .utc
    ) {
        self.now = now
        self.dates = dates
        self.screen = screen
        self.awaited = awaited
        recorded = .recorded(asOf: now)
    }
}
