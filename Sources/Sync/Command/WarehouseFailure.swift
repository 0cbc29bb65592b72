import Loader
import Postgres

/// A failure of the warehouse, taken apart into what happened and what to do.
struct WarehouseFailure {
    let detail: String
    let remedy: String?
    let exitCode: ExitCode

    /// - Parameter isEmbedded: Whether the server is our own: then no `warehouse.url` is to blame.
    init(_ error: any Error, isEmbedded: Bool) {
        exitCode = RunOutcome(error: error).exitCode
        switch error {
        case let error as PostgresError:
            detail = error.summary
            remedy =
                error.remedy
                ?? (isEmbedded
                    ? "see docs/operations.md, The embedded server"
                    : "check warehouse.url, and that the server runs and lets this role in")
        case let error as LoadError where error.code == .migrationChanged:
            detail = error.message
            remedy =
                "install the release that made the schema, or a newer one; nothing in the warehouse is to be changed"
        case let error as LoadError:
            detail = Self.withoutPrefix(error.message)
            remedy = nil
        default:
            detail = RunOutcome(error: error).message ?? ""
            remedy = nil
        }
    }

    func finding(_ check: String) -> DoctorFinding {
        DoctorFinding(check: check, outcome: .fail, detail: detail, remedy: remedy, exitCode: exitCode.rawValue)
    }

    /// The check's name stands before the message already.
    private static func withoutPrefix(_ message: String) -> String {
        let prefix = "warehouse: "
        return message.hasPrefix(prefix) ? String(message.dropFirst(prefix.count)) : message
    }
}
