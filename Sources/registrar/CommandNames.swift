import ArgumentParser
import Settings

/// The names of the commands, and what somebody who wrote another may have meant.
enum CommandNames {
    static var all: [String] {
        RegistrarCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
    }

    /// What is wrong with a command line that names no command of ours; `nil` where it names one, or none at all.
    ///
    /// - Parameter arguments: With the global options behind the command.
    static func fault(in arguments: [String]) -> String? {
        guard let first = arguments.first, !first.hasPrefix("-") else { return nil }
        guard first == "help" else { return fault(of: first) }
        guard arguments.count > 1, !arguments[1].hasPrefix("-") else { return nil }
        return fault(of: arguments[1])
    }

    private static func fault(of name: String) -> String? {
        guard name != "help", !all.contains(name) else { return nil }
        let hint = NearestName.of(name, in: all).map { "; did you mean \($0)?" } ?? ""
        return "unknown command '\(LogSafe.text(name))'\(hint)"
    }
}
