import ArgumentParser
import Foundation
import Logging
import Sync

/// Parses the command line, runs one command and answers with the contract's exit codes.
@main
enum RegistrarMain {
    static func main() async {
        ProcessHardening.apply()
        let arguments = ArgumentOrder.normalised(Array(CommandLine.arguments.dropFirst()))
        if let fault = CommandNames.fault(in: arguments) { leave(afterMisuse: fault) }
        let command: any ParsableCommand
        do {
            command = try RegistrarCommand.parseAsRoot(arguments)
            guard let command = command as? any ServiceCommand else {
                try runBuiltIn(command)
                return
            }
            await run(command)
        } catch {
            leave(after: error)
        }
    }

    /// The parser's own commands (`help`) and the root, which alone does nothing.
    private static func runBuiltIn(_ command: any ParsableCommand) throws {
        if command is RegistrarCommand {
            StandardError.write(RegistrarCommand.helpMessage() + "\n")
            Foundation.exit(Sync.ExitCode.usage.rawValue)
        }
        var command = command
        try command.run()
    }

    private static func leave(after error: any Error) -> Never {
        let code = RegistrarCommand.exitCode(for: error)
        guard code != .success else {
            StandardOutput.write(RegistrarCommand.fullMessage(for: error) + "\n")
            Foundation.exit(exitCode(after: Sync.ExitCode.done.rawValue))
        }
        leave(afterMisuse: RegistrarCommand.message(for: error))
    }

    private static func leave(afterMisuse message: String) -> Never {
        StandardError.write("registrar: \(message)\nSee `registrar help` for the commands and their options.\n")
        Foundation.exit(Sync.ExitCode.usage.rawValue)
    }

    /// A command whose data did not arrive has not done what it was asked for.
    private static func exitCode(after code: Int32) -> Int32 {
        guard let failure = StandardOutput.failure else { return code }
        StandardError.write("registrar: cannot write to standard output: \(failure)\n")
        return code == Sync.ExitCode.done.rawValue ? Sync.ExitCode.warehouse.rawValue : code
    }

    private static func run(_ command: any ServiceCommand) async {
        let console = Console(settings: command.global)
        // Unstructured on purpose: a signal, which arrives on a thread of its own, cancels this task by its handle.
        let work = Task { await CommandRunner.run(command, console: console) }
        let signals = SignalWatch { signal in
            console.logger.notice(
                "stopping after what is complete; a second signal stops at once",
                metadata: ["signal": "\(signal == SIGINT ? "SIGINT" : "SIGTERM")"]
            )
            work.cancel()
        }
        let code = await work.value
        console.close()
        let ending = exitCode(after: code)
        Foundation.exit(withExtendedLifetime(signals) { signals.received.map { 128 + $0 } } ?? ending)
    }
}
