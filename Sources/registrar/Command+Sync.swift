import ArgumentParser
import Platforms
import Settings
import Sync

/// The command `registrar sync`.
struct SyncCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Pull what changed since the last run.",
        discussion: """
            Does a baseline first for a source or stream that never had one. With --learner or --course it pulls just \
            these and leaves the watermarks where they are.
            """
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions
    @OptionGroup var selection: SelectionOptions

    @Flag(help: "Read again every stream and partition; so also find silent changes and deletions.")
    var full = false
    @Option(
        help: ArgumentHelp(
            "With --full: leave out what was verified within this time (90s, 15m, 6h, 30d).",
            valueName: "duration"
        ),
        transform: Self.duration
    )
    var maxAge: Duration?
    @Option(
        name: .customLong("learner"),
        help: ArgumentHelp("Pull just this learner, all streams, now; may be given several times.", valueName: "id")
    )
    var learners: [String] = []
    @Option(
        name: .customLong("course"),
        help: ArgumentHelp("Pull just this course, all streams, now; may be given several times.", valueName: "id")
    )
    var courses: [String] = []
    @Flag(help: "Ask the platform and say what would change; write no row, move no watermark.")
    var dryRun = false
    @Flag(help: "Print the summary as JSON.")
    var json = false

    private static func duration(_ text: String) throws -> Duration {
        guard let duration = DurationText.parse(text) else {
            throw ValidationError("'\(text)' is no duration such as 90s, 15m, 6h or 30d")
        }
        return duration
    }

    private var demand: OnDemand { OnDemand(learners: learners.uniqued(), courses: courses.uniqued()) }

    func validate() throws {
        guard maxAge == nil || full else { throw ValidationError("--max-age goes with --full") }
        guard !full || demand.isEmpty else { throw ValidationError("--learner and --course do not go with --full") }
        guard !demand.records.contains(where: \.id.isEmpty) else { throw ValidationError("an id is empty") }
    }

    func execute(_ console: Console) async throws -> Int32 {
        let configuration = try ServiceFactory.configurationToAsk(global)
        try configuration.checkSelection(sources: selection.sources, streams: selection.streams)
        let service = ServiceFactory.service(configuration, command: "sync", console: console)
        guard demand.isEmpty else {
            let report = await service.pull(
                demand,
                sources: selection.sources,
                streams: selection.streams,
                dryRun: dryRun
            )
            return RunEnding.finish(report, asJSON: json, console: console)
        }
        let report = await service.sync(
            sources: selection.sources,
            streams: selection.streams,
            sweepAge: full ? maxAge ?? .zero : nil,
            dryRun: dryRun
        )
        return RunEnding.finish(report, asJSON: json, console: console)
    }
}

extension [String] {
    /// The words in their order, each once.
    fileprivate func uniqued() -> [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
