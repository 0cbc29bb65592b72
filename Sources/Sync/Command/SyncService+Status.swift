import Extractor
import Loader
import Platforms
import Records
import Settings

extension SyncService {
    /// What the warehouse holds of every configured source, and how fresh it is.
    ///
    /// A warehouse without a schema holds nothing yet.
    ///
    /// - Throws: `LoadError` where the schema is not this binary's.
    package func status() async throws -> StatusReport {
        try await withCheckedWarehouse(orEmpty: true) { warehouse in
            var sources: [SourceStatus] = []
            for settings in configuration.sources {
                sources.append(try await status(of: settings, warehouse.reader))
            }
            var report = StatusReport(
                sources: sources,
                madeAt: Timestamp(microsecondsSinceEpoch: parts.time.wallMicroseconds).iso8601,
                waits: try await warehouse.reader.waitingSessions().map(WaitStatus.init)
            )
            report.unlisted = try await unlistedSources(warehouse.reader)
            return report
        }
    }

    /// The records that could not be transformed and have not arrived whole since.
    package func rejects(source: String?) async throws -> [RejectRow] {
        try await withCheckedWarehouse(orEmpty: true) { warehouse in
            try await warehouse.reader.rejects(source, limit: 100_000).map { reject in
                RejectRow(
                    rejectID: reject.rejectID,
                    sourceID: reject.sourceID,
                    stream: reject.stream,
                    naturalKey: reject.naturalKey,
                    reason: reject.reason,
                    rejectedAt: reject.rejectedAt?.iso8601 ?? ""
                )
            }
        }
    }

    /// Lends the warehouse once its schema is known to be this binary's.
    ///
    /// - Parameter orEmpty: Whether a warehouse without a schema is lent, too, as one that holds nothing.
    func withCheckedWarehouse<Value: Sendable>(
        orEmpty: Bool = false,
        _ body: (Warehouse) async throws -> Value
    ) async throws -> Value {
        let warehouse = try await openWarehouse()
        do {
            let isEmpty = orEmpty ? try await warehouse.migrator.state().isWithoutSchema : false
            if !isEmpty { try await warehouse.migrator.requireUpToDate() }
            let value = try await body(isEmpty ? warehouse.withoutSchema : warehouse)
            await warehouse.close()
            return value
        } catch {
            await warehouse.close()
            throw error
        }
    }

    private func status(of settings: SourceSettings, _ reader: WarehouseReader) async throws -> SourceStatus {
        let id = settings.id
        let runs = try await reader.lastRuns(id)
        let run = runs.first
        let lease = try await reader.lease(id)
        let rows = try await reader.liveRowCounts(id)
        let rejects = Dictionary(
            try await reader.rejectsByReason(id).map { ($0.stream, $0.count) },
            uniquingKeysWith: +
        )
        let freshness = Dictionary(
            try await reader.freshness(id).map { ($0.stream, $0) }
        ) { first, _ in first }
        let verified = try await reader.oldestVerifications(id)
        let coverage = Dictionary(grouping: try await reader.coverage(id), by: \.stream)
        let unread = Dictionary(grouping: try await reader.unreadParts(id), by: \.stream)
        var streams: [StreamStatus] = []
        for stream in PlatformRegistry.kinds.first(where: { $0.kind == settings.kind })?.completed(settings.streams)
            ?? []
        {
            let mark = try await reader.watermark(id, stream)
            var status = StreamStatus(
                name: stream,
                rows: Int64(rows[stream] ?? 0),
                rejects: Int64(rejects[stream] ?? 0),
                dataAsOf: freshness[stream]?.dataAsOf?.iso8601,
                loadedAt: freshness[stream]?.loadedAt?.iso8601,
                watermarks: mark.map {
                    [
                        WatermarkStatus(
                            partition: $0.partition,
                            position: $0.position,
                            dataAsOf: $0.dataAsOf?.iso8601
                        )
                    ]
                } ?? []
            )
            status.oldestVerifiedAt = (verified[stream] ?? freshness[stream]?.oldestPartAsOf)?.iso8601
            for group in coverage[stream] ?? [] { status.coverage[group.outcome.rawValue] = group.parts }
            status.notRead = (unread[stream] ?? []).map { ($0.partition, $0.outcome.rawValue) }
            streams.append(status)
        }
        var shown = SourceStatus(id: id, kind: settings.kind, state: run?.status ?? "new", streams: streams)
        shown.runs = runs.map(ReportedRun.init)
        for (index, run) in shown.runs.enumerated() {
            guard RunLiveness(of: run.runID, status: run.status, lease: lease) == .interrupted else { continue }
            // The next run that gets the lease writes the same into the ledger.
            shown.runs[index].status = RunStatus.interrupted.rawValue
            shown.runs[index].isConnectionGone = true
            if index == 0 { shown.state = RunStatus.interrupted.rawValue }
        }
        if let run {
            shown.runs[0].streams = try await reader.runStreams(run.runID).map { stream in
                (stream.stream, Int64(stream.requests), stream.plannedRequests.map(Int64.init))
            }
        }
        let until = try await reader.source(id)?.notBefore
        if let until, until.microseconds > parts.time.wallMicroseconds { shown.pausedUntil = until.iso8601 }
        let kind = PlatformRegistry.kinds.first { $0.kind == settings.kind }
        shown.bounds = kind?.verificationBounds(settings.options).map { ($0.option, $0.bound.components.seconds) } ?? []
        return shown
    }
}

extension ReportedRun {
    init(_ stored: StoredRun) {
        self.init(
            runID: stored.runID,
            mode: stored.mode,
            status: stored.status,
            startedAt: stored.startedAt?.iso8601,
            finishedAt: stored.finishedAt?.iso8601,
            requests: Int64(stored.requests),
            rowsRead: Int64(stored.rowsRead),
            rowsWritten: Int64(stored.rowsWritten),
            rowsDeleted: Int64(stored.rowsDeleted),
            rowsRejected: Int64(stored.rowsRejected),
            error: stored.error
        )
        plannedRequests = stored.plannedRequests.map(Int64.init)
    }
}
