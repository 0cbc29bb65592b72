import ArgumentParser
import JSON
import Settings
import Sync

/// The command `registrar status`.
struct StatusCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show freshness, watermarks, the last runs, row counts and rejects of each source."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Flag(help: "Print as JSON.")
    var json = false
    @Flag(help: "Tell moments whole, and the watermarks.")
    var verbose = false

    func execute(_ console: Console) async throws -> Int32 {
        let configuration = try ServiceFactory.configuration(global, for: .sources)
        let service = ServiceFactory.service(configuration, command: "status", console: console)
        let report = try await service.status()
        console.output(json ? StatusText.json(report).text + "\n" : StatusText.text(report, isVerbose: verbose))
        return Sync.ExitCode.done.rawValue
    }
}
