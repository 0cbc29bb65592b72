import ArgumentParser

/// Which part of the configuration a run is about.
struct SelectionOptions: ParsableArguments, Sendable {
    @Option(
        name: .customLong("source"),
        help: ArgumentHelp("Only this source; may be given several times.", valueName: "id")
    )
    var sources: [String] = []

    @Option(
        name: .customLong("stream"),
        help: ArgumentHelp("Only this stream; may be given several times.", valueName: "name")
    )
    var streams: [String] = []
}
