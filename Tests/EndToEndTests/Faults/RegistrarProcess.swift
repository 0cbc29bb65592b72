import Foundation
import Glibc
import Synchronization

/// The real `registrar` executable as a process of its own, its output in files.
final class RegistrarProcess: Sendable {
    /// How a process ended, and what it said.
    struct Ending: Sendable {
        /// The exit code, or 128 and the signal that ended it.
        var code: Int32
        var output: String
        var errors: String

        /// What was said on standard error, line by line.
        var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
    }

    struct CannotStart: Error {}
    struct TimedOut: Error {
        var errors: String
    }

    let pid: pid_t
    private let outputPath: String
    private let errorsPath: String
    private let isOutputKept: Bool
    private let ended = Mutex<Int32?>(nil)

    /// The executable lies beside the test bundle.
    static let executable: String = {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        // The bundle is a file on Linux and a folder elsewhere.
        while folder.path.contains(".xctest") { folder.deleteLastPathComponent() }
        return folder.appendingPathComponent("registrar").path
    }()

    /// Starts the executable with its output in `directory` and an environment that holds nothing but `environment`.
    ///
    /// - Parameter output: Where standard output goes instead, and is not read.
    init(
        _ arguments: [String],
        executable: String = RegistrarProcess.executable,
        in directory: String,
        environment: [String: String] = [:],
        output: String? = nil
    ) throws {
        let name = "\(directory)/run-\(UInt32.random(in: 0 ..< .max))"
        isOutputKept = output == nil
        (outputPath, errorsPath) = (output ?? name + ".out", name + ".err")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errorsPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let variables = ["PATH": "/usr/bin:/bin", "HOME": directory].merging(environment) { $1 }
        let words = ([executable] + arguments).map { strdup($0) }
        let values = variables.map { strdup("\($0.key)=\($0.value)") }
        defer { for word in words + values { free(word) } }
        var child: pid_t = 0
        guard posix_spawn(&child, executable, &actions, nil, words + [nil], values + [nil]) == 0 else {
            throw CannotStart()
        }
        pid = child
    }

    deinit {
        if end() == nil {
            kill(pid, SIGKILL)
            var status: Int32 = 0
            waitpid(pid, &status, 0)
        }
    }

    /// Whether it has ended, and how.
    func end() -> Int32? {
        ended.withLock { ended in
            if let ended { return ended }
            var status: Int32 = 0
            guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
            let signal = status & 0x7f
            ended = signal == 0 ? status >> 8 & 0xff : 128 + signal
            return ended
        }
    }

    func signal(_ number: Int32) {
        if end() == nil { kill(pid, number) }
    }

    /// Waits for the end, at most so long.
    func wait(_ limit: Duration = .seconds(120)) async throws -> Ending {
        let deadline = ContinuousClock.now + limit
        while true {
            if let code = end() {
                return Ending(
                    code: code,
                    output: isOutputKept ? Self.read(outputPath) : "",
                    errors: Self.read(errorsPath)
                )
            }
            guard ContinuousClock.now < deadline else {
                signal(SIGKILL)
                throw TimedOut(errors: Self.read(errorsPath))
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits until `condition` holds, at most so long; false where the process ended first.
    func waits(
        until condition: () async throws -> Bool,
        _ limit: Duration = .seconds(60)
    ) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            if try await condition() { return true }
            if end() != nil { return try await condition() }
            try await Task.sleep(for: .milliseconds(1))
        }
        throw TimedOut(errors: Self.read(errorsPath))
    }

    /// What the system shows of the process to everybody: its title.
    var title: String {
        Self.read("/proc/\(pid)/cmdline")
    }

    private static func read(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
