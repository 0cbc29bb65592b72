import Extractor
import Loader
import Platforms
import Records
import Settings

extension SourceRunner {
    /// What the next run of the source will cost.
    ///
    /// - Parameters:
    ///   - streams: The streams that the run is asked for; all of them when empty.
    ///   - asBaseline: Whether a baseline is planned although there was one.
    ///   - schedule: When the source is run.
    func plan(streams: [String], asBaseline: Bool, schedule: SourceSchedule?) async throws -> SourcePlan {
        let change = try await change()
        // A plan of reading again says what a change of the form costs; of another host nothing is asked before it is confirmed.
        if case .form = change, asBaseline {} else if let refusal = try await refusal(of: change) { throw refusal }
        try await refuseBeforeTime()
        let all = selected(asBaseline ? streams : try await withEvents(streams))
        let missing = asBaseline ? all : try await streamsWithoutBaseline(all)
        let progress = RunProgress(source: settings.id, reporter: progress)
        progress.start("plan")
        defer { progress.end() }
        let session = try await planSession(progress)
        // The calls of a plan count on the day's quota like any others.
        return try await RequestTeller(tally: session.tally) { [warehouse, settings] in
            try await warehouse.tell($0, sourceID: settings.id)
        }.beside { () async throws -> SourcePlan in
            try await plan(session, change, all: all, missing: missing, schedule)
        }
    }

    private func plan(
        _ session: PlanSession,
        _ change: SourceChange,
        all: [String],
        missing: [String],
        _ schedule: SourceSchedule?
    ) async throws -> SourcePlan {
        let known = all.filter { !missing.contains($0) }
        let mode: ReadingMode = known.isEmpty ? .baseline : .incremental
        var plan = SourcePlan(
            id: settings.id,
            kind: settings.kind,
            mode: mode == .baseline ? "baseline" : "incremental"
        )
        do {
            var streams: [StreamPlan] = []
            if !known.isEmpty {
                let forecast = try await session.estimator(.incremental, Set(known)).estimate()
                let plans = forecast.plans(of: known)
                try await keep(plans, .incremental)
                streams += plans
            }
            if !missing.isEmpty {
                // A sync loads these whole before it goes on.
                let forecast = try await session.estimator(.baseline, Set(missing)).estimate()
                let plans = forecast.plans(of: missing)
                try await keep(plans, .baseline)
                streams = streams.merged(with: plans)
            }
            let order = all.enumerated().reduce(into: [String: Int]()) { $0[$1.element] = $1.offset }
            plan.streams = streams.sorted { (order[$0.name] ?? all.count) < (order[$1.name] ?? all.count) }
        } catch {
            await session.end()
            throw error
        }
        await session.end()
        plan.spent = session.tally.total
        if case .form(let form) = change {
            plan.notes.append("\(form.settings.joined(separator: ", ")) changed: only baseline --restart reads on")
        }
        plan.notes += session.scope.findings(isWhole: false)
        complete(&plan, session.client, schedule)
        return plan
    }

    /// The next run shows the plan beside what it cost.
    private func keep(_ plans: [StreamPlan], _ mode: RunMode) async throws {
        let requests = Dictionary(plans.map { ($0.name, $0.requests) }) { first, _ in first }
        try await warehouse.keepPlan(settings.id, mode, requests: requests)
    }

    /// What a plan asks its platform with.
    private struct PlanSession {
        let runner: SourceRunner
        let platform: any Platform
        let client: APIClient
        let connectorState: ConnectorState
        let scope: CourseFilter
        let tally: RequestTally
        let end: @Sendable () async -> Void

        /// What an estimate leaves in the connector's state is not stored: what it takes to have happened has not.
        func estimator(_ mode: ReadingMode, _ streams: Set<String>) -> RunEstimator {
            RunEstimator(
                settings: runner.settings,
                mode: mode,
                streams: streams,
                scope: scope,
                platform: platform,
                client: client,
                tally: tally,
                connectorState: connectorState,
                warehouse: runner.warehouse,
                parts: runner.parts,
                logger: runner.logger
            )
        }
    }

    private func planSession(_ progress: RunProgress) async throws -> PlanSession {
        guard let type = PlatformRegistry.platform(for: settings.kind) else {
            throw SyncError(.internalFault, "no connector serves the kind \(settings.kind)")
        }
        let platform = try type.init(settings: settings)
        let stored = try await warehouse.reader.watermark(settings.id, ConnectorState.stream)
        let connectorState = ConnectorState(stored.map { MarkPosition(json: $0.position) } ?? MarkPosition())
        let origin = try APIOrigin.split(settings.url).origin
        let (transport, end) = parts.makeTransport(origin, settings.concurrency)
        let tally = RequestTally(time: parts.time)
        let client = platform.makeClient(
            ClientParts(
                transport: transport,
                limiters: parts.limiters,
                policy: parts.policy,
                time: parts.time,
                random: parts.random,
                counter: progress.counting(tally.counter),
                connectorState: connectorState,
                logger: logger
            )
        )
        try await restoreDay(client, connectorState)
        return PlanSession(
            runner: self,
            platform: platform,
            client: client,
            connectorState: connectorState,
            scope: try await scope(),
            tally: tally,
            end: end
        )
    }

    private func complete(_ plan: inout SourcePlan, _ client: APIClient, _ schedule: SourceSchedule?) {
        plan.seconds = Double(plan.requests) / settings.requestsPerSecond
        plan.requestsPerDay = client.usablePerDay
        plan.allowedNow = client.allowance
        let byTime = (plan.seconds / 86_400).rounded(.up)
        let byQuota = plan.requestsPerDay.map { (Double(plan.requests) / Double(max($0, 1))).rounded(.up) } ?? 0
        plan.days = Int(max(byTime, byQuota))
        guard let gap = schedule?.incremental.flatMap(CronSchedule.init)?.longestGap else { return }
        plan.age = DataAge(
            schedule: Double(gap),
            requests: plan.requests,
            duration: plan.seconds,
            perDay: plan.requestsPerDay
        )
    }
}

extension DayCalls {
    /// Under this name earlier releases kept the calls of the last day with the connector's state.
    static let stateName = "day_calls"
}
