import ArgumentParser
import Settings
import Sync

/// The command `registrar replay`.
struct ReplayCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Read a window of the event log again and pull what it names.",
        discussion: """
            After an outage, or where rows were lost. Repeating it changes nothing, and no watermark moves. \
            T is ISO 8601 (2025-06-30T13:26:40Z) or Unix seconds (1751290000).
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions
    @Option(help: ArgumentHelp("The source whose log is read.", valueName: "id"))
    var source: String
    @Option(help: ArgumentHelp("The first instant of the window.", valueName: "t"))
    var from: String
    @Option(help: ArgumentHelp("The last instant of the window.", valueName: "t"))
    var to: String
    @Option(
        name: .customLong("activity"),
        help: ArgumentHelp("Only events of this activity; may be given several times.", valueName: "name")
    )
    var activities: [String] = []
    @Flag(help: "Print the summary as JSON.")
    var json = false

    func execute(_ console: Console) async throws -> Int32 {
        let configuration = try ServiceFactory.configurationToAsk(global)
        try configuration.checkSelection(sources: [source], streams: [])
        let service = ServiceFactory.service(configuration, command: "replay", console: console)
        let report = try await service.replay(source: source, from: from, to: to, activities: activities)
        return RunEnding.finish(report, asJSON: json, console: console)
    }
}
