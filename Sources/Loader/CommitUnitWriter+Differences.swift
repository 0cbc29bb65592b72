import Postgres
package import Records

/// A row that would change if its commit unit were published.
package struct StagedDifference: Sendable {
    /// Whether the warehouse has no such row yet, live or deleted.
    package let isNew: Bool
    /// When the stored row was marked as deleted; `nil` for one that lives or is new.
    package let deletedAt: Timestamp?
    /// The columns asked for, as text.
    ///
    /// Times are microseconds since 1970; a null has no entry.
    package let values: [String: String]
}

extension CommitUnitWriter {
    /// Compares the commit unit's rows of one table with what is stored, and stores nothing.
    ///
    /// Decides what else to ask the platform before the commit unit is published.
    ///
    /// - Returns: The rows that publishing the commit unit now would insert or update.
    package func differences(
        in table: Table,
        of unit: CommitUnit,
        returning columns: [String]
    ) async throws -> [StagedDifference] {
        guard let rows = unit.tables[table.name], !rows.buffer.isEmpty else { return [] }
        guard let sql = MergeStatement.of(table).differences(returning: columns) else {
            throw LoadError(.brokenInvariant, "\(table.qualifiedName) has none of the columns \(columns)")
        }
        do {
            return try await database.transaction { connection, memory in
                try stage(rows, of: unit.sourceID, connection, memory)
                let result = try connection.query(sql, [.text(unit.sourceID), .bool(unit.allowsOlder)])
                return try Self.read(result, columns)
            }
        } catch let error as PostgresError {
            guard error.kind == .badRow else { throw LoadError(error) }
            // The row shows up again, and becomes a reject, when the commit unit is published.
            let clean = try await rejectingRefusedRows(of: unit)
            return try await differences(in: table, of: clean, returning: columns)
        }
    }

    private static func read(
        _ result: PostgresResult,
        _ columns: [String]
    ) throws -> [StagedDifference] {
        var differences: [StagedDifference] = []
        differences.reserveCapacity(result.rowCount)
        for row in 0..<result.rowCount {
            var values: [String: String] = [:]
            for (index, name) in columns.enumerated() { values[name] = try result.string(row, index + 2) }
            differences.append(
                StagedDifference(
                    isNew: try result.bool(row, 0) ?? false,
                    deletedAt: try result.instant(row, 1),
                    values: values
                )
            )
        }
        return differences
    }
}

extension CommitUnitWriter {
    /// Compares the commit unit's rows of one kind of record with what is stored, and stores nothing.
    package func differences<R: Record>(
        of record: R.Type,
        in unit: CommitUnit,
        returning columns: [String]
    ) async throws -> [StagedDifference] {
        try await differences(in: R.table, of: unit, returning: columns)
    }
}

extension Warehouse {
    /// Compares commit units with what is stored, without a lease; what is published through it is fenced off.
    package func comparer(_ sourceID: String) -> CommitUnitWriter {
        // No holder ever has the epoch 0.
        let lease = Lease(sourceID: sourceID, runID: 0, epoch: 0, database: writing, timing: LeaseTiming())
        return CommitUnitWriter(database: writing, lease: lease)
    }
}
