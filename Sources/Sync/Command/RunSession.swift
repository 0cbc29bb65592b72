import Extractor
import Loader
import Logging
import Platforms
import Records

/// One run under its lease: from the platform's client to the last commit.
struct RunSession: Sendable {
    let runner: SourceRunner
    let lease: Lease
    let streams: [String]
    /// Those of them that only tell what the others read.
    let followed: Set<String>
    /// What the source's rows become other than they were with this run.
    let change: SourceChange
    let tally: RequestTally
    let totals = PublishTotals()
    let progress: RunProgress
    /// What a pull on demand named and the platform does not have.
    let unknown = NamedRecords()
    /// What the user should know although the run did what it was asked.
    let notes = RunNotes()

    init(
        runner: SourceRunner,
        lease: Lease,
        streams: [String],
        followed: Set<String>,
        change: SourceChange,
        tally: RequestTally
    ) {
        (self.runner, self.lease, self.streams) = (runner, lease, streams)
        (self.followed, self.change, self.tally) = (followed, change, tally)
        progress = RunProgress(source: runner.settings.id, reporter: runner.progress)
    }

    /// The member of a stream's watermark that says its baseline is complete.
    static let baselineMark = "baseline_at"

    private var settings: SourceSettings { runner.settings }
    private var id: String { settings.id }

    /// Runs `runKind`; whatever happens is an outcome.
    func run(_ runKind: SourceRunner.RunKind) async -> (RunOutcome, [String: RunStatus]) {
        defer { progress.end() }
        do {
            let planned = try await runner.warehouse.reader.plannedRequests(lease.runID)
            progress.start(runKind.isDryRun ? "dry run" : runKind.mode.rawValue, planned: planned)
            return try await attempt(runKind)
        } catch {
            return (RunOutcome(error: error), [:])
        }
    }

    private func attempt(_ runKind: SourceRunner.RunKind) async throws -> (RunOutcome, [String: RunStatus]) {
        guard let type = PlatformRegistry.platform(for: settings.kind) else {
            throw SyncError(.internalFault, "no connector serves the kind \(settings.kind)")
        }
        var settings = settings
        settings.awaited = try await runner.warehouse.reader.openRejectKeys(id)
        let platform = try type.init(settings: settings)
        let writer = runner.warehouse.writer(lease)
        if runKind == .baseline(restart: true) { try await restart(writer) }
        let stored = try await runner.warehouse.reader.watermark(id, ConnectorState.stream)
        let connectorState = ConnectorState(stored.map { MarkPosition(json: $0.position) } ?? MarkPosition())
        let origin = try APIOrigin.split(settings.url).origin
        let (transport, endTransport) = runner.parts.makeTransport(origin, settings.concurrency)
        let client = platform.makeClient(
            ClientParts(
                transport: transport,
                limiters: runner.parts.limiters,
                policy: runner.parts.policy,
                time: runner.parts.time,
                random: runner.parts.random,
                counter: progress.counting(tally.counter),
                connectorState: connectorState,
                logger: runner.logger
            )
        )
        try await runner.restoreDay(client, connectorState)
        let isBaseline = runKind.isBaseline
        // A baseline that was cut off between its last commit unit and its end has left them out.
        if !isBaseline, !runKind.isDryRun { await ensureIndexes(writer) }
        let resume = isBaseline ? ResumePoint(try await runner.warehouse.reader.checkpoints(id)) : ResumePoint()
        let run = SourceRun(
            plan: RunSpec(
                settings: settings,
                mode: isBaseline ? .baseline : .incremental,
                sweepAge: runKind.sweepAge,
                target: runKind.target,
                comparison: runKind.comparison,
                streams: Set(streams),
                followed: followed,
                resumedStart: resume.startedAt,
                resume: resume,
                unread: try await unreadParts()
            ),
            store: RunStore(
                sourceID: id,
                runID: lease.runID,
                reader: runner.warehouse.reader,
                writer: writer,
                isDryRun: runKind.isDryRun,
                comparison: runKind.comparison
            ),
            platform: platform,
            client: client,
            clock: ServerClock(time: runner.parts.time, notBefore: resume.startedAt, connectorState: connectorState),
            tally: tally,
            connectorState: connectorState,
            unknown: unknown,
            scope: try await runner.scope(),
            pace: CommitPolicy(
                isBaseline: isBaseline,
                interval: settings.publishInterval,
                time: runner.parts.time
            ),
            progress: progress,
            time: runner.parts.time,
            logger: runner.logger
        )
        let result: (RunOutcome, [String: RunStatus])
        do {
            try await run.execute(totals)
            if runKind.target == nil, streams.contains("courses"), run.stats.failures["courses"] == nil {
                notes.add(run.scope.findings(isWhole: true))
            }
            if let comparison = runKind.comparison { try await close(comparison, run, writer) }
            if !runKind.isDryRun, runKind.comparison == nil { try await close(run, writer, isBaseline: isBaseline) }
            result = try await outcome(of: run, missing: missingParts(runKind, run))
        } catch {
            if !runKind.isDryRun { try await notePause(error, run, writer) }
            result = outcome(of: run, ended: error, missing: [:])
        }
        await endTransport()
        return result
    }

    private func unreadParts() async throws -> Set<StreamPartition> {
        var parts: Set<StreamPartition> = []
        for stream in streams {
            for partition in try await runner.warehouse.reader.unreadPartitions(id, stream) {
                parts.insert(StreamPartition(stream, partition))
            }
        }
        return parts
    }

    /// Begins the streams anew; rows stay as they are until they are read again, but for those of another school.
    private func restart(_ writer: CommitUnitWriter) async throws {
        var unit = CommitUnit(sourceID: id, runID: lease.runID)
        unit.restart(streams: streams + [ConnectorState.stream, ResumePoint.startStream])
        unit.removeAllCheckpoints()
        if change.isMadeByRestart { unit.begin(from: runner.origin, restating: change.restatement) }
        if change.isOtherSchool {
            unit.leaveFormerSchool(AllRecords.types.map { ($0.table, AllRecords.stream(of: $0.table)) })
        }
        _ = try await writer.publish(unit)
    }

    /// What is true at the end of a run that was read to its end.
    private func close(_ run: SourceRun, _ writer: CommitUnitWriter, isBaseline: Bool) async throws {
        _ = try await writer.expire(runID: lease.runID, at: run.serverNow)
        try await keepIdentity(of: run, writer)
        guard isBaseline else { return }
        let gaps = run.stats.gaps
        let kind = PlatformRegistry.kinds.first { $0.kind == settings.kind }
        let loaded = kind?.loaded(of: streams, without: gaps) ?? []
        guard !loaded.isEmpty else { return }
        var unit = CommitUnit(sourceID: id, runID: lease.runID)
        for stream in loaded {
            var position = MarkPosition()
            position.set(Self.baselineMark, run.startedAt)
            unit.setWatermark(stream, position: position.json, dataAsOf: run.startedAt)
        }
        // What is loaded is followed from now on: a stream that is not begins anew, since changes pass by what it has.
        unit.removeAllCheckpoints()
        if gaps.isEmpty { unit.setBaselineCompleted(at: run.serverNow) }
        _ = try await writer.publish(unit)
        await ensureIndexes(writer)
        await updateStatistics(writer)
    }

    private func keepIdentity(of run: SourceRun, _ writer: CommitUnitWriter) async throws {
        let identity = run.platform.identity(run.connectorState)
        guard !identity.isEmpty else { return }
        var position = MarkPosition()
        for (name, text) in identity { position.set(name, text: text) }
        var unit = CommitUnit(sourceID: id, runID: lease.runID)
        unit.setIdentity(position.json)
        _ = try await writer.publish(unit)
    }

    /// Without them a run is slow and right.
    private func ensureIndexes(_ writer: CommitUnitWriter) async {
        do { try await writer.ensureIndexes() } catch {
            runner.logger.warning("the indexes by learner could not be built: \(error); the next run tries again")
        }
    }

    private func updateStatistics(_ writer: CommitUnitWriter) async {
        let tables = AllRecords.types.map { $0.table }.filter { totals.counts.tables[$0.name]?.inserted ?? 0 > 0 }
        guard !tables.isEmpty else { return }
        do { try await writer.updateStatistics(of: tables) } catch {
            runner.logger.info("the tables' statistics are left to the server's autovacuum")
        }
    }

    /// A pause that outlives the process is stored for the next one.
    private func notePause(_ error: any Error, _ run: SourceRun, _ writer: CommitUnitWriter) async throws {
        guard let error = error as? ExtractorError, let until = error.notBeforeMicroseconds else { return }
        var unit = CommitUnit(sourceID: id, runID: lease.runID)
        unit.setNotBefore(Timestamp(microsecondsSinceEpoch: until))
        _ = try await writer.publish(unit)
    }

    /// What earlier runs could not read and this one had no reason, or no leave yet, to ask for again.
    private func missingParts(_ runKind: SourceRunner.RunKind, _ run: SourceRun) async throws -> [String: Int] {
        guard !runKind.isDryRun, runKind.comparison == nil, runKind.target == nil else { return [:] }
        let missing = try await runner.warehouse.reader.missingParts(id, streams: streams)
        let inScope = missing.filter { $0.course.map(run.scope.contains) ?? true }
        return Dictionary(grouping: inScope, by: \.stream).mapValues(\.count)
    }

    private func outcome(
        of run: SourceRun,
        ended error: (any Error)? = nil,
        missing: [String: Int]
    ) -> (RunOutcome, [String: RunStatus]) {
        let failures = run.stats.failures
        var statuses = failures.mapValues { _ in RunStatus.failed }
        if let error {
            if error is CancellationError { statuses = statuses.mapValues { _ in .interrupted } }
            return (RunOutcome(error: error), statuses)
        }
        guard !failures.isEmpty || !missing.isEmpty else {
            let remaining = run.plan.comparison?.remaining ?? 0
            if run.plan.target != nil { return (SourceRunner.outcome(ofUnknown: unknown, run.plan.target), [:]) }
            return (remaining > 0 ? RunOutcome(exitCode: .partial, status: .succeeded) : .done, [:])
        }
        for stream in failures.keys where !run.stats.isStopped(stream) { statuses[stream] = .partial }
        for stream in missing.keys where statuses[stream] == nil { statuses[stream] = .partial }
        if let error = run.stats.nothingWasRead {
            // With a token given out the API is there, and its lists are elsewhere.
            let noAPI = tally.tokens == 0 ? run.client.noAPI(status: error.status) : nil
            let outcome = RunOutcome(nothingRead: error, noAPI: noAPI)
            return (outcome, Dictionary(streams.map { ($0, .failed) }) { first, _ in first })
        }
        for stream in streams where statuses[stream] == nil { statuses[stream] = .succeeded }
        if let failure = run.stats.sourceFailure { return (RunOutcome(error: failure), statuses) }
        var told = failures.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        for (stream, count) in missing.sorted(by: { $0.key < $1.key }) where failures[stream] == nil {
            told.append("\(stream): \(count) \(count == 1 ? "part" : "parts") since an earlier run")
        }
        let text = "not read: \(told.joined(separator: "; "))"
        return (RunOutcome(exitCode: .partial, status: .partial, message: text), statuses)
    }
}
