import ArgumentParser
import Sync

/// The root of the command line.
struct RegistrarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "registrar",
        abstract: "Keeps courses, learners and their results from learning platforms current in PostgreSQL.",
        discussion: """
            Options of every command: --config FILE, --log-level LEVEL, --log-format text|json.
            Data goes to standard output, everything else to standard error.

            Exit codes: 0 done, 1 parts could not be read, 64 usage, 69 platform unreachable, 70 internal error, \
            74 warehouse failed, 75 try again later, 77 credentials refused, 78 configuration invalid, \
            130 and 143 stopped by a signal.
            """,
        version: BuildInformation.version,
        subcommands: [
            InitCommand.self, DoctorCommand.self, MigrateCommand.self, PlanCommand.self, BaselineCommand.self,
            SyncCommand.self, ReplayCommand.self, ReconcileCommand.self, StatusCommand.self, RejectsCommand.self,
            ForgetCommand.self, DemoCommand.self,
        ]
    )
}
