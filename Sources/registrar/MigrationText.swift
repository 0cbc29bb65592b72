import Settings
import Sync

/// What `migrate` says it did.
enum MigrationText {
    static func text(_ report: MigrationReport, isDryRun: Bool) -> String {
        guard !report.applied.isEmpty || !report.grants.isEmpty else { return "the warehouse is up to date\n" }
        let word = isDryRun ? "would apply" : "applied"
        let applied = report.applied.map { "\(word) \(LogSafe.text($0))\n" }
        let grants = report.grants.map { isDryRun ? "would run \(LogSafe.text($0))\n" : "ran \(LogSafe.text($0))\n" }
        return (applied + grants).joined()
    }
}
