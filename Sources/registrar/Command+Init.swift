import ArgumentParser
import Foundation
import Settings
import Sync

/// The command `registrar init`.
struct InitCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a commented registrar.yaml; never overwrites."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    func execute(_ console: Console) async throws -> Int32 {
        let environment = ProcessInfo.processInfo.environment
        let named = global.config ?? environment[ConfigurationFile.environmentVariable]
        let path = named.flatMap { $0.isEmpty ? nil : $0 } ?? ConfigurationFile.defaultPaths[0]
        try InitFile.create(ConfigurationTemplate.yaml(), at: path)
        console.output("wrote \(LogSafe.text(path)): fill in a source, then run `registrar doctor`\n")
        return Sync.ExitCode.done.rawValue
    }
}
