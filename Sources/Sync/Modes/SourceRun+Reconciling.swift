import Extractor
import Loader
import Platforms
import Records

extension SourceRun: ReconcileContext {
    var extent: ReconcileExtent { plan.comparison?.extent ?? ReconcileExtent() }

    func liveCounts(
        of table: Table,
        by column: String,
        matching: [String: [String]],
        lasting: (column: String, until: Timestamp)?
    ) async throws -> [String: Int] {
        try await store.reader.liveRowCounts(
            settings.id,
            of: table,
            by: column,
            matching: matching,
            lasting: lasting
        )
    }

    func liveCount(of table: Table) async throws -> Int {
        try await store.reader.liveRowCount(settings.id, of: table)
    }

    func liveValues(_ column: String, of table: Table, having present: String) async throws -> Set<String> {
        try await store.reader.liveValues(settings.id, column, of: table, having: present)
    }

}

extension SourceRun {
    /// Reads what a comparison is about.
    func compare(_ comparison: Comparison) async throws {
        comparison.note(lagging: try await laggingColumns()) { [clock] in clock.now }
        guard let retried = comparison.retried else { return try await platform.reconcile(self) }
        if !retried.isEmpty {
            let reads = try await platform.retries(of: retried, self)
            comparison.note(asked: reads.flatMap(\.rejects))
            try await read(reads.map(\.group))
            try await publish()
            var others: [Int: ReadGroup] = [:]
            for retry in reads where !retry.rejects.allSatisfy({ comparison.hasAnswer(to: $0) }) {
                guard let other = retry.otherwise, let list = other.reads.first else { continue }
                others[list.request.fingerprint()] = other
            }
            try await read(Array(others.values))
        }
        // Where a reject has no id, only the whole stream tells what became of it.
        if !comparison.extent.streams.isEmpty { try await platform.reconcile(self) }
    }
}

extension SourceRun {
    /// Columns, as `table.column`, that are read with a list of their own, and until when it does not have to be read again.
    private func laggingColumns() async throws -> [String: Timestamp] {
        let columns = PlatformRegistry.kinds.first { $0.kind == settings.kind }?.laggingColumns ?? []
        var lagging: [String: Timestamp] = [:]
        for column in columns {
            let readAt = try await facts.watermark(column.table.name, "")?.time(column.readAt)
            lagging["\(column.table.name).\(column.column)"] = readAt?.advanced(by: column.bound)
        }
        return lagging
    }
}

extension RunStore {
    /// Names what a commit unit would change, and stores no more of it than the comparison allows.
    func compare(_ unit: CommitUnit, for comparison: Comparison) async throws -> PublishCounts {
        var unit = unit
        let differences = try await writer.compare(&unit, in: comparison.scope)
        let stored = comparison.repairs ? unit.repairing() : unit.looking()
        let counts = try await writer.publish(stored)
        comparison.add(differences, isRepaired: comparison.repairs)
        comparison.note(rejected: unit.rejectedRecords, arrived: unit.arrivedRecords)
        return counts
    }

    /// Names deletions that are not made.
    func name(_ deletions: [DeletedRows], for comparison: Comparison) async throws {
        var unit = CommitUnit(sourceID: sourceID, runID: runID)
        for rows in deletions { unit.delete(rows) }
        comparison.add(try await writer.compare(&unit, in: comparison.scope), isRepaired: false)
    }
}
