import Foundation
import Glibc
package import Postgres
import Synchronization

/// A PostgreSQL server for the tests of this process, made on first use in a folder of its own.
///
/// A small shell waits for this process to end, however it ends, then stops the server and removes the folder;
/// a normal exit waits for that.
package actor TestServer {
    /// The one server of the process.
    package static let shared = TestServer()

    private var starting: Task<EmbeddedServer, any Error>?
    private var templates: [String: Task<Void, any Error>] = [:]

    /// The server, started by the first caller.
    package var server: EmbeddedServer {
        get async throws {
            if let starting { return try await starting.value }
            // Unstructured because the server belongs to the process, not to the test that asks first.
            let task = Task { try await Self.launch() }
            starting = task
            return try await task.value
        }
    }

    /// The address of one of the server's databases.
    package func url(database: String = "postgres") async throws -> String {
        try await server.url(database: database)
    }

    /// Makes a database once per process, for `withTestDatabase(template:)` to copy.
    ///
    /// `prepare` fills the new database; it must close its connections before it returns.
    package func makeTemplate(
        _ name: String,
        prepare: @escaping @Sendable (_ url: String) async throws -> Void
    ) async throws {
        if let making = templates[name] { return try await making.value }
        // Unstructured because later tests use the template of a test that was cancelled.
        let task = Task {
            try await Self.administer("CREATE DATABASE \(Self.quoted(name))")
            try await prepare(self.url(database: name))
        }
        templates[name] = task
        try await task.value
    }

    /// Runs one statement in the database `postgres`.
    package static func administer(_ sql: String) async throws {
        try await withAdministrator { connection in _ = try await connection.execute(sql) }
    }

    fileprivate static func copyDatabase(_ source: String, to name: String) async throws {
        try await withAdministrator { connection in
            // Three times as fast as the default, which PostgreSQL 14 does not know.
            let strategy = await connection.serverVersion >= 150_000 ? " STRATEGY file_copy" : ""
            _ = try await connection.execute("CREATE DATABASE \(name) TEMPLATE \(source)\(strategy)")
        }
    }

    private static func withAdministrator(_ body: (PostgresConnection) async throws -> Void) async throws {
        let settings = try await PostgresSettings(url: shared.url(), connectDeadline: .seconds(30))
        try await PostgresConnection.withConnection(settings) { connection in try await body(connection) }
    }

    fileprivate static func quoted(_ name: String) throws -> String {
        guard let identifier = SQLIdentifier(name) else { throw InvalidName(name: name) }
        return "\(identifier)"
    }

    private struct InvalidName: Error {
        let name: String
    }

    /// Where there is memory for it, files of the databases need no disk: making a database costs a third of it then.
    private static var place: String {
        let (memory, needed) = ("/dev/shm", UInt64(4) << 30)
        var facts = statvfs()
        guard access(memory, W_OK | X_OK) == 0, statvfs(memory, &facts) == 0,
            UInt64(facts.f_bavail) * UInt64(facts.f_frsize) >= needed
        else { return "/tmp" }
        return memory
    }

    private static func launch() async throws -> EmbeddedServer {
        let directory = "\(Self.place)/registrar-test-\(getpid())-\(UInt32.random(in: 0 ..< .max))"
        try FileManager.default.createDirectory(
            atPath: directory,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o711]
        )
        let guardian = try Guardian(directory: directory)
        let server = try await EmbeddedServer.start(dataDirectory: directory, isDurable: false)
        guardian.watch()
        return server
    }
}

/// Runs `body` with a database of its own, which is dropped afterwards.
///
/// `template` is a database made by `TestServer.makeTemplate`; without one the new database is empty.
package func withTestDatabase<Value>(
    template: String? = nil,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (_ url: String) async throws -> sending Value
) async throws -> sending Value {
    let name = "test_\(UInt64.random(in: 0 ..< .max))"
    let source = try TestServer.quoted(template ?? "template1")
    try await TestServer.copyDatabase(source, to: name)
    let value: Value
    do {
        value = try await body(TestServer.shared.url(database: name))
    } catch {
        await drop(name)
        throw error
    }
    await drop(name)
    return value
}

private func drop(_ name: String) async {
    // A task of its own is not cancelled with the test, and we always wait for it. The server is thrown away
    // with all its databases: one that cannot be dropped is no reason to fail a test.
    await Task { try? await TestServer.administer("DROP DATABASE \(name) WITH (FORCE)") }.value
}

/// The shell that outlives this process by a moment and clears up behind it.
private final class Guardian: Sendable {
    /// The process to wait for at exit, and the pipe whose end it waits for.
    private static let running = Mutex<(process: pid_t, pipe: Int32)?>(nil)

    private let process: pid_t
    private let pipeEnd: Int32

    struct CannotStart: Error {}

    init(directory: String) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw CannotStart() }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A process group of its own: an interrupt from the keyboard ends the tests, not the clearing up.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        // The postmaster's first line of its pid file is the process to stop; SIGQUIT is an immediate stop.
        let script = """
            read -r ignored
            pid=$(head -n 1 "$1/postgresql/data/postmaster.pid" 2>/dev/null)
            if [ -n "$pid" ]; then
                kill -QUIT "$pid" 2>/dev/null
                for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
                    kill -0 "$pid" 2>/dev/null || break
                    sleep 0.1
                done
            fi
            rm -rf "$1"
            """
        let words = ["sh", "-c", script, "sh", directory]
        let arguments = words.map { word in strdup(word) }
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
        defer { free(environment[0]) }
        let code = posix_spawn(&child, "/bin/sh", &actions, &attributes, arguments + [nil], environment)
        close(ends[0])
        guard code == 0 else {
            close(ends[1])
            throw CannotStart()
        }
        process = child
        pipeEnd = ends[1]
    }

    /// Makes a normal exit wait until all is cleared up.
    func watch() {
        Self.running.withLock { $0 = (process, pipeEnd) }
        atexit {
            Guardian.running.withLock { running in
                guard let (process, pipe) = running else { return }
                running = nil
                close(pipe)
                var status: Int32 = 0
                waitpid(process, &status, 0)
            }
        }
    }
}
