/// What a failure means to the one who decides whether to try again.
package enum PostgresFailure: String, Hashable, Sendable {
    /// Another transaction was in the way: the whole transaction again, on the same connection.
    case conflict
    /// The connection is gone or cannot be made yet: again, on a new one.
    case connection
    /// The statement or the client ran out of time: again, on a new connection, with less.
    case deadline
    /// The server takes no writes: connect again, to the one that does.
    case readOnly
    /// No room on disk or in memory: wait, then again.
    case noRoom
    /// A prepared statement vanished, a plan changed, or the server lacks a feature: once more.
    case statementGone
    /// The data of one row was refused: find the row, reject it, go on.
    case badRow
    /// Rights, schema or login do not fit: no retry.
    case rights
    /// We did something that cannot work: no retry.
    case bug
    /// The connection string or the machine is not set up for this: no retry.
    case configuration
    /// The server reports damage or an internal error: stop everything.
    case damage

    /// Whether the same work may succeed later without a person.
    package var isRetryable: Bool {
        switch self {
        case .conflict, .connection, .deadline, .readOnly, .noRoom, .statementGone: true
        case .badRow, .rights, .bug, .configuration, .damage: false
        }
    }

    /// Sorts a SQLSTATE by what is to be done about it.
    ///
    /// - Parameter sqlState: Five characters, or `nil` where libpq gave none: the connection was lost.
    package init(sqlState: String?) {
        guard let sqlState else {
            self = .connection
            return
        }
        switch sqlState {
        case "40001", "40P01", "55P03", "55006": self = .conflict
        case "57P01", "57P02", "57P03", "57P05", "25P03", "53300", "40003": self = .connection
        case "57014": self = .deadline
        case "25006": self = .readOnly
        case "53100", "53200", "53400", "58030": self = .noRoom
        case "26000", "42P05", "0A000": self = .statementGone
        case "54000", "54001": self = .badRow
        case "3D000", "3F000", "57P04": self = .rights
        default:
            switch sqlState.prefix(2) {
            case "08": self = .connection
            case "53": self = .noRoom
            case "22", "23": self = .badRow
            // A function or trigger of the database's own raised it: nothing of ours is wrong.
            case "42", "28", "P0": self = .rights
            case "XX": self = .damage
            default: self = .bug
            }
        }
    }
}
