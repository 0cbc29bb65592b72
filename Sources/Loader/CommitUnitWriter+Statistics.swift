import Postgres
package import Records

/// What the tables need besides rows, so that questions are answered fast.
extension CommitUnitWriter {
    /// Builds the indexes by learner where they are missing: before a first baseline has filled the tables.
    ///
    /// Other writers of the tables wait for it, readers do not.
    package func ensureIndexes() async throws {
        do {
            try await database.transaction { connection, _ in
                // The time depends on what is stored, and takes longer than any other statement may.
                try connection.execute("SET LOCAL statement_timeout = 0", [])
                try connection.execute("SET LOCAL maintenance_work_mem = '256MB'", [])
                _ = try connection.query("SELECT sync.ensure_indexes()", [], deadline: .seconds(7_200))
            }
        } catch let error as PostgresError {
            throw LoadError(error)
        }
    }

    /// Tells the server's planner of tables that a load has filled, so that no query has to wait for its autovacuum.
    ///
    /// A small sample will do, the autovacuum takes a better one. The server leaves out tables that this role does not own.
    package func updateStatistics(of tables: [Table]) async throws {
        let names = tables.map(Self.sample(of:)) + ["sync.watermarks", "sync.pending"]
        do {
            try await database.transaction { connection, _ in
                try connection.execute("SET LOCAL default_statistics_target = 10", [])
                try connection.execute("ANALYZE \(names.joined(separator: ", "))", [])
            }
        } catch let error as PostgresError {
            throw LoadError(error)
        }
    }

    /// Of a table with many partitions, each a sample of its own, only the columns that questions go by.
    private static func sample(of table: Table) -> String {
        guard table.monthlyPartitionColumn != nil else { return table.qualifiedName }
        return "\(table.qualifiedName) (source_id, \((table.key + ["learner_id"]).joined(separator: ", ")))"
    }
}
