/// When `serve` runs a source, as cron expressions in the source's time zone.
package struct SourceSchedule: Sendable, Equatable {
    /// Of the incremental run.
    package var incremental: String?
    /// Of the rolling full refresh.
    package var fullRefresh: String?

    package init(incremental: String? = nil, fullRefresh: String? = nil) {
        self.incremental = incremental
        self.fullRefresh = fullRefresh
    }
}
