import ArgumentParser
import JSON
import Settings
import Sync

/// The command `registrar rejects`.
struct RejectsCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejects",
        abstract: "List the records that could not be transformed, grouped by reason.",
        discussion: "A record that arrives whole later, with whatever run, is resolved and listed no more."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Option(help: ArgumentHelp("Only this source.", valueName: "id"))
    var source: String?
    @Flag(help: "Ask the platform for these records again and transform them; then list what is left.")
    var retry = false
    @Flag(help: "Print as JSON, one entry a record.")
    var json = false

    func execute(_ console: Console) async throws -> Int32 {
        let configuration =
            try retry
            ? ServiceFactory.configurationToAsk(global) : ServiceFactory.configuration(global, for: .sources)
        try configuration.checkSelection(sources: source.map { [$0] } ?? [], streams: [])
        let service = ServiceFactory.service(configuration, command: "rejects", console: console)
        let before = try await service.rejects(source: source)
        guard retry, !before.isEmpty else {
            console.output(json ? RejectsText.json(before).text + "\n" : RejectsText.text(before))
            return Sync.ExitCode.done.rawValue
        }
        let report = await service.retryRejects(source: source)
        for run in report.runs where run.exitCode != Sync.ExitCode.done.rawValue {
            console.line("registrar: \(run.id): \(LogSafe.text(run.message ?? run.status))")
        }
        let after = try await service.rejects(source: source)
        let left = Set(after.map(\.rejectID))
        let resolved = before.count { !left.contains($0.rejectID) }
        let retried = RejectsText.Retried(asked: before.count, resolved: resolved)
        console.output(
            json ? RejectsText.json(after, retried).text + "\n" : RejectsText.text(retried) + RejectsText.text(after)
        )
        return report.exitCode
    }
}
