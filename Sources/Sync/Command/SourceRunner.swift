import Extractor
import Loader
import Logging
import Platforms
import Records
import Settings

/// The life of one source's runs: lease, ledger, plan, pipeline, closing.
struct SourceRunner: Sendable {
    let settings: SourceSettings
    let warehouse: Warehouse
    let parts: ServiceParts
    let progress: any ProgressReporting
    let logger: Logger

    /// An incremental pull or a full sweep, after a baseline of the streams that never had one.
    ///
    /// - Parameter sweepAge: Of a full sweep: how old a verification may be to count. What this command's own baseline
    ///   has just read is not swept again.
    func sync(streams: [String], sweepAge: Duration?, dryRun: Bool) async throws -> [SourceReport] {
        try await permittedChange(restarting: nil)
        let pull = sweepAge.map(RunKind.full) ?? .incremental
        let all = selected(streams)
        let missing = try await streamsWithoutBaseline(all)
        let isAnythingLoaded = missing.count < all.count
        let followed = try await withEvents(streams)
        let added = Set(followed).subtracting(streams)
        if dryRun {
            let unread = try await unreadStreams(among: missing)
            guard missing.count == unread.count, isAnythingLoaded else {
                try await refuseWhileHeld()
                throw SyncError(
                    .baselineMissing,
                    "a sync would first load \(missing.joined(separator: ", ")) whole; a dry run does not do that"
                )
            }
            return [
                try await run(
                    .dryRun(sweepAge: sweepAge),
                    streams: followed,
                    following: added,
                    leavingOut: Set(unread)
                )
            ]
        }
        guard !missing.isEmpty else { return [try await run(pull, streams: followed, following: added)] }
        var reports: [SourceReport] = []
        if isAnythingLoaded {
            // First, because the baseline reads courses too: what changed there would not be news to the others then.
            reports.append(try await run(pull, streams: streams, leavingOut: Set(missing)))
            guard Self.mayGoOn(after: reports[0]) else { return reports }
        }
        var loading = try await load(missing, knowing: Set(all).subtracting(missing))
        // Others could be read: what the platform still refuses makes the run partial, whatever it answers.
        if isAnythingLoaded, loading.exitCode == ExitCode.unavailable.rawValue {
            loading.exitCode = ExitCode.partial.rawValue
            loading.message = "not read: \(missing.joined(separator: ", ")): \(loading.message ?? "")"
        }
        return try await following(reports + [loading], loadOf: missing, streams: streams)
    }

    /// Runs `runKind` for the streams, under the source's lease.
    ///
    /// - Parameters:
    ///   - followed: Those of them that only tell what the others read.
    ///   - leftOut: Streams that are not read although others need them: they were never loaded.
    func run(
        _ runKind: RunKind,
        streams: [String],
        following followed: Set<String> = [],
        leavingOut leftOut: Set<String> = []
    ) async throws -> SourceReport {
        let began = parts.time.monotonic
        guard let lease = try await warehouse.acquireLease(sourceID: settings.id) else {
            throw leaseHeld(by: try await warehouse.reader.lease(settings.id))
        }
        let report: SourceReport
        do {
            let chosen = selected(streams).filter { !leftOut.contains($0) }
            report = try await run(runKind, chosen, following: followed, lease, began)
        } catch {
            await release(lease)
            throw error
        }
        await release(lease)
        return report
    }

    /// The report of a run that never began.
    func report(of error: any Error) -> SourceReport {
        let outcome = RunOutcome(error: error)
        return SourceReport(
            id: settings.id,
            mode: "none",
            status: outcome.status.rawValue,
            exitCode: outcome.exitCode.rawValue,
            message: outcome.message
        )
    }

    // MARK: One run

    private func run(
        _ runKind: RunKind,
        _ streams: [String],
        following followed: Set<String>,
        _ lease: Lease,
        _ began: Duration
    ) async throws -> SourceReport {
        try await refuseBeforeTime()
        let isRestart = runKind == .baseline(restart: true)
        let change = try await permittedChange(restarting: isRestart ? streams : nil)
        let session = RunSession(
            runner: self,
            lease: lease,
            streams: streams,
            followed: followed,
            change: change,
            tally: RequestTally(time: parts.time)
        )
        if runKind.isDryRun {
            let outcome = await withRenewal(of: lease, session.tally) { await session.run(runKind) }
            var preview = report(ofDryRun: outcome, session.totals.counts, session.tally.byStream, began)
            preview.unknown = session.unknown.all
            preview.notes = session.notes.all
            return preview
        }
        let ledger = try await warehouse.openLedger(
            lease,
            RunLedger.Opening(
                origin: origin,
                keepsOrigin: change.isMadeByRestart,
                mode: runKind.mode,
                binaryVersion: BuildInformation.version,
                streams: streams
            )
        )
        var (outcome, statuses) = await withRenewal(of: lease, session.tally) { await session.run(runKind) }
        if outcome.status == .interrupted { outcome.message = runKind.wordsWhenStopped }
        // The closing row needs no lease and must be written even when the run was stopped.
        do {
            try await Task { [outcome] in
                try await ledger.close(status: outcome.status, error: outcome.message, streams: statuses)
            }.value
        } catch {
            return report(ofUnclosed: lease.runID, runKind, outcome, error, session.tally, began)
        }
        return try await Task { [outcome] in
            var report = try await report(lease.runID, outcome, session.totals.counts, began)
            report.unknown = session.unknown.all
            report.notes = session.notes.all
            return report
        }.value
    }

    /// Runs `body` with the lease being renewed, and calls being counted, beside it.
    private func withRenewal<Value: Sendable>(
        of lease: Lease,
        _ tally: RequestTally,
        _ body: @escaping @Sendable () async -> Value
    ) async -> Value {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                do { try await lease.keepAlive() } catch {
                    // The next commit finds out that the lease is lost, and says so.
                    logger.debug("lease renewal ended")
                }
            }
            let value = await RequestTeller(tally: tally) { try await lease.tell($0) }.beside(body)
            tasks.cancelAll()
            return value
        }
    }

    private func release(_ lease: Lease) async {
        await Task {
            do { try await lease.release() } catch {
                logger.warning("the lease runs out by itself", metadata: ["source": "\(settings.id)"])
            }
        }.value
    }

    /// The platform asked for a pause that has not passed: no call is made.
    func refuseBeforeTime() async throws {
        guard let until = try await warehouse.reader.source(settings.id)?.notBefore else { return }
        guard until.microseconds > parts.time.wallMicroseconds else { return }
        throw SyncError(
            .paused,
            "the platform's quota is spent or it asks for a pause; try again after \(until.iso8601)"
        )
    }

    /// Tells the limiter of the calls that earlier processes made in the last day.
    func restoreDay(_ client: APIClient, _ connectorState: ConnectorState) async throws {
        // Releases before this one kept them with the connector's state.
        var calls = DayCalls(text: connectorState[DayCalls.stateName] ?? "")
        let dayAgo = parts.time.wallMicroseconds - 86_400_000_000
        calls.add(DayCalls(try await warehouse.reader.requests(settings.id, since: dayAgo)))
        client.restoreDay(of: settings.id, calls)
    }

    // MARK: The holder of the source

    /// What is missing may be what another run is just loading: then that is said.
    func refuseWhileHeld() async throws {
        guard let lease = try await warehouse.reader.lease(settings.id), lease.isHeld else { return }
        throw leaseHeld(by: lease)
    }

    private func leaseHeld(by lease: StoredLease?) -> SyncError {
        .leaseHeld(by: lease, now: Timestamp(microsecondsSinceEpoch: parts.time.wallMicroseconds))
    }

    // MARK: Streams

    func selected(_ names: [String]) -> [String] {
        guard let kind = PlatformRegistry.kinds.first(where: { $0.kind == settings.kind }) else { return names }
        return kind.chosen(names, from: settings.streams)
    }

    /// An increment reads the log whatever streams it is asked for; where its rows are kept, they are kept then too,
    /// because the next one reads only what comes after.
    func withEvents(_ names: [String]) async throws -> [String] {
        let events = "events"
        guard !names.isEmpty, !names.contains(events), settings.streams.contains(events),
            try await streamsWithoutBaseline([events]).isEmpty
        else { return names }
        return names + [events]
    }

    func streamsWithoutBaseline(_ streams: [String]) async throws -> [String] {
        var missing: [String] = []
        for stream in streams {
            let mark = try await warehouse.reader.watermark(settings.id, stream)
            if mark.map({ MarkPosition(json: $0.position).time(RunSession.baselineMark) == nil }) ?? true {
                missing.append(stream)
            }
        }
        return missing
    }
}
