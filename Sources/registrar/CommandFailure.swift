import Loader
import Platforms
import Postgres
import Settings
import Sync

/// An error that ends a command: what the user reads and what the caller gets.
struct CommandFailure: Error {
    let exitCode: ExitCode
    let lines: [String]

    init(_ exitCode: ExitCode, _ lines: String...) {
        self.init(exitCode, lines: lines)
    }

    init(_ exitCode: ExitCode, lines: [String]) {
        self.exitCode = exitCode
        self.lines = lines
    }

    init(_ error: any Error) {
        switch error {
        case let failure as CommandFailure:
            self = failure
        case let error as ConfigurationError:
            self.init(.configuration, lines: error.problems.map(\.description))
        case let error as SelectionError:
            self.init(error.subject == .source ? .usage : .configuration, error.description)
        case let error as EventWindowError:
            self.init(.usage, error.description)
        case let error as SyncError:
            self.init(error.code.exitCode, error.description)
        case let error as LoadError:
            self.init(Self.exitCode(of: error.code), error.description)
        case let error as PostgresError:
            self.init(error.code == .invalidSettings ? .configuration : .warehouse, "warehouse: \(error.description)")
        case is CancellationError:
            self.init(.interrupted, "stopped")
        default:
            // Words of an unknown error may quote rows or secrets: only its type is told.
            self.init(.internalError, "internal error (\(type(of: error))); please report it with the log")
        }
    }

    private static func exitCode(of code: LoadError.Code) -> ExitCode {
        switch code {
        case .leaseHeld, .fenced: .tryLater
        case .brokenInvariant: .internalError
        default: .warehouse
        }
    }
}
