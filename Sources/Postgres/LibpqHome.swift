import Glibc

/// The home directory in which libpq looks for its own files, such as `.postgresql/root.crt`.
enum LibpqHome {
    /// By libpq's rule: since version 15 `HOME` comes first, before that the user database alone counts.
    static func directory(version: LibpqVersion, variable: String?, userEntry: String?) -> String? {
        guard version.number >= 150_000, let variable, !variable.isEmpty else { return userEntry }
        return variable
    }

    /// The user database's entry of the user we act as; `nil` where there is none, as in some containers.
    static var userEntry: String? {
        getpwuid(geteuid()).flatMap { $0.pointee.pw_dir }.map { String(cString: $0) }
    }
}
