/// A failure of the warehouse, safe to print.
///
/// What the server said stays in `serverMessage`, which nothing prints: it may quote rows.
package struct PostgresError: Error {
    /// What went wrong, as a set that may grow.
    package struct Code: Hashable, Sendable {
        enum Value: String {
            case server, connectionLost, connectFailed, invalidSettings, libraryTooOld, serverTooOld, serverSetup
            case deadlineExceeded, closed, commitInDoubt, commitRefused, copyCountMismatch, copyState
            case nulCharacter, tooManyParameters, unexpectedResult, busy
            case notInstalled, embeddedServer
        }

        let value: Value

        /// The server refused a statement; `sqlState` says why.
        package static let server = Code(value: .server)
        /// The connection broke while it was in use.
        package static let connectionLost = Code(value: .connectionLost)
        /// No connection could be made.
        package static let connectFailed = Code(value: .connectFailed)
        /// The connection string does not parse or contradicts itself.
        package static let invalidSettings = Code(value: .invalidSettings)
        /// The installed libpq has known security faults.
        package static let libraryTooOld = Code(value: .libraryTooOld)
        /// The server is older than PostgreSQL 14.
        package static let serverTooOld = Code(value: .serverTooOld)
        /// The server or database is not set up in a way that can hold our data.
        package static let serverSetup = Code(value: .serverSetup)
        /// The client's own deadline passed.
        package static let deadlineExceeded = Code(value: .deadlineExceeded)
        /// The connection was closed, or was given up after a cancelled or overdue statement.
        package static let closed = Code(value: .closed)
        /// The answer to COMMIT was lost; `transactionID` allows asking what became of it.
        package static let commitInDoubt = Code(value: .commitInDoubt)
        /// COMMIT was answered by a rollback, because a statement before it had failed.
        package static let commitRefused = Code(value: .commitRefused)
        /// COPY stored another number of rows than was sent.
        package static let copyCountMismatch = Code(value: .copyCountMismatch)
        /// A statement was expected to start a COPY and did not, or the reverse.
        package static let copyState = Code(value: .copyState)
        /// A text parameter or statement contains U+0000.
        package static let nulCharacter = Code(value: .nulCharacter)
        /// A statement has more parameters than the protocol can carry.
        package static let tooManyParameters = Code(value: .tooManyParameters)
        /// A result does not have the row, column or type that was asked for.
        package static let unexpectedResult = Code(value: .unexpectedResult)
        /// A transaction is already open on this connection.
        package static let busy = Code(value: .busy)
        /// No PostgreSQL server programs are installed.
        package static let notInstalled = Code(value: .notInstalled)
        /// The embedded server could not be set up, started or stopped.
        package static let embeddedServer = Code(value: .embeddedServer)
    }

    /// What went wrong.
    package let code: Code
    /// What is to be done about it.
    package let kind: PostgresFailure
    /// What happened, in our own words.
    package let message: String
    /// What to do about it, where that is known.
    package let remedy: String?
    /// The server's five-character code, where there is one.
    package let sqlState: String?
    /// The schema, table, column and constraint the server named.
    package let schema: String?
    /// The table the server named.
    package let table: String?
    /// The column the server named.
    package let column: String?
    /// The constraint the server named.
    package let constraint: String?
    /// The object that a refused right or a missing table is about, where the server told it in words only.
    package let object: String?
    /// The transaction whose COMMIT got no answer.
    package let transactionID: String?
    /// The server's own words; may hold row values, and nothing prints it.
    let serverMessage: String?
    /// Where in the source the error was made.
    let location: String

    /// Whether the same work may succeed later without a person.
    package var isRetryable: Bool { kind.isRetryable }
    /// Whether the transaction may have been committed although an error was thrown.
    package var isCommitInDoubt: Bool { code == .commitInDoubt }

    init(
        _ code: Code,
        _ message: String,
        kind: PostgresFailure? = nil,
        remedy: String? = nil,
        sqlState: String? = nil,
        names: Names = Names(),
        transactionID: String? = nil,
        serverMessage: String? = nil,
        file: String = #fileID,
        line: Int = #line
    ) {
        self.code = code
        self.kind = kind ?? code.defaultKind
        self.message = message
        self.remedy = remedy
        self.sqlState = sqlState
        object = RefusedObject.name(sqlState: sqlState, message: serverMessage)
        (schema, table, column, constraint) = (names.schema, names.table, names.column, names.constraint)
        self.transactionID = transactionID
        self.serverMessage = serverMessage
        location = "\(file):\(line)"
    }

    /// The objects an error of the server names.
    struct Names {
        var schema: String?
        var table: String?
        var column: String?
        var constraint: String?
    }
}

extension PostgresError.Code {
    /// What to do about a failure that carries no SQLSTATE.
    var defaultKind: PostgresFailure {
        switch value {
        case .connectionLost, .connectFailed, .closed, .commitInDoubt: .connection
        case .deadlineExceeded: .deadline
        case .invalidSettings, .libraryTooOld, .serverTooOld, .serverSetup, .notInstalled, .embeddedServer:
            .configuration
        case .nulCharacter: .badRow
        case .server, .commitRefused, .copyCountMismatch, .copyState, .tooManyParameters, .unexpectedResult, .busy:
            .bug
        }
    }
}

extension PostgresError {
    /// The error that an answer of the server with this code is.
    package static func told(_ sqlState: String) -> PostgresError {
        let text = FailureText(sqlState: sqlState)
        return PostgresError(
            .server,
            text.cause,
            kind: PostgresFailure(sqlState: sqlState),
            remedy: text.remedy,
            sqlState: sqlState
        )
    }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// What happened, to what, and what to do about it.
    package var description: String { remedy.map { "\(summary); \($0)" } ?? summary }

    /// What happened, and to what: the SQLSTATE with its standard name, and the objects that the server named.
    package var summary: String {
        var objects: [String] = []
        if let sqlState {
            objects.append("SQLSTATE \(sqlState)" + (SQLStateName.name(of: sqlState).map { " \($0)" } ?? ""))
        }
        if let table { objects.append("table \(schema.map { "\($0)." } ?? "")\(table)") }
        if let column { objects.append("column \(column)") }
        if let constraint { objects.append("constraint \(constraint)") }
        if let object, table == nil { objects.append(object) }
        return objects.isEmpty ? message : "\(message) (\(objects.joined(separator: ", ")))"
    }

    /// The description with the place where the error was made.
    package var debugDescription: String { "PostgresError(\(code.value.rawValue): \(self), at: \(location))" }

    /// Shows `dump` and the test runner the same safe text, not the stored fields.
    package var customMirror: Mirror { Mirror(self, children: ["description": debugDescription]) }
}
