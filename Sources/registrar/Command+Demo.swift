import ArgumentParser
import Foundation
import Platforms
import Settings
import Sync

/// The command `registrar demo`.
struct DemoCommand: ServiceCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Load a simulated school, let it change, sync the changes.",
        discussion: "Everything happens in a folder and a PostgreSQL of the demo's own, afresh each time."
    )

    @OptionGroup(title: "Global options")
    var global: GlobalOptions

    @Option(
        help: ArgumentHelp(
            "The folder of the OULAD files.",
            discussion: "Default: REGISTRAR_OULAD; without either a school is generated.",
            valueName: "folder"
        )
    )
    var oulad: String?

    @Flag(help: "Simulate a school of every platform, in one warehouse; without it a Grow school alone.")
    var all = false

    @Flag(help: "Stop the demo's PostgreSQL; its data stays.")
    var stop = false

    func execute(_ console: Console) async throws -> Int32 {
        let place = DemoPlace()
        if stop {
            console.output(try await place.stop() ? "the demo's PostgreSQL is stopped\n" : "the demo is not running\n")
            return Sync.ExitCode.done.rawValue
        }
        let variable = ProcessInfo.processInfo.environment["REGISTRAR_OULAD"].flatMap { $0.isEmpty ? nil : $0 }
        let kinds = PlatformRegistry.kinds.map(\.kind)
        return try await DemoStory(
            console: console,
            place: place,
            oulad: oulad ?? variable,
            kinds: all ? kinds : Array(kinds.prefix(1))
        ).tell()
    }
}
