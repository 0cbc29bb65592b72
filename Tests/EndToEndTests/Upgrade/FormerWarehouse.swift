import Foundation
import LMSSimulator
import Loader
import Postgres
import RegistrarTesting

/// A warehouse as the release before this one has left it: `Fixtures/<kind>-<state>.sql.gz`.
///
/// `deploy/record-upgrade.sh` records them: run with a release that is about to be left behind, it makes that release's
/// warehouses of schools which the tests open again.
struct FormerWarehouse {
    /// What the former release had done.
    enum State: String, CaseIterable, Sendable {
        /// A baseline, changes, and increments until nothing was left to do.
        case current
        /// A baseline that was stopped in the middle.
        case interrupted
    }

    let kind: String
    let state: State

    /// Whether the present release is to record its warehouses.
    static var isRecording: Bool { ProcessInfo.processInfo.environment["REGISTRAR_RECORD_UPGRADE"] == "1" }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures", isDirectory: true)
    /// Stands for the school's address, whose port is another one every time.
    private static let address = "http://school.invalid"

    private var file: URL { Self.folder.appendingPathComponent("\(kind)-\(state.rawValue).sql.gz") }

    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    /// Writes down the warehouse of a school.
    func record(_ harness: SchoolHarness) throws {
        let dump = try run(
            ["pg_dump", "--inserts", "--no-owner", "--no-privileges", "--no-comments", harness.warehouseURL]
        )
        // The client's own commands are nothing that a server understands.
        let lines = String(decoding: dump, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("\\") && !$0.hasPrefix("--") }
        let text = lines.joined(separator: "\n").replacingOccurrences(of: harness.simulator.url, with: Self.address)
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        let plain = file.deletingPathExtension()
        try Data(text.utf8).write(to: plain)
        _ = try run(["gzip", "--best", "--no-name", "--force", plain.path])
    }

    /// Lends the school with the former release's warehouse, migrated by this one.
    func restore(_ harness: SchoolHarness, _ body: (SchoolHarness) async throws -> Void) async throws {
        let text = String(decoding: try run(["gzip", "-dc", file.path]), as: UTF8.self)
            .replacingOccurrences(of: Self.address, with: harness.simulator.url)
        try await withTestDatabase { url in
            try await PostgresConnection.withConnection(PostgresSettings(url: url)) { connection in
                _ = try await connection.execute(text)
            }
            let warehouse = Warehouse(settings: try PostgresSettings(url: url))
            try await warehouse.migrator.migrate()
            await warehouse.close()
            var copy = harness
            copy.warehouseURL = url
            try await body(copy)
        }
    }

    private func run(_ words: [String]) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Problem(description: "\(words[0]) failed for \(file.path)") }
        return data
    }
}
