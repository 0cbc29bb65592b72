import Loader
import Platforms
import Settings

/// What `doctor` finds in the warehouse about the sources, before any platform is asked.
struct StoredSourceFindings: Sendable {
    /// About the warehouse as a whole.
    var findings: [DoctorFinding] = []
    /// Sources that no run would read, with the reason.
    var refusals: [String: DoctorFinding] = [:]
    /// What else is to be said of a source.
    var notes: [String: [DoctorFinding]] = [:]
}

extension SyncService {
    /// Holds the configured sources against those in the warehouse.
    ///
    /// - Returns: Nothing where the warehouse cannot be read: its own check has told why.
    func checkStoredSources() async -> StoredSourceFindings {
        let found = try? await withCheckedWarehouse { warehouse in
            var found = StoredSourceFindings()
            for unlisted in try await unlistedSources(warehouse.reader) {
                found.findings.append(
                    DoctorFinding(
                        check: "sources",
                        outcome: .warn,
                        detail: "in the warehouse, and not in \(configuration.file): \(unlisted.description)",
                        remedy: "put it back, or remove its rows with registrar forget --source \(unlisted.id)"
                    )
                )
            }
            for settings in configuration.sources {
                let runner = SourceRunner(
                    settings: settings,
                    warehouse: warehouse,
                    parts: parts,
                    progress: progress,
                    logger: logger
                )
                let check = "source \(settings.id)"
                if let refusal = try await runner.refusal(of: try await runner.change()) {
                    found.refusals[settings.id] = DoctorFinding(
                        check: check,
                        outcome: .fail,
                        detail: refusal.message,
                        exitCode: refusal.code.exitCode.rawValue
                    )
                    continue
                }
                guard try await runner.streamsWithoutBaseline(["courses"]).isEmpty else { continue }
                found.notes[settings.id] = try await runner.scope().findings(isWhole: true).map {
                    DoctorFinding(check: check, outcome: .warn, detail: $0, remedy: "check the source's scope")
                }
            }
            return found
        }
        return found ?? StoredSourceFindings()
    }
}
