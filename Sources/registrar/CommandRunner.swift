import Settings
import Sync

/// Runs a command and turns what it throws into one clear line and an exit code.
enum CommandRunner {
    static func run(_ command: any ServiceCommand, console: Console) async -> Int32 {
        do {
            return try await command.execute(console)
        } catch {
            let failure = CommandFailure(error)
            for line in failure.lines { console.line("registrar: \(LogSafe.text(line))") }
            return failure.exitCode.rawValue
        }
    }
}
