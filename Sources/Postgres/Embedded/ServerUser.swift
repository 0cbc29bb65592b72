import Foundation
import Glibc

/// The user the embedded server runs as: ourselves, or `postgres` when we are root.
struct ServerUser {
    let name: String
    let userID: uid_t
    let groupID: gid_t
    /// Whether that is another user than ours.
    let isForeign: Bool

    /// PostgreSQL refuses to run as root.
    static func current() throws(PostgresError) -> ServerUser {
        guard geteuid() == 0 else {
            guard let entry = getpwuid(geteuid()) else {
                throw PostgresError(.embeddedServer, "the user \(geteuid()) has no entry in the user database")
            }
            return ServerUser(entry.pointee, isForeign: false)
        }
        guard let entry = getpwnam("postgres") else {
            throw PostgresError(
                .notInstalled,
                "PostgreSQL does not run as root and there is no user postgres: install the package postgresql"
            )
        }
        return ServerUser(entry.pointee, isForeign: true)
    }

    private init(_ entry: passwd, isForeign: Bool) {
        name = String(cString: entry.pw_name)
        userID = entry.pw_uid
        groupID = entry.pw_gid
        self.isForeign = isForeign
    }

    /// The command line that runs `arguments` as this user.
    func command(_ arguments: [String]) throws(PostgresError) -> [String] {
        guard isForeign else { return arguments }
        if let setpriv = Self.tool("setpriv") {
            return [setpriv, "--reuid=\(userID)", "--regid=\(groupID)", "--clear-groups", "--"] + arguments
        }
        if let runuser = Self.tool("runuser") { return [runuser, "-u", name, "--"] + arguments }
        throw PostgresError(.notInstalled, "neither setpriv nor runuser is installed: install the package util-linux")
    }

    private static func tool(_ name: String) -> String? {
        ["/usr/bin", "/usr/sbin", "/bin", "/sbin"].map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
