import ArgumentParser

/// The options every command takes, before or after its name.
struct GlobalOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "The configuration file.",
            discussion: "Default: REGISTRAR_CONFIG, then registrar.yaml, then /etc/registrar/registrar.yaml.",
            valueName: "file"
        )
    )
    var config: String?

    @Option(
        help: ArgumentHelp(
            "How much to log: trace, debug, info, notice, warning, error or critical.",
            valueName: "level"
        )
    )
    var logLevel: LogLevel = .info

    @Option(help: ArgumentHelp("How to log: text or json.", valueName: "format"))
    var logFormat: LogFormat = .text

    /// The names as they are written, each of which takes a value.
    static let names = ["--config", "--log-level", "--log-format"]
}
