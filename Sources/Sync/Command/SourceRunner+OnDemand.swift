import Loader
import Platforms
import Records

extension SourceRunner {
    /// Pulls what of the demand is this source's business.
    ///
    /// - Parameter others: The other sources that are selected: an id that only they are known to have is theirs.
    /// - Returns: Nothing where nothing is.
    func pull(
        _ demand: OnDemand,
        among others: [String],
        streams: [String],
        dryRun: Bool
    ) async throws -> [SourceReport] {
        var mine = OnDemand(isShared: !others.isEmpty)
        mine.learners = try await own(demand.learners, in: Learner.table, "learner_id", others)
        mine.courses = try await own(demand.courses, in: Course.table, "course_id", others)
        guard !mine.isEmpty else { return [] }
        var report = try await run(.pull(mine, isDryRun: dryRun), streams: streams)
        report.demand = mine
        return [report]
    }

    /// The ids that the warehouse knows of this source, or of none: those may be new.
    private func own(
        _ ids: [String],
        in table: Table,
        _ column: String,
        _ others: [String]
    ) async throws -> [String] {
        guard !others.isEmpty, !ids.isEmpty else { return ids }
        func known(_ source: String) async throws -> Set<String> {
            let rows = try await warehouse.reader.values(source, of: table, columns: [column], matching: [column: ids])
            return Set(rows.compactMap { $0[column] })
        }
        let here = try await known(settings.id)
        var elsewhere: Set<String> = []
        for other in others { elsewhere.formUnion(try await known(other)) }
        return ids.filter { here.contains($0) || !elsewhere.contains($0) }
    }

    /// What it means that the platform lacks something that was named.
    static func outcome(ofUnknown unknown: NamedRecords, _ target: TargetedRun?) -> RunOutcome {
        guard case .pull(let demand) = target, !demand.isShared, !unknown.all.isEmpty else { return .done }
        return RunOutcome(exitCode: .partial, status: .partial, message: message(ofUnknown: unknown.all))
    }

    static func message(ofUnknown unknown: [NamedRecord]) -> String {
        let missing = unknown.filter { !$0.isLeftOut }.map(\.description)
        let leftOut = unknown.filter(\.isLeftOut).map(\.description)
        return [
            missing.isEmpty ? nil : "the platform has no \(missing.joined(separator: ", no "))",
            leftOut.isEmpty ? nil : "the source's scope leaves out \(leftOut.joined(separator: ", "))",
        ].compactMap { $0 }.joined(separator: "; ")
    }
}
