import Postgres
package import Records

extension CommitUnitWriter {
    /// Flips what time alone has changed: active enrollments and issued certificates whose end has passed become expired.
    ///
    /// Costs no request and writes only rows that change. They count as read and updated, like any derived row.
    package func expire(runID: Int64, at now: Timestamp) async throws -> PublishCounts {
        let unit = CommitUnit(sourceID: lease.sourceID, runID: runID)
        do {
            return try await database.transaction { connection, _ in
                var counts = PublishCounts()
                for (table, from) in [(Enrollment.table, "active"), (Certificate.table, "issued")] {
                    let expired = try connection.execute(
                        """
                        UPDATE \(table.qualifiedName) SET status = 'expired', updated_at = now(), run_id = $2
                        WHERE source_id = $1 AND status = '\(from)' AND expires_at < $3 AND deleted_at IS NULL
                        """,
                        [.text(unit.sourceID), .int8(unit.runID), PostgresValue(now)]
                    )
                    guard expired > 0 else { continue }
                    var row = RowCounts()
                    row.updated = expired
                    counts.tables[table.name] = row
                    counts.streams[table.name] = row
                }
                try StateStatement.write(unit, counts, connection)
                try lease.fence(connection)
                return counts
            }
        } catch let error as PostgresError {
            throw LoadError(error)
        }
    }
}
