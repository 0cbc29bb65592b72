import Extractor
import Loader
import Logging
import Platforms
import Records
import Settings

extension SyncService {
    /// Removes everything that the warehouse holds of a source which the configuration has no more.
    ///
    /// - Parameter dryRun: Only counts.
    /// - Throws: ``SyncError`` `stillConfigured`, `unknownSource` or `leaseHeld`; `LoadError` where the warehouse refuses.
    package func forget(source id: String, dryRun: Bool) async throws -> ForgetReport {
        guard !configuration.sources.contains(where: { $0.id == id }) else {
            throw SyncError(
                .stillConfigured,
                "\(configuration.file) still has the source \(id), and the next sync would load it again: remove its entry first"
            )
        }
        return try await withCheckedWarehouse { warehouse in
            guard try await warehouse.reader.source(id) != nil else {
                let known = try await warehouse.reader.sources().map(\.sourceID)
                throw SyncError(
                    .unknownSource,
                    "the warehouse holds no source \(LogSafe.text(id))"
                        + (known.isEmpty ? "" : "; it holds \(known.joined(separator: ", "))")
                )
            }
            if dryRun { return report(id, true, try await warehouse.rowsToForget(id)) }
            guard let lease = try await warehouse.acquireLease(sourceID: id) else {
                throw SyncError.leaseHeld(
                    by: try await warehouse.reader.lease(id),
                    now: Timestamp(microsecondsSinceEpoch: parts.time.wallMicroseconds)
                )
            }
            let deleted: Result<[ForgottenRows], any Error>
            do {
                deleted = .success(
                    try await warehouse.forget(lease) { table, rows in
                        logger.info("rows deleted", metadata: ["table": "\(table)", "rows": .stringConvertible(rows)])
                    }
                )
            } catch {
                deleted = .failure(error)
            }
            await Task { try? await lease.release() }.value
            return report(id, false, try deleted.get())
        }
    }

    private func report(_ id: String, _ isDryRun: Bool, _ rows: [ForgottenRows]) -> ForgetReport {
        ForgetReport(sourceID: id, isDryRun: isDryRun, tables: rows.map { ($0.table, $0.rows) })
    }

    /// Sources in the warehouse that the configuration lacks: an id was changed, or an entry removed.
    func unlistedSources(_ reader: WarehouseReader) async throws -> [UnlistedSource] {
        let configured = Set(configuration.sources.map(\.id))
        var unlisted: [UnlistedSource] = []
        for stored in try await reader.sources() where !configured.contains(stored.sourceID) {
            let rows = try await reader.liveRowCounts(stored.sourceID).values.reduce(0) { $0 + Int($1) }
            let same = configuration.sources.first {
                $0.kind == stored.kind && SourceChange.isSameHost($0.url, stored.url)
            }
            unlisted.append(
                UnlistedSource(
                    id: stored.sourceID,
                    kind: stored.kind,
                    url: stored.url,
                    rows: rows,
                    sameAs: same?.id
                )
            )
        }
        return unlisted
    }
}
