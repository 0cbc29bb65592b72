import Loader
import Platforms
import Settings

extension SyncService {
    /// Says what the next run of each source will cost, source by source; takes no lease and stores no row.
    ///
    /// - Parameter baseline: Plans a baseline, whether there was one or not.
    /// - Throws: `LoadError` where the schema is not this binary's.
    package func plan(sources names: [String], baseline: Bool) async throws -> PlanReport {
        let chosen = configuration.sources.filter { names.isEmpty || names.contains($0.id) }
        return try await withCheckedWarehouse { warehouse in
            let plans = await withTaskGroup(of: (Int, SourcePlan).self) { tasks in
                for (index, settings) in chosen.enumerated() {
                    tasks.addTask { (index, await self.plan(settings, warehouse, baseline: baseline)) }
                }
                var plans: [(Int, SourcePlan)] = []
                for await plan in tasks { plans.append(plan) }
                return plans.sorted { $0.0 < $1.0 }.map(\.1)
            }
            return PlanReport(sources: plans, exitCode: Self.exitCode(of: plans.map { ($0.id, $0.exitCode) }))
        }
    }

    private func plan(_ settings: SourceSettings, _ warehouse: Warehouse, baseline: Bool) async -> SourcePlan {
        let runner = SourceRunner(
            settings: settings,
            warehouse: warehouse,
            parts: parts,
            progress: progress,
            logger: logger
        )
        do {
            var plan = try await runner.plan(asBaseline: baseline, schedule: configuration.schedules[settings.id])
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
