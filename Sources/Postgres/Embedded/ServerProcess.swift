import CLibpq
import Glibc

/// Runs one program to its end with a clean environment; blocks the calling thread.
struct ServerProcess {
    /// What a program left behind.
    struct Outcome {
        let exitCode: Int32
        let output: String
    }

    /// Runs a program by its absolute path; nothing of ours leaks into it but standard streams.
    ///
    /// No variable of the caller is passed on (`PG*` would redirect the tools), signals have their default
    /// action, and the working directory is `/`, which every user may enter.
    static func run(_ arguments: [String], deadline: Duration) throws(PostgresError) -> Outcome {
        let program = arguments.first ?? ""
        let output = registrar_memory_file()
        guard output >= 0 else { throw failure("cannot create a file in memory", errno) }
        defer { close(output) }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        posix_spawn_file_actions_addclosefrom_np(&actions, 3)
        posix_spawn_file_actions_addchdir_np(&actions, "/")

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigdefault(&attributes, &all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        let environment = [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "TZ=UTC",
        ]
        var process: pid_t = 0
        let code = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                posix_spawn(&process, program, &actions, &attributes, arguments, environment)
            }
        }
        guard code == 0 else { throw failure("cannot run \(program)", code) }
        let exitCode = try wait(for: process, program: program, deadline: deadline)
        return Outcome(exitCode: exitCode, output: text(of: output))
    }

    private static func wait(
        for process: pid_t,
        program: String,
        deadline: Duration
    ) throws(PostgresError) -> Int32 {
        let descriptor = registrar_pidfd_open(process)
        var isOverdue = false
        if descriptor >= 0 {
            defer { close(descriptor) }
            do {
                _ = try Postgres.wait(for: .readable, on: descriptor, until: .now.advanced(by: deadline), signal: nil)
            } catch {
                isOverdue = true
                kill(process, SIGKILL)
            }
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw failure("lost track of \(program)", errno) }
        }
        guard !isOverdue else { throw PostgresError(.embeddedServer, "\(program) did not end in time") }
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }

    private static func text(of file: Int32) -> String {
        lseek(file, 0, SEEK_SET)
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    private static func withCStrings<Value>(
        _ strings: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        let copies = strings.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return body(copies + [nil])
    }

    private static func failure(_ what: String, _ code: Int32) -> PostgresError {
        PostgresError(.embeddedServer, "\(what): \(String(cString: strerror(code)))")
    }
}
