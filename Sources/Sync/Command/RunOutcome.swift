import Extractor
import Loader
import Postgres
import Records

/// How a run ended: its exit code, its status on the ledger, and the words for both.
struct RunOutcome: Sendable {
    var exitCode: ExitCode
    var status: RunStatus
    var message: String?

    static let done = RunOutcome(exitCode: .done, status: .succeeded)

    init(exitCode: ExitCode, status: RunStatus, message: String? = nil) {
        self.exitCode = exitCode
        self.status = status
        self.message = message
    }

    /// A run in which no list could be read, whatever the platform answered.
    ///
    /// - Parameters:
    ///   - error: The first of what it answered.
    ///   - noAPI: Says that the API is not at the address, where nothing shows that it is.
    init(nothingRead error: ExtractorError, noAPI: ExtractorError?) {
        let isMissing = error.status.map { [404, 405, 410].contains($0) } ?? false
        let told = isMissing ? noAPI ?? error : error
        self.init(exitCode: .unavailable, status: .failed, message: "nothing could be read: \(told)")
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
            let until = error.notBeforeMicroseconds.map { Timestamp(microsecondsSinceEpoch: $0) }
            self.init(
                exitCode: code,
                status: code == .tryLater ? .partial : .failed,
                message: error.description + (until.map { "; try again after \($0.iso8601)" } ?? "")
            )
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
