package import Platforms
import Settings

extension SyncService {
    /// Pulls some learners and courses now, all their streams; no watermark moves.
    ///
    /// Ids are a source's own. One that the warehouse knows is asked of the sources it knows it of; one that it does not
    /// know is asked of all of them, and one of them has to have it.
    package func pull(
        _ demand: OnDemand,
        sources: [String],
        streams: [String],
        dryRun: Bool = false
    ) async -> RunReport {
        let chosen = configuration.sources.map(\.id).filter { sources.isEmpty || sources.contains($0) }
        var report = await run(sources: sources) { runner in
            let others = chosen.filter { $0 != runner.settings.id }
            return try await runner.pull(demand, among: others, streams: streams, dryRun: dryRun)
        }
        guard chosen.count > 1 else { return report }
        let found = Self.found(in: report.sources)
        for index in report.sources.indices {
            let missing = report.sources[index].unknown.filter { !found.contains(NamedRecord($0.kind, $0.id)) }
            guard !missing.isEmpty, report.sources[index].exitCode == 0 else { continue }
            report.sources[index].exitCode = ExitCode.partial.rawValue
            report.sources[index].status = "partial"
            report.sources[index].message = SourceRunner.message(ofUnknown: missing)
        }
        report.exitCode = Self.exitCode(of: report.sources)
        return report
    }

    /// What at least one source has: it was asked for it, and did not say that it lacks it.
    private static func found(in reports: [SourceReport]) -> Set<NamedRecord> {
        reports.filter { $0.exitCode == 0 }.reduce(into: []) { found, report in
            guard let demand = report.demand else { return }
            found.formUnion(
                demand.records.filter { record in
                    !report.unknown.contains { $0.kind == record.kind && $0.id == record.id }
                }
            )
        }
    }
}
