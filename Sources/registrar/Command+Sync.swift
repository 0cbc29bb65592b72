import ArgumentParser
import Settings
import Sync

/// The command `registrar sync`.
struct SyncCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Pull what changed since the last run.",
        discussion: "Does a baseline first for a source or stream that never had one."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions
    @OptionGroup var selection: SelectionOptions

    @Flag(help: "Ask the platform and say what would change; write no row, move no watermark.")
    var dryRun = false
    @Flag(help: "Print the summary as JSON.")
    var json = false

    func execute(_ console: Console) async throws -> Int32 {
        let configuration = try ServiceFactory.configuration(global)
        try configuration.checkSelection(sources: selection.sources, streams: selection.streams)
        let service = ServiceFactory.service(configuration, command: "sync", console: console)
        let report = await service.sync(sources: selection.sources, streams: selection.streams, dryRun: dryRun)
        return RunEnding.finish(report, asJSON: json, console: console)
    }
}
