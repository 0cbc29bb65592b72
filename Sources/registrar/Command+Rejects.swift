import ArgumentParser
import Settings
import Sync

/// The command `registrar rejects`.
struct RejectsCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "rejects",
        abstract: "List the records that could not be transformed, grouped by reason."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Option(help: ArgumentHelp("Only this source.", valueName: "id"))
    var source: String?
    @Flag(help: "Print as JSON, one entry a record.")
    var json = false

    func execute(_ console: Console) async throws -> Int32 {
        let configuration = try ServiceFactory.configuration(global)
        try configuration.checkSelection(sources: source.map { [$0] } ?? [], streams: [])
        let service = ServiceFactory.service(configuration, command: "rejects", console: console)
        let rows = try await service.rejects(source: source)
        console.output(json ? RejectsText.json(rows).text + "\n" : RejectsText.text(rows))
        return Sync.ExitCode.done.rawValue
    }
}
