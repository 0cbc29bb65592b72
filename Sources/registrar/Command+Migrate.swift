import ArgumentParser
import Settings
import Sync

/// The command `registrar migrate`.
struct MigrateCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the warehouse's schema up to date; forward only."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Flag(help: "Say what would be applied and apply nothing.")
    var dryRun = false

    func execute(_ console: Console) async throws -> Int32 {
        let configuration = try ServiceFactory.configuration(global, for: .warehouse)
        let service = ServiceFactory.service(configuration, command: "migrate", console: console)
        let applied = try await service.migrate(dryRun: dryRun)
        guard !applied.isEmpty else {
            console.output("the warehouse is up to date\n")
            return Sync.ExitCode.done.rawValue
        }
        let word = dryRun ? "would apply" : "applied"
        for name in applied { console.output("\(word) \(LogSafe.text(name))\n") }
        return Sync.ExitCode.done.rawValue
    }
}
