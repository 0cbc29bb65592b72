package import Postgres

/// A failure to load rows or to read the service's state, safe to print.
///
/// What the server said of a row stays inside `cause`, which prints SQLSTATE and names only.
package struct LoadError: Error {
    /// What went wrong, as a set that may grow.
    package struct Code: Hashable, Sendable {
        enum Value: String {
            case leaseHeld, fenced, schemaMissing, schemaOutdated, schemaNewer, migrationChanged, migrationRefused
            case unavailable, noRoom, refused, tooManyRejects, brokenInvariant, damaged
        }

        let value: Value

        /// Another run holds the source (exit 75).
        package static let leaseHeld = Code(value: .leaseHeld)
        /// The lease was lost while the run went on; nothing of the last transaction was written (exit 75).
        package static let fenced = Code(value: .fenced)
        /// The warehouse has no schema of ours yet (exit 74).
        package static let schemaMissing = Code(value: .schemaMissing)
        /// The warehouse's schema is older than this binary (exit 74).
        package static let schemaOutdated = Code(value: .schemaOutdated)
        /// The warehouse's schema is newer than this binary (exit 74).
        package static let schemaNewer = Code(value: .schemaNewer)
        /// A migration that was applied is not the one this binary carries (exit 74).
        package static let migrationChanged = Code(value: .migrationChanged)
        /// The role may not migrate (exit 74).
        package static let migrationRefused = Code(value: .migrationRefused)
        /// The warehouse could not be reached in time (exit 74).
        package static let unavailable = Code(value: .unavailable)
        /// The database server has had no room for too long (exit 74).
        package static let noRoom = Code(value: .noRoom)
        /// The server refused a statement for good (exit 74).
        package static let refused = Code(value: .refused)
        /// The server refused more rows of one commit unit than can be one bad record's fault.
        package static let tooManyRejects = Code(value: .tooManyRejects)
        /// The loader itself is wrong: the stream fails and names the table (exit 70).
        package static let brokenInvariant = Code(value: .brokenInvariant)
        /// The server reports damage: everything stops (exit 74).
        package static let damaged = Code(value: .damaged)
    }

    /// What went wrong.
    package let code: Code
    /// What happened, to what, and what to do.
    package let message: String
    /// What the server answered, where it did.
    package let cause: PostgresError?
    let location: String

    init(_ code: Code, _ message: String, cause: PostgresError? = nil, file: String = #fileID, line: Int = #line) {
        (self.code, self.message, self.cause, self.location) = (code, message, cause, "\(file):\(line)")
    }

    /// Sorts a failure that is not to be tried again.
    init(_ error: PostgresError, file: String = #fileID, line: Int = #line) {
        let code: Code =
            switch error.kind {
            case .damage: .damaged
            case .noRoom: .noRoom
            case .connection, .conflict, .deadline, .readOnly: .unavailable
            case .bug: .brokenInvariant
            case .rights where error.isAboutMissingSchema: .schemaMissing
            default: .refused
            }
        let message =
            code == .schemaMissing
            ? "the warehouse lacks a table of this version; run registrar migrate (\(error))" : "warehouse: \(error)"
        self.init(code, message, cause: error, file: file, line: line)
    }

    /// A refused right, named with what gives it.
    init(_ error: PostgresError, lacking rights: MissingRights, file: String = #fileID, line: Int = #line) {
        guard !rights.isEmpty else {
            let advice = "loading needs no such right: run this as the schema's owner"
            self.init(.refused, "warehouse: \(error.summary); \(advice)", cause: error, file: file, line: line)
            return
        }
        let few = rights.statements.prefix(3).joined(separator: "; ")
        let rest = rights.statements.count > 3 ? "; registrar doctor prints the others" : ""
        self.init(
            .refused,
            "warehouse: \(rights.description) (\(error.summary)); as the schema's owner: \(few)\(rest)",
            cause: error,
            file: file,
            line: line
        )
    }

    static func fenced(_ sourceID: String, file: String = #fileID, line: Int = #line) -> LoadError {
        LoadError(
            .fenced,
            "source \(sourceID): another run took the lease; this one stops and has written nothing since",
            file: file,
            line: line
        )
    }
}

extension LoadError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { message }
    package var debugDescription: String { "LoadError(\(code.value.rawValue): \(message), at: \(location))" }
    package var customMirror: Mirror { Mirror(self, children: ["description": debugDescription]) }
}

extension PostgresError {
    /// Whether a schema or table of ours is not there; of another's, and of a staging table, nothing is said.
    fileprivate var isAboutMissingSchema: Bool {
        guard sqlState == "42P01" || sqlState == "3F000" else { return false }
        guard let object else { return true }
        return ["lms", "sync"].contains { object == $0 || object.hasPrefix("\($0).") }
    }
}
