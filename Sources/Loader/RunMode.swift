/// Why a run is made.
package enum RunMode: String, Sendable, CaseIterable {
    case baseline, incremental, full, replay, reconcile, webhook
}

/// How a run stands or ended.
package enum RunStatus: String, Sendable, CaseIterable {
    case running, succeeded, partial, failed, interrupted
}

/// What became of a part of a stream that was to be read.
package enum CoverageOutcome: String, Sendable, CaseIterable {
    case read, empty, refused, gone, postponed, failed
}
