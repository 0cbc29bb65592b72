package import Postgres

/// The PostgreSQL database that rows and state live in.
///
/// It keeps a connection for writing, one for questions and one for the lease, each made when it is first needed and
/// again when it was lost.
package struct Warehouse: Sendable {
    let settings: PostgresSettings
    let timing: RetryTiming
    let history = ConnectionHistory()
    let writing: RetryingConnection
    let reading: RetryingConnection
    private var hasSchema = true

    let waits: WaitBoard

    /// Names a warehouse; nothing is asked of it yet.
    ///
    /// - Parameter onWait: Told of waits for the server that take long: when they begin, each minute, and at their end.
    package init(
        settings: PostgresSettings,
        timing: RetryTiming = RetryTiming(),
        onWait: @escaping @Sendable (WarehouseWait) -> Void = { _ in }
    ) {
        (self.settings, self.timing) = (settings, timing)
        waits = WaitBoard(tell: onWait)
        writing = RetryingConnection(
            settings: settings,
            setUp: Self.writerSetUp,
            timing: timing,
            history: history,
            waits: waits
        )
        reading = RetryingConnection(
            settings: settings,
            setUp: ["SET jit = off; SET enable_material = off"],
            timing: timing,
            history: history,
            waits: waits
        )
    }

    /// Closes the connections.
    package func close() async {
        await writing.close()
        await reading.close()
    }

    /// Answers questions about what is stored.
    package var reader: WarehouseReader { WarehouseReader(database: hasSchema ? reading : nil) }

    /// The same warehouse for whoever only asks, before its first migration: it holds nothing, and notes of plans are
    /// dropped.
    package var withoutSchema: Warehouse {
        var copy = self
        copy.hasSchema = false
        return copy
    }

    /// Whether notes can be kept.
    var keepsNotes: Bool { hasSchema }

    /// Brings the schema up to date.
    package var migrator: Migrator { Migrator(database: writing) }

    /// The writer's session.
    ///
    /// A merge probes the table's key for each staged row in key order, whatever the statistics of a temporary table
    /// make the planner believe: measured, 10,000 rows against a million cost 30 ms that way and a hash join reads the
    /// whole table. Nor may it keep a source's rows aside and search them for each staged row, which it thinks cheap while a
    /// table has no statistics: measured, 61 s instead of 14 for a million rows read again. Staging tables stay in
    /// memory up to the size of a commit unit.
    private static let writerSetUp = [
        "SET temp_buffers = '64MB'; SET work_mem = '64MB'; SET jit = off; SET enable_hashjoin = off; "
            + "SET enable_mergejoin = off; SET enable_seqscan = off; SET enable_material = off"
    ]
}
