import Foundation
import Platforms
import Postgres
package import Settings

/// Where the demo lives: a folder of its own with a PostgreSQL of its own, so that it never meets anybody's real data.
package struct DemoPlace: Sendable {
    /// The folder.
    package let directory: String
    /// The demo's configuration, with which every command of Registrar works on the demo's data.
    package var configurationFile: String { "\(directory)/registrar.yaml" }

    /// The folder `demo` in the place of Registrar's data.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        directory = ServerLayout.defaultRoot(environment: environment) + "/demo"
    }

    /// Starts the demo's PostgreSQL with an empty warehouse; what an earlier demo left is dropped.
    ///
    /// - Returns: The warehouse's address.
    package func startAfresh() async throws -> String {
        let server = try await EmbeddedServer.start(dataDirectory: directory)
        let settings = try PostgresSettings(url: server.url(database: "postgres"), applicationName: "registrar/demo")
        try await PostgresConnection.withConnection(settings) { connection in
            for statement in ["DROP DATABASE IF EXISTS warehouse WITH (FORCE)", "CREATE DATABASE warehouse"] {
                _ = try await connection.execute(statement)
            }
        }
        return server.url
    }

    /// Stops the demo's PostgreSQL.
    ///
    /// - Returns: Whether it ran.
    package func stop() async throws -> Bool {
        guard case .running = try await EmbeddedServer.status(dataDirectory: directory) else { return false }
        try await EmbeddedServer.stop(dataDirectory: directory)
        return true
    }

    /// Writes the demo's configuration anew: a source for each school.
    package func writeConfiguration(warehouseURL: String, schools: [SimulatedSchool]) throws {
        var lines = [
            Self.mark,
            "# The secrets open nothing but the simulated schools, which listen on this machine while the demo runs.",
            "warehouse:", "  url: \"\(warehouseURL)\"", "sources:",
        ]
        for school in schools {
            lines += [
                "  - id: \(schools.count == 1 ? "demo" : school.kind)", "    kind: \(school.kind)",
                "    url: \(school.url)",
            ]
            let sets = PlatformRegistry.kinds.first { $0.kind == school.kind }?.credentialSets.first ?? []
            for key in sets {
                let value = key == "client_id" ? SimulatedSchool.clientID : SimulatedSchool.clientSecret
                lines.append("    \(key): \(value)")
            }
            // Of this machine as much as it gives: a real school's pace and quota would take hours.
            lines += ["    requests_per_second: 100000", "    requests_per_day: 10000000", "    concurrency: 8"]
        }
        let text = lines.joined(separator: "\n") + "\n"
        if let present = try? String(contentsOfFile: configurationFile, encoding: .utf8), !present.hasPrefix(Self.mark)
        {
            throw SyncError(.internalFault, "\(configurationFile) is not the demo's: move it away")
        }
        let isWritten = FileManager.default.createFile(
            atPath: configurationFile,
            contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard isWritten else {
            throw SyncError(.internalFault, "cannot write \(configurationFile): let this user write there")
        }
    }

    private static let mark = "# Written by `registrar demo`, anew each time it runs."

    /// Whether a configuration is a demo's and its schools have ended with it.
    package static func isOver(_ configuration: RegistrarConfiguration) -> Bool {
        guard let text = try? String(contentsOfFile: configuration.file, encoding: .utf8), text.hasPrefix(mark) else {
            return false
        }
        return !configuration.sources.contains { LoopbackPort(of: $0.url)?.listens ?? true }
    }
}
