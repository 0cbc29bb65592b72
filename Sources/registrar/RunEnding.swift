import JSON
import Settings
import Sync

/// The end of a run: its summary on standard output, its failures on standard error.
enum RunEnding {
    static func finish(_ report: RunReport, asJSON: Bool, console: Console) -> Int32 {
        for source in report.sources where source.exitCode != ExitCode.done.rawValue {
            let message = source.message ?? source.status
            console.line("registrar: \(source.id): \(LogSafe.text(message))")
        }
        console.output(asJSON ? RunSummary.json(report).text + "\n" : RunSummary.text(report))
        return report.exitCode
    }
}
