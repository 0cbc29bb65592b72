import ArgumentParser
import JSON
import Settings
import Sync

/// The command `registrar plan`.
struct PlanCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Say how many requests the next run will cost, how long it takes and how old the data gets.",
        discussion: """
            Plans the next sync; for a source that never had a baseline, or with --baseline, a baseline. Asks the platform \
            a few pages to know its totals, stores nothing of them, and needs no lease. With --stream it names what the run \
            reads besides, because these streams need it.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Flag(help: "Plan a baseline, whether there was one or not.")
    var baseline = false
    @OptionGroup
    var selection: SelectionOptions
    @Flag(help: "Print as JSON.")
    var json = false

    func execute(_ console: Console) async throws -> Int32 {
        let configuration = try ServiceFactory.configurationToAsk(global)
        try configuration.checkSelection(sources: selection.sources, streams: selection.streams)
        let service = ServiceFactory.service(configuration, command: "plan", console: console)
        let report = try await service.plan(
            sources: selection.sources,
            streams: selection.streams,
            baseline: baseline
        )
        console.output(json ? PlanText.json(report).text + "\n" : PlanText.text(report))
        for source in report.sources {
            if let message = source.message { console.line("registrar: \(source.id): \(LogSafe.text(message))") }
        }
        return report.exitCode
    }
}
