import Foundation
import LMSSimulator
import Platforms
import RegistrarTesting
import Settings

/// A folder with a `registrar.yaml` for a harness's school and warehouse: what the real executable is started with.
struct Installation: Sendable {
    let directory: String
    let harness: SchoolHarness
    var secret: String

    /// Starts a command.
    func start(
        _ arguments: String...,
        logLevel: String = "error",
        logFormat: String = "text"
    ) throws -> RegistrarProcess {
        try start(arguments, logLevel: logLevel, logFormat: logFormat)
    }

    /// Starts a command that is given as a list of words.
    func start(_ arguments: [String], logLevel: String, logFormat: String) throws -> RegistrarProcess {
        try RegistrarProcess(
            arguments + [
                "--config", "\(directory)/registrar.yaml", "--log-level", logLevel, "--log-format", logFormat,
            ],
            in: directory,
            environment: ["SCHOOL_SECRET": secret]
        )
    }

    /// Runs a command to its end.
    func run(
        _ command: String,
        logLevel: String = "error",
        logFormat: String = "text"
    ) async throws -> RegistrarProcess.Ending {
        try await start(command, logLevel: logLevel, logFormat: logFormat).wait()
    }

    /// Writes `registrar.yaml`.
    func write(_ lines: [String]) throws {
        try (lines.joined(separator: "\n") + "\n")
            .write(toFile: "\(directory)/registrar.yaml", atomically: true, encoding: .utf8)
    }

    /// The lines that describe the harness's school and warehouse.
    func lines(url: String? = nil, warehouse: String? = nil) -> [String] {
        ["warehouse:", "  url: \"\(warehouse ?? harness.warehouseURL)\"", "sources:"]
            + harness.options.lines(id: SchoolHarness.sourceID, url: url ?? harness.simulator.url)
    }

    /// Waits until the school was asked for `count` pages of data in all.
    func waits(for process: RegistrarProcess, requests count: Int) async throws -> Bool {
        try await process.waits { harness.simulator.requests.total >= count }
    }
}

/// Lends a school, its warehouse and a folder with their `registrar.yaml`.
func withInstallation<Value: Sendable>(
    _ options: SchoolOptions = SchoolOptions(),
    _ body: (Installation) async throws -> Value
) async throws -> Value {
    try await withSchool(options) { harness in
        try await withTemporaryDirectory { directory in
            let installation = Installation(
                directory: directory,
                harness: harness,
                secret: options.secret
            )
            try installation.write(installation.lines())
            return try await body(installation)
        }
    }
}

/// Lends an empty folder that is removed afterwards.
func withTemporaryDirectory<Value: Sendable>(_ body: (String) async throws -> Value) async throws -> Value {
    let directory = FileManager.default.temporaryDirectory
        .appendingPathComponent("registrar-faults-\(UInt64.random(in: 0 ..< .max))").path
    try FileManager.default.createDirectory(
        atPath: directory,
        withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o711]
    )
    defer { try? FileManager.default.removeItem(atPath: directory) }
    return try await body(directory)
}
