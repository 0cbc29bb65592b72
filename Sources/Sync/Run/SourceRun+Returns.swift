import Loader
import Platforms
import Records
import Synchronization

extension SourceRun {
    /// A baseline reads everything of its own streams; of others it queues what hangs on a parent that it brings back.
    func settleReturns() async throws {
        var followed: [FollowedTable] = []
        for table in platform.followedTables where try await mayReturn(table.table) { followed.append(table) }
        guard !followed.isEmpty else { return }
        let fresh = assembler.takeFresh()
        var changes: [String: [ChangedRow]] = [:]
        for table in followed where fresh.rowCount(of: table.table) > 0 {
            let returned = try await store.differences(of: table, in: fresh).filter(\.isReturned)
            if !returned.isEmpty { changes[table.table.name] = returned }
        }
        guard !changes.isEmpty else { return }
        for case .queue(let entry) in try await platform.followUps(of: changes, self)
        where entry.isWhole && !isSelected(entry.stream) {
            assembler.change {
                $0.queue(entry.stream, entry.partition, reason: entry.reason, dueAt: entry.dueAt)
            }
        }
    }

    /// Whether the warehouse has rows of the table that were marked as deleted; looked up once.
    private func mayReturn(_ table: Table) async throws -> Bool {
        if let known = withDeleted.withLock({ $0[table.name] }) { return known }
        let found = try await store.reader.hasDeletedRows(settings.id, of: table)
        withDeleted.withLock { $0[table.name] = found }
        return found
    }
}
