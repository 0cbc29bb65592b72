import Foundation
import Glibc

/// The machine of somebody who follows the README: an ordinary user with a home of his own.
///
/// Building and installing are stand-ins that bring the executable that is built already; everything else is real.
struct ReadmeMachine {
    /// The folder of the machine; the user owns it.
    let directory: String

    /// Where `sudo install … /usr/local/bin/` puts the executable.
    var programs: String { "\(directory)/bin" }
    /// What stands for `/etc/registrar`.
    var settings: String { "\(directory)/etc" }
    /// What stands for `/var/lib/registrar`.
    var state: String { "\(directory)/var" }

    /// Root needs somebody else to be; PostgreSQL refuses root anyway.
    private static let isRoot = geteuid() == 0

    /// Lends a machine; its PostgreSQL is stopped and its folder removed afterwards.
    static func lend(_ body: (ReadmeMachine) async throws -> Void) async throws {
        // A short path: with a longer one the server's socket would lie elsewhere than the README says.
        let machine = ReadmeMachine(directory: "/tmp/readme-\(UInt32.random(in: 0 ..< .max))")
        defer { try? FileManager.default.removeItem(atPath: machine.directory) }
        do {
            try machine.prepare()
            try await body(machine)
        } catch {
            await machine.stopServer()
            throw error
        }
        await machine.stopServer()
    }

    /// Runs lines of a shell as the user, in his home, and stops at the first that fails.
    func run(_ script: String, named shell: String = "bash") async throws -> RegistrarProcess.Ending {
        let strict = shell == "bash" ? "set -euo pipefail\n" : ""
        let words = ["/bin/\(shell)", "-c", "cd \"$HOME\"\n\(strict)\(script)"]
        let command =
            Self.isRoot
            ? ["/usr/bin/setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] + words : words
        return try await RegistrarProcess(
            Array(command.dropFirst()),
            executable: command[0],
            in: directory,
            environment: ["PATH": "\(programs):/usr/local/bin:/usr/bin:/bin", "HOME": "\(directory)/home"]
        ).wait()
    }

    /// The user's text with this machine's places in it.
    func placed(_ text: String) -> String {
        text.replacing("/etc/registrar", with: settings).replacing("/var/lib/registrar", with: state)
            .replacing("/usr/local/bin/", with: "\(programs)/")
    }

    private func prepare() throws {
        let files = FileManager.default
        for folder in ["bin", "built", "home", "etc", "var"] {
            try files.createDirectory(atPath: "\(directory)/\(folder)", withIntermediateDirectories: true)
        }
        try files.copyItem(atPath: RegistrarProcess.executable, toPath: "\(directory)/built/registrar")
        try write("sudo", "case \"$1\" in apt-get) exit 0;; esac; exec \"$@\"")
        // The owner of a file is not for this user to choose, and stripping the tests' own executable takes long.
        try write(
            "install",
            """
            words=()
            while [ $# -gt 0 ]; do
              case "$1" in --strip) ;; -o) shift;; *) words+=("$1");; esac
              shift
            done
            exec /usr/bin/install "${words[@]}"
            """
        )
        try write("swift", "case \"$*\" in *--show-bin-path*) echo \"\(directory)/built\";; esac")
        if Self.isRoot {
            guard let nobody = getpwnam("nobody")?.pointee else { throw NoOrdinaryUser() }
            for case let path as String in files.enumerator(atPath: directory) ?? .init() {
                chown("\(directory)/\(path)", nobody.pw_uid, nobody.pw_gid)
            }
            chown(directory, nobody.pw_uid, nobody.pw_gid)
        }
    }

    struct NoOrdinaryUser: Error {}

    private func write(_ name: String, _ script: String) throws {
        let path = "\(programs)/\(name)"
        try "#!/bin/bash\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// Registrar leaves the embedded server running, as the README says.
    private func stopServer() async {
        let file = "\(directory)/home/.local/share/registrar/postgresql/data/postmaster.pid"
        guard let text = try? String(contentsOfFile: file, encoding: .utf8),
            let pid = text.split(separator: "\n").first.flatMap({ Int32($0) })
        else { return }
        kill(pid, SIGQUIT)
        let deadline = ContinuousClock.now + .seconds(20)
        while kill(pid, 0) == 0, ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
        }
    }
}
