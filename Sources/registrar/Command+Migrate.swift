import ArgumentParser
import Loader
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

    @Flag(help: "Say what would be applied and granted, and do nothing.")
    var dryRun = false

    @Flag(help: "Print the GRANTs that a role needs for baseline and sync, and do nothing else; needs no warehouse.")
    var printGrants = false

    @Option(help: ArgumentHelp("A role that is to load: it gets the rights for it.", valueName: "name"))
    var role: String?

    func execute(_ console: Console) async throws -> Int32 {
        guard !printGrants else {
            console.output(RoleDuty.loading.script(role: role ?? RoleDuty.loading.customaryRole))
            return Sync.ExitCode.done.rawValue
        }
        let configuration = try ServiceFactory.configuration(global, for: .warehouse)
        let service = ServiceFactory.service(configuration, command: "migrate", console: console)
        let report = try await service.migrate(role: role, dryRun: dryRun)
        console.output(MigrationText.text(report, isDryRun: dryRun))
        return Sync.ExitCode.done.rawValue
    }
}
