import Extractor
import Loader
import Logging
import Platforms
import Records
import Settings

/// The life of one source's runs: lease, ledger, plan, pipeline, closing.
struct SourceRunner: Sendable {
    /// What a run is asked to do.
    enum RunKind: Sendable, Equatable {
        case baseline(restart: Bool)
        case incremental
        /// An increment, and everything read again that was not verified within the age.
        case full(maxAge: Duration)
        /// Holds the platform against the warehouse.
        case reconcile(Comparison)
        /// An incremental pull, or a full sweep, that stores nothing.
        case dryRun(sweepAge: Duration?)
        /// A closed window of the event log, once more.
        case replay(EventWindow)
        /// Some learners and courses, now.
        case pull(OnDemand, isDryRun: Bool)

        var isBaseline: Bool {
            if case .baseline = self { true } else { false }
        }

        var isDryRun: Bool {
            switch self {
            case .dryRun, .pull(_, isDryRun: true): true
            default: false
            }
        }

        /// How old a verification may be to count; `nil` where nothing is swept.
        var sweepAge: Duration? {
            switch self {
            case .full(let maxAge): maxAge
            case .dryRun(let sweepAge): sweepAge
            case .baseline, .incremental, .replay, .pull, .reconcile: nil
            }
        }

        /// What the run is sent for, where it does not follow the platform's changes.
        var target: TargetedRun? {
            switch self {
            case .replay(let window): .replay(window)
            case .pull(let demand, _): .pull(demand)
            default: nil
            }
        }

        /// What the run holds against the warehouse; `nil` for one that stores.
        var comparison: Comparison? {
            if case .reconcile(let comparison) = self { comparison } else { nil }
        }

        /// What is said when a signal stopped the run.
        var wordsWhenStopped: String {
            switch self {
            case .baseline: "stopped; registrar baseline goes on where it was"
            case .incremental: "stopped; the next registrar sync goes on from what is stored"
            case .full: "stopped; registrar sync --full with an age (--max-age) goes on where it was"
            case .reconcile, .dryRun, .replay, .pull: "stopped; run it again"
            }
        }

        /// As the ledger has it.
        var mode: RunMode {
            switch self {
            case .baseline: .baseline
            case .full: .full
            case .incremental, .dryRun, .pull: .incremental
            case .replay: .replay
            case .reconcile: .reconcile
            }
        }
    }

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
            try await _Concurrency.Task { [outcome] in
                try await ledger.close(status: outcome.status, error: outcome.message, streams: statuses)
            }.value
        } catch {
            return report(ofUnclosed: lease.runID, runKind, outcome, error, session.tally, began)
        }
        return try await _Concurrency.Task { [outcome] in
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
        await _Concurrency.Task {
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

    // MARK: Reporting

    private func report(
        ofDryRun result: (RunOutcome, [String: Loader.RunStatus]),
        _ counts: PublishCounts,
        _ requests: [String: Int],
        _ began: Duration
    ) -> SourceReport {
        let total = counts.total
        let seconds = (parts.time.monotonic - began).components
        return SourceReport(
            id: settings.id,
            mode: "dry run",
            status: result.0.status.rawValue,
            exitCode: result.0.exitCode.rawValue,
            message: result.0.message,
            requests: requests.values.reduce(0, +),
            rowsRead: total.read,
            rowsWritten: 0,
            rowsRejected: total.rejected,
            seconds: Double(seconds.seconds) + Double(seconds.attoseconds) / 1e18,
            streams: inOrder(Set(counts.streams.keys).union(requests.keys)).map { name in
                StreamReport(
                    name: name,
                    requests: requests[name] ?? 0,
                    counts.streams[name] ?? RowCounts(),
                    tables: Self.tables(of: name, counts)
                )
            }
        )
    }

    /// The report of a run whose end the warehouse did not take: the next run closes it, and its calls were made.
    private func report(
        ofUnclosed runID: Int64,
        _ runKind: RunKind,
        _ outcome: RunOutcome,
        _ error: any Error,
        _ tally: RequestTally,
        _ began: Duration
    ) -> SourceReport {
        let hasFailed = outcome.exitCode == .warehouse || outcome.exitCode == .interrupted
        let ending = hasFailed ? outcome : RunOutcome(error: error)
        let seconds = (parts.time.monotonic - began).components
        return SourceReport(
            id: settings.id,
            runID: runID,
            mode: runKind.mode.rawValue,
            status: ending.status.rawValue,
            exitCode: ending.exitCode.rawValue,
            message: ending.message,
            requests: tally.total,
            seconds: Double(seconds.seconds) + Double(seconds.attoseconds) / 1e18
        )
    }

    /// - Parameter counts: What the run has published, which the ledger knows by stream only.
    private func report(
        _ runID: Int64,
        _ outcome: RunOutcome,
        _ counts: PublishCounts,
        _ began: Duration
    ) async throws -> SourceReport {
        let run = try await warehouse.reader.lastRuns(settings.id).first { $0.runID == runID }
        let stored = try await warehouse.reader.runStreams(runID)
        let streams = Dictionary(stored.map { ($0.stream, $0) }) { first, _ in first }
        let seconds = (parts.time.monotonic - began).components
        return SourceReport(
            id: settings.id,
            runID: runID,
            mode: run?.mode ?? "",
            status: outcome.status.rawValue,
            exitCode: outcome.exitCode.rawValue,
            message: outcome.message,
            requests: run?.requests ?? 0,
            rowsRead: run?.rowsRead ?? 0,
            rowsWritten: run?.rowsWritten ?? 0,
            rowsDeleted: run?.rowsDeleted ?? 0,
            rowsRejected: run?.rowsRejected ?? 0,
            seconds: Double(seconds.seconds) + Double(seconds.attoseconds) / 1e18,
            streams: inOrder(Set(streams.keys)).compactMap { name in
                streams[name].map {
                    StreamReport(
                        name: name,
                        status: $0.status,
                        requests: $0.requests,
                        $0.counts,
                        tables: Self.tables(of: name, counts)
                    )
                }
            }
        )
    }

    /// Streams in the order of the kind, in which parents come first; what no kind names comes last.
    private func inOrder(_ names: Set<String>) -> [String] {
        let known = PlatformRegistry.kinds.first { $0.kind == settings.kind }?.streams ?? []
        return known.filter(names.contains) + names.subtracting(known).sorted()
    }

    private static func tables(of stream: String, _ counts: PublishCounts) -> [String: RowCounts] {
        counts.tables.filter { Comparison.stream(of: $0.key) == stream }
    }
}
