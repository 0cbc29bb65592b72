import Foundation

/// Reads libpq's message about a failed connect, of which nothing may be shown as it stands.
struct ConnectFailure: Hashable {
    /// Who wanted to go where, as libpq resolved it.
    struct Target: Hashable {
        var user: String
        var database: String
    }

    /// The server's code, where it answered with one.
    let sqlState: String?
    let kind: PostgresFailure
    /// Why there is no connection, in our own words; `nil` where the message says nothing we know.
    let cause: String?
    /// What to do about it.
    let remedy: String?

    init(message: String, target: Target) {
        guard let sqlState = Self.sqlState(in: message) else {
            let reason = Self.reasons.first { message.contains($0.phrase) }
            (sqlState, kind) = (nil, reason?.kind ?? .connection)
            (cause, remedy) = (reason?.words, reason?.remedy)
            return
        }
        let text = Self.refusal(sqlState, message, Names(target)) ?? FailureText(sqlState: sqlState)
        (self.sqlState, kind) = (sqlState, PostgresFailure(sqlState: sqlState))
        (cause, remedy) = (text.cause, text.remedy)
    }

    // MARK: The server's answers

    /// Names as a message may show them: one that holds a part of a mistyped password is not shown.
    private struct Names {
        let role: String
        let database: String
        let quotedRole: String
        let quotedDatabase: String

        init(_ target: Target) {
            func shown(_ name: String) -> String? {
                name.isEmpty || name.contains { ":/ ".contains($0) } ? nil : name
            }
            (role, database) = (shown(target.user) ?? "of warehouse.url", shown(target.database) ?? "of warehouse.url")
            quotedRole = shown(target.user).flatMap { SQLIdentifier($0) }.map { $0.shortest } ?? "ROLE"
            quotedDatabase = shown(target.database).flatMap { SQLIdentifier($0) }.map { $0.shortest } ?? "DATABASE"
        }
    }

    /// What a refused login means: told by the words of the server where its code stands for several causes.
    private static func refusal(_ sqlState: String, _ message: String, _ names: Names) -> FailureText? {
        switch sqlState {
        case "3D000":
            FailureText(
                "the database \(names.database) does not exist",
                "create it: CREATE DATABASE \(names.quotedDatabase) OWNER \(names.quotedRole) ENCODING 'UTF8' TEMPLATE template0"
            )
        case "28P01":
            FailureText(
                "the password for the role \(names.role) was refused, or the role does not exist",
                "check the password in warehouse.url, PGPASSWORD or the password file"
            )
        case "28000" where message.contains("does not exist"):
            FailureText("the role \(names.role) does not exist", "create it: CREATE ROLE \(names.quotedRole) LOGIN")
        case "28000" where message.contains("not permitted to log in"):
            FailureText("the role \(names.role) may not log in", "let it: ALTER ROLE \(names.quotedRole) LOGIN")
        case "28000" where message.contains("pg_hba.conf"):
            FailureText(
                "no line of the server's pg_hba.conf lets the role \(names.role) into the database \(names.database) from here",
                "add one, or connect the way an existing line allows"
            )
        case "28000" where message.contains("eer authentication") || message.contains("dent authentication"):
            FailureText(
                "the server lets the role \(names.role) in for one user of the system only, and that is another than this",
                "run as that user, or let pg_hba.conf ask for a password"
            )
        case "28000":
            FailureText(
                "the server refused the role \(names.role): it is unknown, may not log in, or pg_hba.conf has no line for it",
                "see the server's log, which says which"
            )
        case "42501":
            FailureText(
                "the role \(names.role) may not connect to the database \(names.database)",
                "as its owner: GRANT CONNECT ON DATABASE \(names.quotedDatabase) TO \(names.quotedRole)"
            )
        default: nil
        }
    }

    /// The last SQLSTATE in `message`: each server's answer begins with it, as in `FATAL:  28P01: password …`.
    static func sqlState(in message: String) -> String? {
        message.split(whereSeparator: \.isNewline).reversed().lazy.compactMap { line -> String? in
            guard let start = line.range(of: ":  ")?.upperBound else { return nil }
            let word = line[start...].prefix { $0 != ":" && $0 != " " }
            guard word.utf8.count == 5, word.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) })
            else { return nil }
            return String(word)
        }.first
    }

    // MARK: What libpq and the system say

    private struct Reason {
        let phrase: String
        let words: String
        let kind: PostgresFailure
        var remedy: String?
    }

    /// The phrases that say something new; the first match wins.
    private static let reasons = [
        Reason(
            phrase: "root certificate file",
            words: "there is no file of trusted certificates",
            kind: .configuration,
            remedy: "set sslrootcert in warehouse.url"
        ),
        Reason(
            phrase: "certificate verify failed",
            words: "the server's certificate is not trusted",
            kind: .configuration,
            remedy: "name its authority with sslrootcert in warehouse.url"
        ),
        Reason(
            phrase: "does not match host name",
            words: "the server's certificate is for another host",
            kind: .configuration,
            remedy: "write the host in warehouse.url as the certificate names it"
        ),
        Reason(
            phrase: "does not support SSL",
            words: "the server offers no TLS",
            kind: .configuration,
            remedy: "switch it on there (ssl = on)"
        ),
        Reason(phrase: "SSL error", words: "the TLS handshake failed", kind: .connection),
        Reason(
            phrase: "no password supplied",
            words: "the server asks for a password",
            kind: .rights,
            remedy: "give it in warehouse.url, PGPASSWORD or a password file"
        ),
        Reason(
            phrase: "requirepeer",
            words: "another user runs the server on this socket",
            kind: .configuration
        ),
        Reason(
            phrase: "read-only",
            words: "the server is read-only",
            kind: .readOnly,
            remedy: "name the primary server in warehouse.url"
        ),
        Reason(phrase: "translate host name", words: "the host name is not known", kind: .connection),
        Reason(phrase: "Connection refused", words: "connection refused", kind: .connection),
        Reason(phrase: "No such file or directory", words: "no server listens on the socket", kind: .connection),
        Reason(phrase: "Permission denied", words: "the socket may not be used by this user", kind: .rights),
        Reason(phrase: "No route to host", words: "no route to the host", kind: .connection),
        Reason(phrase: "unreachable", words: "the network is unreachable", kind: .connection),
        Reason(phrase: "imeout", words: "no answer in time", kind: .connection),
        Reason(phrase: "timed out", words: "no answer in time", kind: .connection),
        Reason(phrase: "server closed the connection", words: "the server closed the connection", kind: .connection),
        Reason(
            phrase: "invalid ",
            words: "a connection option has an invalid value",
            kind: .configuration,
            remedy: "check warehouse.url and the PG variables"
        ),
    ]
}
