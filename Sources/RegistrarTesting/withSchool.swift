import Extractor
import LMSSimulator
import Loader
import Postgres
import Settings
import Sync

/// Lends a running school with an empty migrated warehouse of its own.
///
/// - Parameter body: Works with the harness; what it leaves running is stopped afterwards.
package func withSchool<Value: Sendable>(
    _ options: SchoolOptions = SchoolOptions(),
    _ body: (SchoolHarness) async throws -> Value
) async throws -> Value {
    try await TestServer.shared.makeTemplate("school") { url in
        let warehouse = Warehouse(settings: try PostgresSettings(url: url))
        try await warehouse.migrator.migrate()
        await warehouse.close()
    }
    let simulator = try await options.start()
    do {
        let value = try await withTestDatabase(template: "school") { url in
            try await body(harness(simulator, url, options))
        }
        try await simulator.stop()
        return value
    } catch {
        try? await simulator.stop()
        throw error
    }
}

private func harness(_ simulator: Simulator, _ url: String, _ options: SchoolOptions) throws -> SchoolHarness {
    let lines =
        ["warehouse:", "  url: \"\(url)\"", "sources:"]
        + options.lines(id: SchoolHarness.sourceID, url: simulator.url)
    let configuration = try RegistrarConfiguration(
        parsing: Array((lines.joined(separator: "\n") + "\n").utf8),
        file: "registrar.yaml",
        environment: ["SCHOOL_SECRET": options.secret]
    )
    var parts = ServiceParts()
    parts.limiters = RateLimiterRegistry()
    parts.policy.firstCallDelay = .milliseconds(2)
    parts.policy.longestCallDelay = .milliseconds(20)
    parts.policy.firstPause = .milliseconds(5)
    parts.policy.longestPause = .milliseconds(40)
    return SchoolHarness(
        simulator: simulator,
        options: options,
        warehouseURL: url,
        configuration: configuration,
        parts: parts,
        logger: options.logger
    )
}
