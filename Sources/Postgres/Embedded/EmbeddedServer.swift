import Foundation
import Glibc

/// A PostgreSQL server of our own, reachable through a private unix socket only.
///
/// It outlives the process that started it. Any number of processes may start and stop it at the same time: a
/// lock file makes them take turns.
package struct EmbeddedServer: Sendable {
    /// What is known of the server of a data directory.
    package enum Status: Hashable, Sendable {
        /// No data has been made yet.
        case absent
        /// There is data, but no server.
        case stopped
        /// The server runs; `url` leads to the warehouse.
        case running(url: String)
    }

    /// The folder that holds everything of this server.
    package let dataDirectory: String
    /// The address of the database `warehouse`.
    package var url: String { url(database: ServerLayout.databaseName) }

    private let layout: ServerLayout
    private let programs: ServerPrograms

    private static let lockDeadline: Duration = .seconds(180)
    private static let startDeadline: Duration = .seconds(120)
    private static let stopDeadline: Duration = .seconds(60)

    /// Starts the server, or finds it running; makes data and database the first time.
    ///
    /// `dataDirectory` is the folder of registrar's data: by default `$REGISTRAR_DATA_DIR` or the user's place for
    /// such data, and `/var/lib/registrar` for root. Not to be durable trades safety for speed, for data that a
    /// test throws away.
    package static func start(dataDirectory: String? = nil, isDurable: Bool = true) async throws -> EmbeddedServer {
        let root = dataDirectory ?? ServerLayout.defaultRoot()
        let (server, lock) = try await onOwnThread {
            let layout = try ServerLayout(root: root)
            try layout.createBase()
            let lock = try FileLock(path: layout.lockFile, deadline: lockDeadline)
            let programs = try ServerPrograms.find(dataVersion: layout.dataVersion())
            let server = EmbeddedServer(dataDirectory: root, layout: layout, programs: programs)
            try server.launch(isDurable: isDurable)
            return (server, lock)
        }
        defer { withExtendedLifetime(lock) {} }  // until the database exists
        try await server.createDatabase()
        return server
    }

    /// Says whether the server of a data directory runs.
    package static func status(dataDirectory: String? = nil) async throws -> Status {
        let root = dataDirectory ?? ServerLayout.defaultRoot()
        return try await onOwnThread {
            guard let server = try existing(root) else { return .absent }
            return try server.isRunning() ? .running(url: server.url) : .stopped
        }
    }

    /// Stops the server of a data directory; harmless when it does not run.
    package static func stop(dataDirectory: String? = nil) async throws {
        let root = dataDirectory ?? ServerLayout.defaultRoot()
        try await onOwnThread {
            guard let server = try existing(root) else { return }
            let lock = try FileLock(path: server.layout.lockFile, deadline: lockDeadline)
            defer { withExtendedLifetime(lock) {} }
            guard try server.isRunning() else { return }
            try server.control(
                ["stop", "-m", "fast", "-w", "-t", "\(stopDeadline.components.seconds)"],
                deadline: stopDeadline
            )
        }
    }

    /// Stops this server: open transactions are rolled back, everything committed is on disk.
    package func stop() async throws { try await Self.stop(dataDirectory: dataDirectory) }

    /// The address of one of the server's databases.
    package func url(database: String) -> String { layout.url(database: database) }

    private static func existing(_ root: String) throws -> EmbeddedServer? {
        let layout = try ServerLayout(root: root)
        guard let version = layout.dataVersion() else { return nil }
        let programs = try ServerPrograms.find(dataVersion: version)
        return EmbeddedServer(dataDirectory: root, layout: layout, programs: programs)
    }

    private var controlArguments: [String] { [programs.path("pg_ctl"), "-s", "-D", layout.dataDirectory] }

    private func isRunning() throws -> Bool {
        let command = try layout.user.command([programs.path("pg_ctl"), "-D", layout.dataDirectory, "status"])
        let outcome = try ServerProcess.run(command, deadline: .seconds(20))
        switch outcome.exitCode {
        case 0: return true
        case 3: return false
        default:
            throw PostgresError(
                .embeddedServer,
                "the data directory \(layout.dataDirectory) cannot be used by the user \(layout.user.name)"
            )
        }
    }

    private func launch(isDurable: Bool) throws {
        try layout.createServerDirectories()
        if layout.dataVersion() == nil { try initialize(isDurable: isDurable) }
        guard try !isRunning() else { return }
        try write(ServerConfiguration(layout: layout, isDurable: isDurable).text, to: layout.configurationFile)
        try control(
            [
                "start", "-w", "-t", "\(Self.startDeadline.components.seconds)", "-l", layout.logFile,
                "-o", "-c config_file=\(Self.shellQuoted(layout.configurationFile))",
            ],
            deadline: Self.startDeadline
        )
    }

    private func initialize(isDurable: Bool) throws {
        // Collation C compares bytes, as our keys do, and no update of the C library can change it.
        var arguments = [
            programs.path("initdb"), "-D", layout.dataDirectory, "-U", ServerLayout.superuser, "-E", "UTF8",
            "--locale=C", "--auth-local=trust", "--auth-host=reject",
        ]
        arguments += isDurable ? ["--data-checksums"] : ["--no-sync"]
        let withCharacterTypes = arguments + ["--lc-ctype=C.UTF-8"]
        for candidate in [withCharacterTypes, arguments] {
            let outcome = try ServerProcess.run(try layout.user.command(candidate), deadline: .seconds(180))
            if outcome.exitCode == 0 { return }
        }
        throw PostgresError(
            .embeddedServer,
            "initdb could not make a database in \(layout.dataDirectory); check that the user \(layout.user.name) "
                + "may enter the folders above it and that the disk has room"
        )
    }

    private func control(_ arguments: [String], deadline: Duration) throws {
        let command = try layout.user.command(controlArguments + arguments)
        let outcome = try ServerProcess.run(command, deadline: deadline + .seconds(10))
        guard outcome.exitCode == 0 else {
            throw PostgresError(
                .embeddedServer,
                "the embedded server did not \(arguments.first ?? "answer"); see \(layout.logFile)"
            )
        }
    }

    private func createDatabase() async throws {
        var settings = try PostgresSettings(url: url(database: "postgres"), applicationName: "registrar/start")
        settings.connectDeadline = .seconds(30)
        try await PostgresConnection.withConnection(settings) { connection in
            let name = ServerLayout.databaseName
            let found = try await connection.query("SELECT FROM pg_database WHERE datname = $1", [.text(name)])
            guard found.isEmpty, let identifier = SQLIdentifier(name) else { return }
            try await connection.execute("CREATE DATABASE \(identifier)")
        }
    }

    private func write(_ text: String, to path: String) throws {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
            guard chmod(path, 0o644) == 0 else { throw CocoaError(.fileWriteNoPermission) }
        } catch {
            throw PostgresError(
                .embeddedServer,
                "cannot write \(path): \(String(cString: strerror(errno)))",
                remedy: "check the folder's owner and that the disk has room"
            )
        }
    }

    private static func shellQuoted(_ text: String) -> String { "'" + text + "'" }
}
