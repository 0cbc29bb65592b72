import ArgumentParser
import JSON
import Settings
import Sync

/// The command `registrar reconcile`.
struct ReconcileCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Compare the platform's own counts and keys with the warehouse and name every difference.",
        discussion: """
            Writes nothing without --repair. Rows that are read on the way are compared column by column; differences behind \
            equal counts are found with --full. Ends with 1 while differences remain.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions
    @OptionGroup var selection: SelectionOptions

    @Option(
        name: .customLong("course"),
        help: ArgumentHelp("Only this course and its lists; may be given several times.", valueName: "id")
    )
    var courses: [String] = []
    @Flag(help: "Read every list whole.")
    var full = false
    @Flag(help: "Pull what differs, and mark what is gone.")
    var repair = false
    @Flag(help: "Print the differences as JSON.")
    var json = false

    func execute(_ console: Console) async throws -> Int32 {
        let configuration = try ServiceFactory.configurationToAsk(global)
        try configuration.checkSelection(sources: selection.sources, streams: selection.streams)
        let service = ServiceFactory.service(configuration, command: "reconcile", console: console)
        let report = await service.reconcile(
            sources: selection.sources,
            streams: selection.streams,
            courses: courses,
            full: full,
            repair: repair
        )
        for source in report.sources {
            guard let message = source.run.message else { continue }
            console.line("registrar: \(source.run.id): \(LogSafe.text(message))")
        }
        console.output(json ? ReconcileText.json(report).text + "\n" : ReconcileText.text(report))
        return report.exitCode
    }
}
