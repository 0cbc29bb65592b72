package import Platforms

/// What `plan` says: the cost of the next run, before it is made.
package struct PlanReport: Sendable {
    /// In the order of the configuration.
    package var sources: [SourcePlan]
    /// What the process answers.
    package var exitCode: Int32

    package init(sources: [SourcePlan], exitCode: Int32) {
        self.sources = sources
        self.exitCode = exitCode
    }
}

/// The cost of one source's next run.
package struct SourcePlan: Sendable {
    package var id: String
    package var kind: String
    /// `baseline` or `incremental`; `none` where nothing could be said.
    package var mode: String
    /// Calls for data; token calls apart.
    package var requests: Int { streams.reduce(0) { $0 + $1.requests } }
    package var streams: [StreamPlan]
    /// The time the calls take at the configured rate, in seconds.
    package var seconds: Double = 0
    /// On how many days calls are made: more than one where the run takes longer or the day's quota is spent.
    package var days: Int = 0
    /// Calls in 24 hours that the quota leaves, its reserve apart; `nil` without a quota.
    package var requestsPerDay: Int?
    /// Calls that the quota allows now; `nil` without a quota.
    package var allowedNow: Int?
    /// How old the data gets; `nil` where no schedule is configured.
    package var age: DataAge?
    /// Calls that the plan itself has made.
    package var spent: Int = 0
    package var exitCode: Int32 = 0
    /// Why nothing could be said, safe to print.
    package var message: String?
    /// What the user should know of the plan, safe to print.
    package var notes: [String] = []

    package init(id: String, kind: String, mode: String, streams: [StreamPlan] = []) {
        self.id = id
        self.kind = kind
        self.mode = mode
        self.streams = streams
    }
}

/// How old the data of a source gets between two runs.
package struct DataAge: Sendable, Equatable {
    /// The longest time between two runs of the configured schedule, in seconds.
    package var schedule: Double
    /// The time between two readings of the whole cycle that the quota allows, in seconds; the schedule's where it is
    /// enough.
    package var cycle: Double
    /// The oldest that data gets before the next run has brought newer: one cycle and one run, in seconds.
    package var oldest: Double

    /// - Parameters:
    ///   - requests: Calls of one run.
    ///   - duration: Its time in seconds.
    ///   - perDay: Calls that the quota leaves in 24 hours.
    package init(schedule: Double, requests: Int, duration: Double, perDay: Int?) {
        self.schedule = schedule
        // A run is begun when the one before has ended.
        var cycle = max(schedule, duration)
        if let perDay, perDay > 0 { cycle = max(cycle, 86_400 * Double(requests) / Double(perDay)) }
        self.cycle = cycle
        oldest = cycle + duration
    }
}
