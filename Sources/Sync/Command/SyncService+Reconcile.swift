import Loader
import Platforms
import Records
import Synchronization

extension SyncService {
    /// Compares sources with the warehouse and names every row in which they do not agree.
    ///
    /// - Parameters:
    ///   - streams: Only these; empty for all.
    ///   - courses: Only these courses and their lists; empty for all.
    ///   - full: Reads every list whole, so that differences behind equal counts are found.
    ///   - repair: Stores what differs, and marks what is gone within `deletions.max_fraction`.
    package func reconcile(
        sources: [String],
        streams: [String],
        courses: [String],
        full: Bool,
        repair: Bool
    ) async -> ReconcileReport {
        let extent = ReconcileExtent(isFull: full, streams: Set(streams), courses: Set(courses).sorted())
        let comparisons = Mutex<[String: Comparison]>([:])
        let report = await run(sources: sources, migrating: false) { runner in
            let comparison = Comparison(extent: extent, repairs: repair)
            comparisons.withLock { $0[runner.settings.id] = comparison }
            return [try await runner.reconcile(streams: streams, comparison)]
        }
        let made = comparisons.withLock { $0 }
        return ReconcileReport(
            sources: report.sources.map { run in
                SourceDifferences(run, made[run.id] ?? Comparison(extent: extent, repairs: repair))
            },
            exitCode: report.exitCode
        )
    }
}

extension SourceRunner {
    /// Compares the streams that have had a baseline.
    func reconcile(streams: [String], _ comparison: Comparison) async throws -> SourceReport {
        try await permittedChange(restarting: nil)
        let all = selected(streams)
        let missing = try await streamsWithoutBaseline(all)
        guard missing.count < all.count else {
            try await refuseWhileHeld()
            throw SyncError(.baselineMissing, "nothing was loaded that could be compared; run registrar baseline first")
        }
        let stored = try await warehouse.reader.values(
            settings.id,
            of: Course.table,
            columns: ["course_id"],
            matching: ["course_id": comparison.extent.courses]
        )
        var report = try await run(
            .reconcile(comparison),
            streams: streams,
            leavingOut: Set(missing)
        )
        let known = Set(stored.compactMap { $0["course_id"] }).union(
            comparison.found.compactMap { $0.row.key["course_id"] }
        )
        let unknown = comparison.extent.courses.filter { !known.contains($0) }
        guard report.exitCode == 0, !unknown.isEmpty else { return report }
        report.exitCode = ExitCode.partial.rawValue
        report.message = "neither the platform nor the warehouse has the course \(unknown.joined(separator: ", "))"
        return report
    }
}

extension SourceDifferences {
    init(_ run: SourceReport, _ comparison: Comparison) {
        let counts = comparison.counts
        self.init(
            run: run,
            isFull: comparison.extent.isFull,
            differences: comparison.found.map(Difference.init),
            total: counts.total,
            repaired: counts.repaired,
            withinBounds: comparison.withinBounds.sorted { $0.key < $1.key }.map { (column: $0.key, rows: $0.value) },
            counts: counts.streams.sorted { $0.key < $1.key }.map { (stream: $0.key, counts: $0.value) }
        )
    }
}

extension Difference {
    init(_ found: Comparison.Found) {
        let row = found.row
        let table = Table.named(row.table)
        self.init(
            stream: Comparison.stream(of: row.table),
            table: row.table,
            key: (table?.key ?? row.key.keys.sorted()).map { name in
                let value = row.key[name] ?? ""
                let isTime = table?.columns.contains { $0.name == name && $0.type == .timestamptz } ?? false
                let time = isTime ? Int64(value).map(Timestamp.init(microsecondsSinceEpoch:)) : nil
                return (column: name, value: time?.iso8601 ?? value)
            },
            kind: row.kind.rawValue,
            columns: row.columns,
            isRepaired: found.isRepaired
        )
    }
}
