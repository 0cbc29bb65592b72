/// Reads libpq's message about a failed connect, of which nothing may be shown as it stands.
enum ConnectFailure {
    private struct Reason {
        let phrase: String
        let words: String
        let kind: PostgresFailure
    }

    /// The phrases of libpq and the system that say something new; the first match wins.
    private static let reasons = [
        Reason(
            phrase: "root certificate file",
            words: "no file of trusted certificates; set sslrootcert in the URL",
            kind: .configuration
        ),
        Reason(
            phrase: "certificate verify failed",
            words: "the server's certificate is not trusted",
            kind: .configuration
        ),
        Reason(
            phrase: "does not match host name",
            words: "the server's certificate is for another host",
            kind: .configuration
        ),
        Reason(phrase: "does not support SSL", words: "the server offers no TLS", kind: .configuration),
        Reason(phrase: "SSL error", words: "the TLS handshake failed", kind: .connection),
        Reason(phrase: "no password supplied", words: "the server asks for a password", kind: .rights),
        Reason(phrase: "requirepeer", words: "another user runs the server on this socket", kind: .configuration),
        Reason(phrase: "read-only", words: "the server is read-only", kind: .readOnly),
        Reason(phrase: "translate host name", words: "the host name is not known", kind: .connection),
        Reason(phrase: "Connection refused", words: "connection refused", kind: .connection),
        Reason(phrase: "No such file or directory", words: "no server listens on the socket", kind: .connection),
        Reason(phrase: "Permission denied", words: "the socket may not be used by this user", kind: .rights),
        Reason(phrase: "No route to host", words: "no route to the host", kind: .connection),
        Reason(phrase: "unreachable", words: "the network is unreachable", kind: .connection),
        Reason(phrase: "imeout", words: "no answer in time", kind: .connection),
        Reason(phrase: "timed out", words: "no answer in time", kind: .connection),
        Reason(phrase: "server closed the connection", words: "the server closed the connection", kind: .connection),
        Reason(phrase: "invalid ", words: "a connection option has an invalid value", kind: .configuration),
    ]

    /// The last SQLSTATE in `message`, which ends each server's answer: `FATAL:  28P01`.
    static func sqlState(in message: String) -> String? {
        message.split(whereSeparator: \.isNewline).reversed().lazy.compactMap { line -> String? in
            guard line.contains(":  "), let word = line.split(separator: " ").last, word.utf8.count == 5,
                word.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) })
            else { return nil }
            return String(word)
        }.first
    }

    static func reason(in message: String) -> String? { reasons.first { message.contains($0.phrase) }?.words }

    static func kind(reason: String?) -> PostgresFailure {
        reasons.first { $0.words == reason }?.kind ?? .connection
    }
}
