import Extractor
import Loader
import Postgres

/// How a run ended: its exit code, its status on the ledger, and the words for both.
struct RunOutcome: Sendable {
    var exitCode: ExitCode
    var status: Loader.RunStatus
    var message: String?

    static let done = RunOutcome(exitCode: .done, status: .succeeded)

    init(exitCode: ExitCode, status: Loader.RunStatus, message: String? = nil) {
        self.exitCode = exitCode
        self.status = status
        self.message = message
    }

    /// What an error that ended a run means for its caller.
    init(error: any Error) {
        switch error {
        case let error as ExtractorError:
            let code: ExitCode =
                switch error.exitClass {
                case .sourceFailed: .unavailable
                case .tryLater: .tryLater
                case .credentialsRefused: .credentials
                case .configuration: .configuration
                }
            self.init(exitCode: code, status: code == .tryLater ? .partial : .failed, message: error.description)
        case let error as SyncError:
            self.init(
                exitCode: error.code.exitCode,
                status: error.code == .paused ? .partial : .failed,
                message: error.message
            )
        case let error as LoadError:
            let code: ExitCode =
                switch error.code {
                case .leaseHeld, .fenced: .tryLater
                case .brokenInvariant: .internalError
                default: .warehouse
                }
            self.init(exitCode: code, status: .failed, message: error.description)
        case let error as PostgresError:
            self.init(
                exitCode: error.code == .invalidSettings ? .configuration : .warehouse,
                status: .failed,
                message: "warehouse: \(error)"
            )
        case is CancellationError:
            self.init(exitCode: .interrupted, status: .interrupted, message: "stopped")
        default:
            // Words of an unknown error may quote rows or secrets: only its type is told.
            self.init(exitCode: .internalError, status: .failed, message: "internal error (\(type(of: error)))")
        }
    }
}
