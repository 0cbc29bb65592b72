import Foundation

/// One installed version of the PostgreSQL server.
package struct ServerPrograms: Hashable, Sendable {
    /// The folder that holds `postgres`, `initdb` and `pg_ctl`.
    package let directory: String
    /// The major version, for example 15.
    package let majorVersion: Int

    /// The absolute path of one of the programs.
    func path(_ program: String) -> String { "\(directory)/\(program)" }

    /// Returns the newest installed version that can serve the data.
    ///
    /// `dataVersion` is the major version that wrote the data; `nil` for data yet to be made.
    static func find(dataVersion: Int?) throws(PostgresError) -> ServerPrograms {
        let installed = installed()
        guard let dataVersion else {
            guard
                let newest = installed.filter({ $0.majorVersion >= 14 }).max(by: { $0.majorVersion < $1.majorVersion })
            else {
                throw PostgresError(
                    .notInstalled,
                    "no PostgreSQL server 14 or newer is installed: install the package postgresql (apt-get install "
                        + "postgresql; dnf install postgresql-server), or name a server with warehouse.url"
                )
            }
            return newest
        }
        guard let match = installed.first(where: { $0.majorVersion == dataVersion }) else {
            let found = installed.map { "\($0.majorVersion)" }.joined(separator: ", ")
            throw PostgresError(
                .notInstalled,
                "the embedded warehouse was made by PostgreSQL \(dataVersion), which is not installed "
                    + "(found: \(found.isEmpty ? "none" : found)): install the package postgresql-\(dataVersion)"
            )
        }
        return match
    }

    /// Every version found in the usual places.
    static func installed() -> [ServerPrograms] {
        let search = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(
            separator: ":"
        )
        .map(String.init)
        var directories = search
        directories += search.lazy.map { "\($0)/pg_config" }.filter(isExecutable).prefix(1).compactMap { program in
            try? ServerProcess.run([program, "--bindir"], deadline: .seconds(10)).output.trimmingCharacters(
                in: .newlines
            )
        }
        directories += folders(in: "/usr/lib/postgresql").map { "\($0)/bin" }
        directories += folders(in: "/usr").filter { $0.hasPrefix("/usr/pgsql-") }.map { "\($0)/bin" }
        var seen: Set<String> = []
        return directories.compactMap { directory in
            let resolved = URL(fileURLWithPath: directory).resolvingSymlinksInPath().path
            guard seen.insert(resolved).inserted else { return nil }
            return programs(in: resolved)
        }
    }

    private static func programs(in directory: String) -> ServerPrograms? {
        guard ["postgres", "initdb", "pg_ctl"].allSatisfy({ isExecutable("\(directory)/\($0)") }),
            let answer = try? ServerProcess.run(["\(directory)/postgres", "--version"], deadline: .seconds(10)).output,
            let version = answer.split(separator: " ").compactMap({ Int($0.prefix { $0.isNumber }) }).first
        else { return nil }
        return ServerPrograms(directory: directory, majorVersion: version)
    }

    private static func folders(in directory: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).map { "\(directory)/\($0)" }
    }

    private static func isExecutable(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }
}
