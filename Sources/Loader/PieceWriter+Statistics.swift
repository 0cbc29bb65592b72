import Postgres
package import Records

extension PieceWriter {
    /// Tells the server's planner of tables that a load has filled, so that no query has to wait for its autovacuum.
    ///
    /// A small sample will do, the autovacuum takes a better one. The server leaves out tables that this role does not own.
    package func updateStatistics(of tables: [Table]) async throws {
        let names = tables.map(\.qualifiedName) + ["sync.watermarks", "sync.pending"]
        do {
            try await lane.transaction { connection, _ in
                try connection.execute("SET LOCAL default_statistics_target = 10", [])
                try connection.execute("ANALYZE \(names.joined(separator: ", "))", [])
            }
        } catch let error as PostgresError {
            throw LoadError(error)
        }
    }
}
