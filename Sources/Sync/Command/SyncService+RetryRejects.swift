import Loader
import Platforms

extension SyncService {
    /// Asks the platforms again for the records that were rejected.
    ///
    /// A reject keeps only what may be kept of its record, which is too little to make a row of. So the list that held the record
    /// is read again: who arrives whole is stored and resolved, what the platform sends no more is resolved, the rest stays.
    package func retryRejects(source: String?) async -> RetryReport {
        let report = await run(sources: source.map { [$0] } ?? [], migrating: false) { runner in
            try await runner.retryRejects()
        }
        return RetryReport(runs: report.sources, exitCode: report.exitCode)
    }
}

extension SourceRunner {
    /// - Returns: Nothing where no reject is open.
    func retryRejects() async throws -> [SourceReport] {
        let open = try await warehouse.reader.rejects(settings.id, limit: 100_000)
        guard !open.isEmpty else { return [] }
        let offered = Set(selected([]))
        let keys = Set(
            open.compactMap { reject in
                reject.naturalKey.map { RejectedKey(stream: reject.stream, naturalKey: $0) }
            }
        )
        let comparison = Comparison(
            extent: ReconcileExtent(
                isFull: true,
                streams: Set(open.filter { $0.naturalKey == nil }.map(\.stream)).intersection(offered)
            ),
            repairs: true,
            retried: keys.filter { offered.contains($0.stream) }.sorted {
                ($0.stream, $0.naturalKey) < ($1.stream, $1.naturalKey)
            }
        )
        return [try await run(.reconcile(comparison), streams: [])]
    }
}

extension RunSession {
    /// At the end of a retry: rejects of records that the platform sends no more are closed.
    func close(_ comparison: Comparison, _ run: SourceRun, _ writer: CommitUnitWriter) async throws {
        guard comparison.retried != nil else { return }
        let failed = run.stats.failures
        let open = try await runner.warehouse.reader.rejects(lease.sourceID, limit: 100_000)
        let unfounded = open.filter { failed[$0.stream] == nil && comparison.isUnfounded($0) }
        guard !unfounded.isEmpty else { return }
        var unit = CommitUnit(sourceID: lease.sourceID, runID: lease.runID)
        unit.resolveRejects(unfounded.map(\.rejectID))
        _ = try await writer.publish(unit)
    }
}
