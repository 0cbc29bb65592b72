import Loader
import Postgres
import Records
import RegistrarTesting

/// A migrated warehouse of a test's own, and a look at it from outside.
struct TestWarehouse: Sendable {
    let warehouse: Warehouse
    let url: String

    /// Takes the lease of a source and opens a run.
    func run(_ sourceID: String = "acme", mode: RunMode = .baseline) async throws -> TestRun {
        guard let lease = try await warehouse.acquireLease(sourceID: sourceID) else { throw LeaseIsHeld() }
        let opening = RunLedger.Opening(
            origin: SourceOrigin(
                kind: "grow",
                url: "https://acme.example.org",
                configDigest: "d",
                storedForm: "{\"custom_fields\":\"all\"}"
            ),
            mode: mode,
            streams: ["learners"]
        )
        let ledger = try await warehouse.openLedger(lease, opening)
        return TestRun(lease: lease, ledger: ledger, writer: warehouse.writer(lease))
    }

    struct LeaseIsHeld: Error {}

    /// Runs one statement on a connection of its own and returns its rows as text.
    @discardableResult
    func sql(_ statement: String, _ parameters: [PostgresValue] = []) async throws -> [[String?]] {
        try await PostgresConnection.withConnection(try PostgresSettings(url: url)) { connection in
            let result = try await connection.query(statement, parameters)
            return try (0..<result.rowCount).map { row in
                try (0..<result.columnCount).map { try result.string(row, $0) }
            }
        }
    }

    /// The only value of a statement.
    func value(_ statement: String) async throws -> String? { try await sql(statement).first?.first ?? nil }
}

/// A run with its lease.
struct TestRun: Sendable {
    let lease: Lease
    let ledger: RunLedger
    let writer: CommitUnitWriter

    /// An empty commit unit of the run.
    var unit: CommitUnit { CommitUnit(sourceID: lease.sourceID, runID: lease.runID) }

    /// Publishes some records as a commit unit of their own.
    @discardableResult
    func publish<R: Record>(_ records: [R], stream: String = "learners") async throws -> PublishCounts {
        var unit = unit
        unit.append(records, stream: stream)
        return try await writer.publish(unit)
    }
}

/// Lends a migrated warehouse.
func withWarehouse(_ body: (TestWarehouse) async throws -> Void) async throws {
    try await TestServer.shared.makeTemplate("loader") { url in
        let warehouse = Warehouse(settings: try PostgresSettings(url: url))
        try await warehouse.migrator.migrate()
        await warehouse.close()
    }
    try await withTestDatabase(template: "loader") { url in
        let warehouse = Warehouse(settings: try PostgresSettings(url: url))
        do {
            try await body(TestWarehouse(warehouse: warehouse, url: url))
        } catch {
            await warehouse.close()
            throw error
        }
        await warehouse.close()
    }
}

/// 2025-01-01 00:00 UTC and so many seconds.
func instant(_ seconds: Int64 = 0) -> Timestamp {
    Timestamp(microsecondsSinceEpoch: (1_735_689_600 + seconds) * 1_000_000)
}

/// Counts with the values of a table's merge.
func counts(
    inserted: Int = 0,
    updated: Int = 0,
    unchanged: Int = 0,
    duplicate: Int = 0,
    rejected: Int = 0
) -> RowCounts {
    var counts = RowCounts()
    counts.inserted = inserted
    counts.updated = updated
    counts.unchanged = unchanged
    counts.duplicate = duplicate
    counts.rejected = rejected
    return counts
}
