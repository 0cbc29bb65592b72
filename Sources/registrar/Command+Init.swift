import ArgumentParser
import Foundation
import Platforms
import Settings
import Sync

/// The command `registrar init`.
struct InitCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented registrar.yaml; never overwrites.",
        discussion: "With --kind for one platform, with every option that it has."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "The platform to write it for: \(PlatformRegistry.kinds.map(\.kind).joined(separator: ", ")).",
            valueName: "kind"
        )
    )
    var kind: String?

    func validate() throws {
        let kinds = PlatformRegistry.kinds.map(\.kind)
        guard let kind, !kinds.contains(kind) else { return }
        throw ValidationError("'\(kind)' is no kind of platform; the kinds are \(kinds.joined(separator: ", "))")
    }

    func execute(_ console: Console) async throws -> Int32 {
        let environment = ProcessInfo.processInfo.environment
        let named = global.config ?? environment[ConfigurationFile.environmentVariable]
        let path = named.flatMap { $0.isEmpty ? nil : $0 } ?? ConfigurationFile.defaultPaths[0]
        try InitFile.create(ConfigurationTemplate.yaml(kind: kind), at: path)
        console.output("wrote \(LogSafe.text(path)): fill in a source, then run `registrar doctor`\n")
        return Sync.ExitCode.done.rawValue
    }
}
