/// What an answer of the server is told as: a cause only where its SQLSTATE leaves no doubt about it.
///
/// The SQLSTATE and its standard name stand beside it in every message, so that a general sentence hides nothing.
struct FailureText: Hashable {
    /// What happened, in our own words.
    let cause: String
    /// What to do about it; `nil` where that depends on what is not known here.
    let remedy: String?

    /// - Parameter sqlState: Five characters, or `nil` where libpq gave none: the connection was lost.
    init(sqlState: String?) {
        guard let sqlState else {
            self.init("the connection to PostgreSQL is gone", "check that the server is up and reachable")
            return
        }
        self = Self.known[sqlState] ?? Self.general(sqlState)
    }

    init(_ cause: String, _ remedy: String? = nil) { (self.cause, self.remedy) = (cause, remedy) }

    private static func general(_ sqlState: String) -> FailureText {
        switch sqlState.prefix(2) {
        case "08": FailureText("the connection to PostgreSQL failed", "check that the server is up and reachable")
        case "22", "23": FailureText("PostgreSQL refused a value")
        case "28": FailureText("the server refused the login")
        case "53": FailureText("the database server lacks a resource", "see the server's log")
        case "54": FailureText("a limit of PostgreSQL was exceeded")
        case "XX": FailureText("PostgreSQL met an internal error", "see the server's log")
        default: FailureText("PostgreSQL refused a statement")
        }
    }

    private static let known: [String: FailureText] = [
        "22023": FailureText("PostgreSQL refused a statement"),
        "25006": FailureText(
            "the server, or a setting of this role, allows no writing",
            "name the primary server in warehouse.url, or look at default_transaction_read_only"
        ),
        "25P03": FailureText("the server ended the session, which was idle in a transaction for too long"),
        "28P01": FailureText("the password was refused", "check the password of the role"),
        "3D000": FailureText("the database does not exist"),
        "3F000": FailureText("a schema does not exist"),
        "40001": FailureText("another transaction was in the way", "run again"),
        "40P01": FailureText("another transaction was in the way", "run again"),
        "42501": FailureText("the role lacks a right"),
        "42703": FailureText("a column does not exist"),
        "42883": FailureText("a function does not exist"),
        "42P01": FailureText("a table or view does not exist"),
        "53100": FailureText("the database server's disk is full", "make room there and run again"),
        "53200": FailureText("the database server is out of memory", "give it more, or less to do, and run again"),
        "53300": FailureText(
            "the database server has no connection left",
            "raise max_connections, or end sessions that nobody needs"
        ),
        "55P03": FailureText("a lock was not free in time", "see in pg_locks who holds it, and run again"),
        "57014": FailureText(
            "the statement was stopped: it took too long, or an administrator cancelled it",
            "check the load of the database server"
        ),
        "57P01": FailureText("the server was shut down, or an administrator ended the session", "run again"),
        "57P02": FailureText("the server ended the session after a crash of one of its processes", "see its log"),
        "57P03": FailureText("the server takes no connections: it starts, stops or recovers", "run again"),
        "57P04": FailureText("the database was dropped"),
        "57P05": FailureText("the server ended the session, which was idle for too long"),
        "58030": FailureText("the database server met an I/O error", "check its disk and its log"),
        "P0001": FailureText("a function or trigger of the database refused the statement"),
        "XX001": FailureText("PostgreSQL reports damaged data", "stop writing, and check the server and its disk"),
        "XX002": FailureText("PostgreSQL reports a damaged index", "stop writing, and check the server and its disk"),
    ]
}
