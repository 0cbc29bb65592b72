import Foundation
import Loader
package import Logging
import Platforms
package import Settings

/// Runs the commands: what the executable, and later the service, call.
package struct SyncService: Sendable {
    let configuration: RegistrarConfiguration
    let access: WarehouseAccess
    let logger: Logger
    let progress: any ProgressReporting
    let parts: ServiceParts

    /// - Parameter parts: Transport, clocks and chance; tests bring their own.
    package init(
        configuration: RegistrarConfiguration,
        warehouse: WarehouseAccess,
        logger: Logger,
        progress: any ProgressReporting,
        parts: ServiceParts = ServiceParts()
    ) {
        self.configuration = configuration
        self.access = warehouse
        self.logger = logger
        self.progress = progress
        self.parts = parts
    }

    /// Loads sources whole, going on where an interrupted baseline stopped; reads again what is complete only with `restart`.
    package func baseline(sources: [String], streams: [String], restart: Bool) async -> RunReport {
        await run(sources: sources) { runner in
            try await runner.baseline(streams: streams, restart: restart)
        }
    }

    /// Pulls what changed; loads first what never was.
    ///
    /// - Parameter sweepAge: Reads again, too, what was not verified within this time: a full sweep.
    package func sync(
        sources: [String],
        streams: [String],
        sweepAge: Duration? = nil,
        dryRun: Bool
    ) async -> RunReport {
        await run(sources: sources) { runner in
            try await runner.sync(streams: streams, sweepAge: sweepAge, dryRun: dryRun)
        }
    }

    /// Brings the schema up to date, and gives the roles that load and receive what they lack.
    ///
    /// - Parameters:
    ///   - role: A role that is to load, beside the customary one.
    ///   - dryRun: Says what would be done and does nothing.
    package func migrate(role: String? = nil, dryRun: Bool) async throws -> MigrationReport {
        let warehouse = try await openWarehouse()
        do {
            let migrator = warehouse.migrator
            let migrations = try await migrator.migrate(dryRun: dryRun)
            let grants = try await migrator.restoreGrants(for: role, dryRun: dryRun)
            await warehouse.close()
            return MigrationReport(
                applied: migrations.map {
                    "\(String(repeating: "0", count: max(0, 4 - String($0.version).count)))\($0.version)_\($0.name)"
                },
                grants: grants
            )
        } catch {
            await warehouse.close()
            throw error
        }
    }

    /// Opens the warehouse for a command whose waits are told.
    func openWarehouse() async throws -> Warehouse {
        let progress = progress
        return try await access.open { wait in
            progress.report(.note(source: "warehouse", message: wait.description))
        }
    }

    // MARK: Sources

    func run(
        sources names: [String],
        migrating migrates: Bool = true,
        _ body: @escaping @Sendable (SourceRunner) async throws -> [SourceReport]
    ) async -> RunReport {
        let chosen = configuration.sources.filter { names.isEmpty || names.contains($0.id) }
        let warehouse: Warehouse
        do {
            warehouse = try await openWarehouse()
            if migrates { try await prepareSchema(warehouse) } else { try await warehouse.migrator.requireUpToDate() }
        } catch {
            let outcome = RunOutcome(error: error)
            return RunReport(
                sources: chosen.map {
                    SourceReport(
                        id: $0.id,
                        mode: "none",
                        status: "failed",
                        exitCode: outcome.exitCode.rawValue,
                        message: outcome.message
                    )
                },
                exitCode: outcome.exitCode.rawValue
            )
        }
        let reports = await withTaskGroup(of: (Int, [SourceReport]).self) { tasks in
            for (index, settings) in chosen.enumerated() {
                tasks.addTask {
                    let runner = SourceRunner(
                        settings: settings,
                        warehouse: warehouse,
                        parts: parts,
                        progress: progress,
                        logger: logger
                    )
                    do {
                        return (index, try await body(runner))
                    } catch {
                        return (index, [runner.report(of: error)])
                    }
                }
            }
            var reports: [(Int, [SourceReport])] = []
            for await report in tasks { reports.append(report) }
            return reports.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
        await warehouse.close()
        return RunReport(sources: reports, exitCode: Self.exitCode(of: reports))
    }

    /// Runs migrate first by themselves, where their role may.
    func prepareSchema(_ warehouse: Warehouse) async throws {
        if case .upToDate = try await warehouse.migrator.state() { return }
        let applied = try await warehouse.migrator.migrate()
        try await warehouse.migrator.restoreGrants()
        logger.info("schema migrated", metadata: ["migrations": .stringConvertible(applied.count)])
    }

    /// One source: its own code. Several: 0 when all are done, else 1; what ends the process keeps its code.
    static func exitCode(of reports: [SourceReport]) -> Int32 { exitCode(of: reports.map { ($0.id, $0.exitCode) }) }

    static func exitCode(of outcomes: [(id: String, exitCode: Int32)]) -> Int32 {
        let sources = Set(outcomes.map(\.id))
        let codes = outcomes.map(\.exitCode).filter { $0 != 0 }
        guard let first = codes.first else { return 0 }
        let fatal: Set<Int32> = [
            ExitCode.internalError.rawValue, ExitCode.warehouse.rawValue, ExitCode.interrupted.rawValue,
        ]
        if let code = codes.first(where: fatal.contains) { return code }
        return sources.count == 1 ? first : ExitCode.partial.rawValue
    }
}
