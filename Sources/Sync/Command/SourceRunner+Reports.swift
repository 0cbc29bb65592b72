import Extractor
import Loader
import Platforms
import Records

/// What is told of runs.
extension SourceRunner {
    func report(
        ofDryRun result: (RunOutcome, [String: RunStatus]),
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
    func report(
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
    func report(
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
    func inOrder(_ names: Set<String>) -> [String] {
        let known = PlatformRegistry.kinds.first { $0.kind == settings.kind }?.streams ?? []
        return known.filter(names.contains) + names.subtracting(known).sorted()
    }

    static func tables(of stream: String, _ counts: PublishCounts) -> [String: RowCounts] {
        counts.tables.filter { Comparison.stream(of: $0.key) == stream }
    }
}
