import Postgres
import Records

/// A table of which a source's rows are removed, with the rows.
package struct ForgottenRows: Sendable, Hashable {
    /// With its schema: `lms.learners`.
    package let table: String
    package let rows: Int
}

extension Warehouse {
    /// How many rows the warehouse holds of a source, table by table; tables without any are left out.
    package func rowsToForget(_ sourceID: String) async throws -> [ForgottenRows] {
        var found: [ForgottenRows] = []
        for place in ForgettingStatement.places {
            let rows = try await reader.number(place.count, [.text(sourceID)])
            if rows > 0 { found.append(ForgottenRows(table: place.table, rows: rows)) }
        }
        return found
    }

    /// Deletes every row of a source and all that is known of it, in batches, a transaction each.
    ///
    /// How far it was read goes first and the source's own row last: one that was stopped halfway is forgotten by being
    /// told so again, and never taken for one that was loaded. Leases stay, so that no epoch is used twice, and so do
    /// erasures, so that an erased person does not come back should the source.
    ///
    /// - Parameter noteProgress: Told of each batch: the table, and its rows deleted so far.
    /// - Throws: `LoadError`, `refused` where the role may not delete.
    package func forget(
        _ lease: Lease,
        noteProgress: @Sendable (String, Int) -> Void = { _, _ in }
    ) async throws -> [ForgottenRows] {
        var deleted: [ForgottenRows] = []
        for place in ForgettingStatement.places {
            var rows = 0
            while true {
                try Task.checkCancellation()
                let batch = try await forget(place, lease)
                rows += batch
                lease.noteProgress()
                guard batch > 0 else { break }
                noteProgress(place.table, rows)
            }
            if rows > 0 { deleted.append(ForgottenRows(table: place.table, rows: rows)) }
        }
        return deleted
    }

    private func forget(_ place: ForgettingStatement, _ lease: Lease) async throws -> Int {
        do {
            return try await writing.transaction { connection, _ in
                let rows = try connection.execute(place.deleteBatch, [.text(lease.sourceID)])
                try lease.fence(connection)
                return rows
            }
        } catch let error as PostgresError {
            guard error.sqlState == "42501" else { throw LoadError(error) }
            throw LoadError(
                .refused,
                "this role may not delete from \(place.table), which a loading role need not: run it as the schema's owner",
                cause: error
            )
        }
    }
}

/// How a table's rows of a source are found and deleted; `$1` is the source.
struct ForgettingStatement: Sendable {
    /// With its schema.
    let table: String
    /// The primary key's columns.
    let key: [String]
    /// Which rows are the source's.
    var condition = "source_id = $1"

    /// Rows deleted in one transaction.
    static let batch = 10_000

    var count: String { "SELECT count(*) FROM \(table) WHERE \(condition)" }

    var deleteBatch: String {
        let columns = key.joined(separator: ", ")
        return """
            DELETE FROM \(table) WHERE \(condition)
              AND (\(columns)) IN (SELECT \(columns) FROM \(table) WHERE \(condition) LIMIT \(Self.batch))
            """
    }

    /// Every table that holds a source's rows, in the order in which they go.
    static let places: [ForgettingStatement] =
        ["sync.checkpoints", "sync.pending", "sync.watermarks", "sync.coverage"].map { table in
            ForgettingStatement(table: table, key: ["source_id", "stream", "partition"])
        }
        + Table.all.map { ForgettingStatement(table: $0.qualifiedName, key: ["source_id"] + $0.key) }
        + [
            ForgettingStatement(table: "sync.rejects", key: ["reject_id"]),
            ForgettingStatement(table: "sync.schema_drift", key: ["source_id", "stream", "field", "json_type"]),
            ForgettingStatement(table: "sync.inbox", key: ["source_id", "delivery_id"]),
            ForgettingStatement(table: "sync.plans", key: ["source_id", "mode"]),
            ForgettingStatement(table: "sync.run_requests", key: ["source_id"]),
            ForgettingStatement(table: "sync.request_counts", key: ["source_id", "slot"]),
            ForgettingStatement(
                table: "sync.run_streams",
                key: ["run_id", "stream"],
                condition: "run_id IN (SELECT run_id FROM sync.runs WHERE source_id = $1)"
            ),
            ForgettingStatement(table: "sync.runs", key: ["run_id"]),
            ForgettingStatement(table: "sync.sources", key: ["source_id"]),
        ]
}
