import Extractor
package import LMSSimulator
package import Logging
package import Platforms
package import Postgres
import Records
package import Settings
package import Sync

/// A simulated school, an empty migrated warehouse and the service between them: what an end-to-end test works with.
///
/// Lent by ``withSchool(_:_:)``:
///
///     try await withSchool(SchoolOptions(kind: .grow, school: .generated(shape, seed: 7))) { harness in
///         let first = await harness.baseline()                 // RunReport, as the commands get it
///         harness.simulator.change(ChangeRequest(seed: 3, count: 40))
///         harness.simulator.advance(seconds: 7_200)            // the school's clock, not ours
///         let second = await harness.sync()
///         let differences = try await harness.compareWithTruth()   // [] or readable lines, first ones first
///     }
///
/// - `simulator`: the school itself; `change`, `advance`, `faults`, `requests`, `truth` are its own functions.
/// - ``baseline(streams:restart:)``, ``sync(streams:)``: what the commands of the same name do, with a service of its
///   own each time, as if each were a new process. Cancel the task to interrupt one.
/// - ``configured(_:)``: the same school and warehouse with other settings of the source.
/// - ``watchingRequests(_:)``: the same with a hook that sees every call before it is sent (``RequestWatch``).
/// - ``compareWithTruth(_:leavingOut:limit:)``: the warehouse's live rows against the school's ground truth, by key and
///   column.
/// - ``rowVersions()``: a fingerprint of every tuple of every `lms` table (I9); equal means that nothing was written.
/// - ``contents()``: a fingerprint of every live row without its bookkeeping (I1); equal means the same data.
/// - ``bookkeepingFaults()``: what is wrong with the run ledger (I11, I15); empty when the books balance.
/// - ``requestsOfLastRun()``: calls by stream as the ledger has them; ``servedRequests()``: as the school counted them.
/// - ``RequestFormula``: what the formula of Sources/Platforms/LearnWorlds/README.md §4 says a baseline costs, from the
///   school's own numbers.
/// - ``sql(_:_:)``, ``value(_:)``: a look at the warehouse from outside.
package struct SchoolHarness: Sendable {
    /// The school; its clock stands still unless it is advanced.
    package var simulator: Simulator
    /// What the test asked for.
    package let options: SchoolOptions
    /// The test's own database.
    package var warehouseURL: String
    /// What `registrar.yaml` would say: one source.
    package var configuration: RegistrarConfiguration
    /// Transport, limits and delays; every harness has a rate limiter of its own.
    package var parts: ServiceParts
    /// Where the runs log; silent by default.
    package var logger: Logger
    /// Who is told of progress; nobody by default.
    package var progress: any ProgressReporting = SilentProgress()

    /// The id of the source.
    package static let sourceID = "acme"

    /// Runs `baseline`.
    @discardableResult
    package func baseline(streams: [String] = [], restart: Bool = false) async -> RunReport {
        await service("baseline").baseline(sources: [], streams: streams, restart: restart)
    }

    /// Runs `sync`.
    @discardableResult
    package func sync(streams: [String] = []) async -> RunReport {
        await service("sync").sync(sources: [], streams: streams, dryRun: false)
    }

    /// Runs `sync --full`.
    ///
    /// - Parameter maxAge: `--max-age`.
    @discardableResult
    package func sweep(streams: [String] = [], maxAge: Duration = .zero) async -> RunReport {
        await service("sync").sync(sources: [], streams: streams, sweepAge: maxAge, dryRun: false)
    }

    /// Runs `sync --learner … --course …`.
    @discardableResult
    package func pull(learners: [String] = [], courses: [String] = [], dryRun: Bool = false) async -> RunReport {
        await service("sync").pull(
            OnDemand(learners: learners, courses: courses),
            sources: [],
            streams: [],
            dryRun: dryRun
        )
    }

    /// Runs `replay`.
    @discardableResult
    package func replay(from: String, to: String, activities: [String] = []) async throws -> RunReport {
        try await service("replay").replay(source: Self.sourceID, from: from, to: to, activities: activities)
    }

    /// A fingerprint of every watermark that is one: what a connection has learnt is kept beside them.
    package func watermarkVersions() async throws -> String {
        try await value(
            """
            SELECT coalesce(md5(string_agg(to_jsonb(w)::text, ',' ORDER BY stream, partition)), '')
            FROM sync.watermarks w WHERE stream <> 'connection'
            """
        ) ?? ""
    }

    /// A service as a command of that name would make it.
    package func service(_ command: String = "test") -> SyncService {
        SyncService(
            configuration: configuration,
            warehouse: WarehouseAccess(url: warehouseURL, command: command),
            logger: logger,
            progress: progress,
            parts: parts
        )
    }

    /// The same school and warehouse with other settings of the source.
    package func configured(_ change: (inout SourceSettings) -> Void) -> SchoolHarness {
        var copy = self
        change(&copy.configuration.sources[0])
        return copy
    }

    /// The same with a hook that is called before every request is sent.
    package func watchingRequests(_ watch: @escaping RequestWatch) -> SchoolHarness {
        var copy = self
        let make = parts.makeTransport
        copy.parts.makeTransport = { origin, connections in
            let (transport, end) = make(origin, connections)
            return (WatchedTransport(transport, watch), end)
        }
        return copy
    }

    // MARK: The warehouse from outside

    /// Runs one statement and returns its rows as text.
    @discardableResult
    package func sql(_ statement: String, _ parameters: [PostgresValue] = []) async throws -> [[String?]] {
        try await PostgresConnection.withConnection(try PostgresSettings(url: warehouseURL)) { connection in
            let result = try await connection.query(statement, parameters, deadline: .seconds(120))
            return try (0..<result.rowCount).map { row in
                try (0..<result.columnCount).map { try result.string(row, $0) }
            }
        }
    }

    /// The only value of a statement.
    package func value(_ statement: String) async throws -> String? { try await sql(statement).first?.first ?? nil }

    /// The only value of a statement, a number; 0 for none.
    package func count(_ statement: String) async throws -> Int { try await value(statement).flatMap { Int($0) } ?? 0 }

    /// Live rows of each `lms` table that has any.
    package func liveRows() async throws -> [String: Int] {
        let union = Table.all
            .map { "SELECT '\($0.name)', count(*) FROM \($0.qualifiedName) WHERE deleted_at IS NULL" }
            .joined(separator: " UNION ALL ")
        return Dictionary(
            uniqueKeysWithValues: try await sql(union).compactMap { row in
                guard let name = row[0], let count = row[1].flatMap({ Int($0) }), count > 0 else { return nil }
                return (name, count)
            }
        )
    }

    /// A fingerprint of every tuple of every `lms` table: any row version that was written changes it.
    package func rowVersions() async throws -> [String: String] {
        try await fingerprints { table in
            """
            SELECT count(*) || ' ' || coalesce(md5(string_agg(tableoid || ' ' || ctid || ' ' || xmin, ','
              ORDER BY tableoid, ctid)), '') FROM \(table.qualifiedName)
            """
        }
    }

    /// A fingerprint of every live row without its bookkeeping; emptied grade cells are left out.
    package func contents() async throws -> [String: String] {
        try await fingerprints { table in
            let leftOut = table.name == "grades" ? " AND NOT (\(Self.emptiedCell))" : ""
            return """
                SELECT count(*) || ' ' || coalesce(bit_xor(h), 0) || ' ' || coalesce(sum(h::numeric), 0) FROM (
                  SELECT hashtextextended((to_jsonb(t) - '{first_seen_at,updated_at,run_id}'::text[])::text, 0) AS h
                  FROM \(table.qualifiedName) t WHERE deleted_at IS NULL\(leftOut)) x
                """
        }
    }

    private func fingerprints(_ query: (Table) -> String) async throws -> [String: String] {
        var prints: [String: String] = [:]
        for table in Table.all { prints[table.name] = try await value(query(table)) }
        return prints
    }
}

extension Dictionary where Key == String, Value == String {
    /// The keys whose values differ, in order: which tables two fingerprints tell apart.
    package func differing(from other: [String: String]) -> [String] {
        Set(keys).union(other.keys).filter { self[$0] != other[$0] }.sorted()
    }
}
