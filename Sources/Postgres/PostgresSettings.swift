import CLibpq
import Foundation

/// Where the warehouse is and how long to wait for it.
///
/// The connection string is taken apart when the value is made and never shown again: it may hold a password.
package struct PostgresSettings: Sendable {
    /// Named `registrar/<command>/<source>` on the server.
    package var applicationName: String
    /// The server gives up on a statement after this; the client waits 5 s longer.
    package var statementTimeout: Duration
    /// The server gives up waiting for a lock after this.
    package var lockTimeout: Duration
    /// Making a connection may take this long in all, whatever the number of addresses.
    package var connectDeadline: Duration
    /// The schemas unqualified names are looked up in.
    package var searchPath: String

    /// libpq's options as the connection string gave them.
    let options: [String: String]
    /// The `PG*` variables at the time the value was made.
    let environment: [String: String]
    /// `HOME` at that time: libpq looks there for its own files.
    let homeVariable: String?

    /// Takes a connection string apart.
    ///
    /// The string is a URI or libpq conninfo; `nil` leaves everything to libpq's own variables and files. One that
    /// does not parse is `PostgresError.Code.invalidSettings`, which does not quote it.
    package init(
        url: String?,
        applicationName: String = "registrar",
        statementTimeout: Duration = .seconds(120),
        lockTimeout: Duration = .seconds(30),
        connectDeadline: Duration = .seconds(10),
        searchPath: String = "lms, sync, pg_temp",
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(PostgresError) {
        self.applicationName = applicationName
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
        self.connectDeadline = connectDeadline
        self.searchPath = searchPath
        self.environment = environment.filter { $0.key.hasPrefix("PG") }
        homeVariable = environment["HOME"]
        options = try url.map { (url) throws(PostgresError) in try Self.parse(url) } ?? [:]
    }

    /// How long the client waits for one statement when the call does not say.
    package var statementDeadline: Duration { statementTimeout + .seconds(5) }

    private static let percentAdvice = "in a URI, characters such as @ : / % of a password must be percent-encoded"

    private static func parse(_ url: String) throws(PostgresError) -> [String: String] {
        guard !url.utf8.contains(0) else {
            throw PostgresError(.invalidSettings, "warehouse.url contains a NUL character")
        }
        var message: UnsafeMutablePointer<CChar>?
        let parsed = PQconninfoParse(url, &message)
        // libpq's message quotes the whole string, password and all: freed unread.
        if let message { PQfreemem(message) }
        guard let parsed else {
            if let slip = LibpqOption.mistyped(in: url) {
                throw PostgresError(
                    .invalidSettings,
                    "warehouse.url has an option \(slip.key), which libpq does not know",
                    remedy: "did you mean \(slip.meant)?"
                )
            }
            throw PostgresError(
                .invalidSettings,
                "warehouse.url is neither a PostgreSQL URI nor a conninfo string, or has an option that libpq does not know",
                remedy: percentAdvice
            )
        }
        defer { PQconninfoFree(parsed) }
        var options: [String: String] = [:]
        var option = parsed
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { options[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        guard isPlausible(options) else {
            throw PostgresError(
                .invalidSettings,
                "warehouse.url has a port that is no number, or @ or / in a host or database name",
                remedy: percentAdvice
            )
        }
        return options
    }

    /// A password with a bare `@` or `/` makes libpq take parts of it for the host, the port or the database,
    /// which messages show.
    private static func isPlausible(_ options: [String: String]) -> Bool {
        let ports = (options["port"] ?? "").split(separator: ",")
        let hosts = (options["host"] ?? "").split(separator: ",")
        return ports.allSatisfy { UInt16($0) != nil }
            && hosts.allSatisfy { $0.hasPrefix("/") || !$0.dropFirst().contains { $0 == "@" || $0 == "/" } }
            && !(options["dbname"] ?? "").contains { $0 == "@" || $0 == "/" }
    }
}

extension PostgresSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The server's address without user or password.
    package var description: String { endpoint }

    /// The server's address without user or password.
    package var debugDescription: String { "PostgresSettings(\(endpoint))" }

    /// Shows the address alone.
    package var customMirror: Mirror { Mirror(self, children: ["endpoint": endpoint]) }
}
