import Postgres
import Records

/// Publishes commit units: rows and state of one run, each commit unit in one transaction.
package struct CommitUnitWriter: Sendable {
    let database: RetryingConnection
    let lease: Lease
    let paths = MergePaths()
    let unflushed = UnflushedUnits()

    /// Rows of one commit unit that the database may refuse; more are not one bad record's fault.
    let rejectLimit = 1_000

    init(database: RetryingConnection, lease: Lease) {
        (self.database, self.lease) = (database, lease)
    }

    /// Notes that a request was answered: the lease is renewed for a run that gets on.
    package func noteProgress() { lease.noteProgress() }

    /// Stores a commit unit: its rows, then its state, the ledger's counters, and the lease's fence last.
    ///
    /// A lost connection is made again and the commit unit sent again. A row that the database refuses is found and
    /// becomes a reject. Publishing the same commit unit twice leaves the same rows as once.
    ///
    /// - Parameter waitsForDisk: Whether the commit unit, and with it all before it, is on the server's disk when this
    ///   returns. Otherwise it is kept in memory until it is; what a crash of the server takes is published again.
    /// - Throws: `LoadError`, `fenced` when the lease is another's: then nothing was written.
    package func publish(_ unit: CommitUnit, waitsForDisk: Bool = true) async throws -> PublishCounts {
        var unit = unit
        while true {
            do {
                try await ensurePartitions(unit)
                let ready = unit
                let waits = waitsForDisk || !unflushed.hasRoom(for: ready)
                let stored = try await database.transaction { connection, memory in
                    let opening = try UnflushedUnits.Opening.read(connection, waitsForDisk: waits)
                    try unflushed.check(opening, session: memory.number)
                    return try store(ready, opening, connection, memory)
                }
                if waits {
                    unflushed.removeAll()
                } else {
                    unflushed.add(ready, session: stored.session, ledger: stored.ledger)
                }
                lease.noteProgress()
                return stored.counts
            } catch is UnflushedUnits.Lost {
                try await publishLost()
            } catch let error as PostgresError {
                guard error.kind == .badRow else { throw LoadError(error) }
                if error.sqlState == "23505", paths.giveUpPath(to: error.table) { continue }
                unit = try await rejectingRefusedRows(of: unit)
            }
        }
    }

    /// Publishes again what the server has lost; what they brought was counted when they were published first.
    private func publishLost() async throws {
        let runID = lease.runID
        let (ledger, session) = try await database.transaction { connection, memory in
            (try StateStatement.readLedger(runID, connection), memory.number)
        }
        for unit in unflushed.takeLost(ledger: ledger, session: session) { _ = try await publish(unit) }
    }

    /// Stages and merges a commit unit inside an open transaction.
    private func store(
        _ unit: CommitUnit,
        _ opening: UnflushedUnits.Opening,
        _ connection: isolated PostgresConnection,
        _ memory: SessionMemory
    ) throws -> StoredUnit {
        var counts = PublishCounts()
        for rows in unit.orderedTables {
            let byStream = try add(rows, of: unit, at: opening.now, connection, memory)
            for (stream, row) in byStream {
                counts.tables[rows.table.name, default: RowCounts()] += row
                counts.streams[StreamNumber.name(stream), default: RowCounts()] += row
            }
        }
        try applyDeletions(of: unit, &counts, connection)
        for (stream, row) in unit.state.counts { counts.streams[stream, default: RowCounts()] += row }
        let ledger = try StateStatement.write(unit, counts, connection)
        try lease.fence(connection)
        return StoredUnit(counts: counts, session: memory.number, ledger: ledger)
    }

    /// Sends rows to the session's staging table, which is made when first needed.
    ///
    /// Rows that have nothing to say about some columns get the stored row's values there, so that everything behind
    /// sees what would be stored. A row that is new keeps its nulls.
    func stage(
        _ rows: StagedRows,
        of source: String,
        _ connection: isolated PostgresConnection,
        _ memory: SessionMemory
    ) throws {
        let statement = MergeStatement.of(rows.table)
        if memory.isMissing(staging: rows.table.name) { try connection.execute(statement.createStaging) }
        try connection.copyIn(statement.copy, expectedRows: rows.buffer.rows) { send in
            try rows.buffer.withUnsafeBytes(send)
        }
        guard !rows.absences.isEmpty else { return }
        let columns = rows.absences.reduce(ColumnSet()) { $0.union($1.columns) }
        guard let keepStored = statement.keepStored(columns) else { return }
        _ = try connection.query(
            keepStored,
            [
                .text(source), .textArray(rows.absences.map { String($0.ordinal) }),
                .textArray(rows.absences.map { String($0.columns.rawValue) }),
            ]
        )
    }

    /// Brings the rows of one table into it, the fastest way that is left.
    ///
    /// - Returns: What happened to them, by stream number.
    private func add(
        _ rows: StagedRows,
        of unit: CommitUnit,
        at now: Timestamp,
        _ connection: isolated PostgresConnection,
        _ memory: SessionMemory
    ) throws -> [Int64: RowCounts] {
        let statement = MergeStatement.of(rows.table)
        let source = PostgresValue.text(unit.sourceID)
        let path = try paths.path(of: rows) {
            try connection.query(statement.hasRows, [source]).bool(0, 0) == false
        }
        if path == .copy {
            try copyDirectly(rows, of: unit, at: now, connection)
            return rows.streams.mapValues { inserted in
                var counts = RowCounts()
                counts.inserted = inserted
                return counts
            }
        }
        try stage(rows, of: unit.sourceID, connection, memory)
        guard path == .append, let stream = rows.streams.first else { return try merge(rows, of: unit, connection) }
        var counts = RowCounts()
        counts.inserted = try connection.execute(statement.appendOnly, [source, .int8(unit.runID)])
        counts.duplicate = stream.value - counts.inserted
        return [stream.key: counts]
    }

    /// Sends rows straight into their table; a key that is there already ends it with 23505.
    private func copyDirectly(
        _ rows: StagedRows,
        of unit: CommitUnit,
        at now: Timestamp,
        _ connection: isolated PostgresConnection
    ) throws {
        let columns = rows.table.columns.count
        var shared = CopyBuffer()
        shared.beginRow(fieldCount: Int16(MergeStatement.sharedColumns.count + columns))
        shared.append(unit.sourceID)
        shared.append(now)
        shared.append(now)
        shared.append(unit.runID)
        let statement = MergeStatement.of(rows.table)
        try connection.copyIn(statement.copyDirectly, expectedRows: rows.buffer.rows) { send in
            try rows.buffer.forEachChunk(sharing: shared, keeping: columns, send)
        }
    }

    /// Merges the staged rows of one table.
    ///
    /// - Returns: What happened to them, by stream number.
    func merge(
        _ rows: StagedRows,
        of unit: CommitUnit,
        _ connection: isolated PostgresConnection
    ) throws -> [Int64: RowCounts] {
        let statement = MergeStatement.of(rows.table)
        let source = PostgresValue.text(unit.sourceID)
        let run = PostgresValue.int8(unit.runID)
        let result = try connection.query(statement.merge, [source, run, .bool(unit.allowsOlder)])
        var byStream: [Int64: RowCounts] = [:]
        for (stream, staged) in rows.streams { byStream[stream, default: RowCounts()].duplicate = staged }
        for row in 0..<result.rowCount {
            let kept = Int(try result.int(row, 1) ?? 0)
            var counts = byStream[try result.int(row, 0) ?? 0] ?? RowCounts()
            counts.inserted = Int(try result.int(row, 2) ?? 0)
            counts.updated = Int(try result.int(row, 3) ?? 0)
            let superseded = Int(try result.int(row, 4) ?? 0)
            counts.unchanged = kept - counts.inserted - counts.updated - superseded
            counts.duplicate += superseded - kept
            byStream[try result.int(row, 0) ?? 0] = counts
        }
        paths.note(rows, inserted: byStream.values.reduce(0) { $0 + $1.inserted })
        return byStream
    }
}

/// What a transaction has stored.
private struct StoredUnit: Sendable {
    let counts: PublishCounts
    /// The session that stored it.
    let session: Int
    /// See ``UnflushedUnits``.
    let ledger: (before: Int64, after: Int64)
}

extension Warehouse {
    /// Publishes the commit units of the run that `lease` was taken for.
    package func writer(_ lease: Lease) -> CommitUnitWriter { CommitUnitWriter(database: writing, lease: lease) }
}

extension CommitUnit {
    /// The tables with rows, in one fixed order for all writers.
    var orderedTables: [StagedRows] {
        tables.values.filter { !$0.buffer.isEmpty }.sorted { $0.table.name < $1.table.name }
    }
}
