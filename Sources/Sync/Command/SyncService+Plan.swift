import Loader
import Logging
import Platforms
import Settings

extension SyncService {
    /// Says what the next run of each source will cost, source by source; takes no lease and stores no row.
    ///
    /// Migrates first as a run does. Where its role may not, a warehouse without a schema is planned for as an empty one.
    ///
    /// - Parameters:
    ///   - names: The sources; all of them when empty.
    ///   - streams: The streams of the run; all of a source when empty.
    ///   - baseline: Plans a baseline, whether there was one or not.
    /// - Throws: `LoadError` where the schema is not this binary's.
    package func plan(sources names: [String], streams: [String] = [], baseline: Bool) async throws -> PlanReport {
        let chosen = configuration.sources.filter { names.isEmpty || names.contains($0.id) }
        return try await withPlannableWarehouse { warehouse in
            let plans = await withTaskGroup(of: (Int, SourcePlan).self) { tasks in
                for (index, settings) in chosen.enumerated() {
                    tasks.addTask { (index, await self.plan(settings, streams, warehouse, baseline: baseline)) }
                }
                var plans: [(Int, SourcePlan)] = []
                for await plan in tasks { plans.append(plan) }
                return plans.sorted { $0.0 < $1.0 }.map(\.1)
            }
            return PlanReport(sources: plans, exitCode: Self.exitCode(of: plans.map { ($0.id, $0.exitCode) }))
        }
    }

    private func withPlannableWarehouse<Value: Sendable>(
        _ body: (Warehouse) async throws -> Value
    ) async throws -> Value {
        let warehouse = try await openWarehouse()
        do {
            let value = try await body(try await prepareForPlan(warehouse))
            await warehouse.close()
            return value
        } catch {
            await warehouse.close()
            throw error
        }
    }

    private func prepareForPlan(_ warehouse: Warehouse) async throws -> Warehouse {
        do {
            try await prepareSchema(warehouse)
            return warehouse
        } catch let error as LoadError where error.code == .migrationRefused {
            guard try await warehouse.migrator.state().isWithoutSchema else { throw error }
            logger.notice("planned without a schema, which this role may not make: run registrar migrate as its owner")
            return warehouse.withoutSchema
        }
    }

    private func plan(
        _ settings: SourceSettings,
        _ streams: [String],
        _ warehouse: Warehouse,
        baseline: Bool
    ) async -> SourcePlan {
        let runner = SourceRunner(
            settings: settings,
            warehouse: warehouse,
            parts: parts,
            progress: progress,
            logger: logger
        )
        do {
            var plan = try await runner.plan(
                streams: streams,
                asBaseline: baseline,
                schedule: configuration.schedules[settings.id]
            )
            let fields = await customFieldFindings(settings, warehouse.reader)
            plan.notes += fields.map { [$0.detail, $0.remedy].compactMap { $0 }.joined(separator: "; ") }
            return plan
        } catch {
            let outcome = RunOutcome(error: error)
            var plan = SourcePlan(id: settings.id, kind: settings.kind, mode: "none")
            plan.exitCode = outcome.exitCode.rawValue
            plan.message = outcome.message
            return plan
        }
    }
}
