import ArgumentParser
import Settings
import Sync

/// The command `registrar forget`.
struct ForgetCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Remove every row of a source that the configuration has no more.",
        discussion: """
            Deletes its rows and all that is known of it from every table, in batches; what was stopped is finished by \
            running it again. Needs a role that may delete, such as the schema's owner. Persons who were erased stay so.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Option(help: ArgumentHelp("The source to remove.", valueName: "id"))
    var source: String
    @Flag(help: "Say what would be removed and remove nothing.")
    var dryRun = false

    func execute(_ console: Console) async throws -> Int32 {
        let configuration = try ServiceFactory.configuration(global, for: .sources)
        let service = ServiceFactory.service(configuration, command: "forget", console: console)
        console.output(ForgetText.text(try await service.forget(source: source, dryRun: dryRun)))
        return Sync.ExitCode.done.rawValue
    }
}
