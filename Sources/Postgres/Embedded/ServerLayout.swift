import Foundation
import Glibc

/// Where the embedded server lives and as whom it runs.
///
/// ```
/// <root>/postgresql/            ours: lock, registrar.conf
/// <root>/postgresql/data        the server user's, 0700
/// <root>/postgresql/log         the server user's, 0700
/// <root>/postgresql/run         the server user's, 0700: the socket; elsewhere when this path is too long
/// ```
/// Only the server's user and root can reach the socket, so the server trusts who comes through it. Started by
/// root, the server runs as `postgres`; root writes no file inside a folder of that user.
package struct ServerLayout {
    let base: String
    let runDirectory: String
    let user: ServerUser

    var dataDirectory: String { "\(base)/data" }
    var logDirectory: String { "\(base)/log" }
    var logFile: String { "\(logDirectory)/server.log" }
    var configurationFile: String { "\(base)/registrar.conf" }
    var lockFile: String { "\(base)/lock" }

    /// The port only names the socket's file: the server listens on no network.
    static let port = 5432
    static let superuser = "registrar"
    static let databaseName = "warehouse"

    init(root: String) throws(PostgresError) {
        let root = URL(fileURLWithPath: root).standardizedFileURL.path
        guard !root.contains("'"), !root.utf8.contains(0), !root.contains(where: \.isNewline) else {
            throw PostgresError(.embeddedServer, "the data directory's path contains a quote or a control character")
        }
        base = "\(root)/postgresql"
        user = try ServerUser.current()
        let nearby = "\(base)/run"
        runDirectory = nearby.utf8.count <= 80 ? nearby : Self.shortRunDirectory(for: base)
    }

    /// The user's data directory: `$REGISTRAR_DATA_DIR`, else the place the system has for such data.
    package static func defaultRoot(environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        if let directory = environment["REGISTRAR_DATA_DIR"], !directory.isEmpty { return directory }
        if geteuid() == 0 { return "/var/lib/registrar" }
        if let directory = environment["XDG_DATA_HOME"], directory.hasPrefix("/") { return "\(directory)/registrar" }
        return "\(home(environment))/.local/share/registrar"
    }

    /// `$HOME` as every shell takes it; the password database only where there is none.
    private static func home(_ environment: [String: String]) -> String {
        if let home = environment["HOME"], home.hasPrefix("/") { return home }
        return FileManager.default.homeDirectoryForCurrentUser.path
    }

    /// The address of a database of this server.
    ///
    /// `requirepeer` makes libpq refuse a socket that another user has put there.
    func url(database: String) -> String {
        "postgresql://\(Self.superuser)@/\(Self.escaped(database))?host=\(Self.escaped(runDirectory))&port=\(Self.port)"
            + "&requirepeer=\(Self.escaped(user.name))"
    }

    /// The version of the server that wrote the data, or `nil` where there is none yet.
    func dataVersion() -> Int? {
        guard let text = try? String(contentsOfFile: "\(dataDirectory)/PG_VERSION", encoding: .utf8) else { return nil }
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// Makes our own folder.
    func createBase() throws(PostgresError) {
        if let failure = Self.makeFolders(base) {
            throw PostgresError(
                .embeddedServer,
                "cannot create \(failure.path): \(String(cString: strerror(failure.code)))",
                remedy: Self.placeAdvice
            )
        }
        // The server's user must pass through; what is worth hiding lies in folders of its own.
        chmod(base, user.isForeign ? 0o711 : 0o700)
    }

    private static let placeAdvice =
        "set REGISTRAR_DATA_DIR to a folder that this user may write, or name a server with warehouse.url"

    /// Makes a folder and those above it; returns the first that could not be made, and the system's code.
    private static func makeFolders(_ path: String) -> (path: String, code: Int32)? {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/" + part
            guard mkdir(made, 0o755) != 0, errno != EEXIST else { continue }
            let code = errno
            var information = stat()
            // A folder that exists answers so even where nothing may be made, as on a read-only disk.
            if stat(made, &information) == 0, information.st_mode & S_IFMT == S_IFDIR { continue }
            return (made, code)
        }
        var information = stat()
        guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else { return (path, ENOTDIR) }
        return access(path, W_OK | X_OK) == 0 ? nil : (path, errno)
    }

    /// Makes the server's folders, whose owner alone may enter.
    func createServerDirectories() throws(PostgresError) {
        for directory in [dataDirectory, logDirectory, runDirectory] { try createPrivate(directory) }
    }

    private func createPrivate(_ directory: String) throws(PostgresError) {
        if mkdir(directory, 0o700) == 0 {
            if user.isForeign { lchown(directory, user.userID, user.groupID) }
        } else if errno != EEXIST {
            throw PostgresError(
                .embeddedServer,
                "cannot create \(directory): \(String(cString: strerror(errno)))",
                remedy: Self.placeAdvice
            )
        }
        // In a shared folder somebody else may have been first.
        var information = stat()
        guard lstat(directory, &information) == 0, information.st_mode & S_IFMT == S_IFDIR,
            information.st_uid == user.userID, information.st_mode & 0o077 == 0
        else {
            throw PostgresError(
                .embeddedServer,
                "\(directory) must be a directory of the user \(user.name) that nobody else may enter"
            )
        }
    }

    /// A socket's path ends at 107 bytes; the name is derived, so that every process finds the same one.
    private static func shortRunDirectory(for base: String) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in base.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        let name = "registrar-\(geteuid())-\(String(hash, radix: 16))"
        // Not $XDG_RUNTIME_DIR: it ends with the login session, the server does not.
        return "/tmp/\(name)"
    }

    private static func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-._")))
            ?? text
    }
}
