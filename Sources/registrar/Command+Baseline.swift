import ArgumentParser
import Settings
import Sync

/// The command `registrar baseline`.
struct BaselineCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "Load everything once; resumes where an interrupted baseline stopped."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions
    @OptionGroup var selection: SelectionOptions

    @Flag(help: "Start again from nothing instead of resuming.")
    var restart = false
    @Flag(help: "Print the summary as JSON.")
    var json = false

    func execute(_ console: Console) async throws -> Int32 {
        let configuration = try ServiceFactory.configurationToAsk(global)
        try configuration.checkSelection(sources: selection.sources, streams: selection.streams)
        let service = ServiceFactory.service(configuration, command: "baseline", console: console)
        let report = await service.baseline(
            sources: selection.sources,
            streams: selection.streams,
            restart: restart
        )
        return RunEnding.finish(report, asJSON: json, console: console)
    }
}
