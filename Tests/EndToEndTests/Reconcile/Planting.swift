import Foundation
import Records
import RegistrarTesting
import Sync
import Testing

/// Differences planted into a warehouse, as `reconcile` has to name them.
struct Planting {
    let harness: SchoolHarness
    /// `kind table key[: columns]`.
    private(set) var expected: Set<String> = []

    init(_ harness: SchoolHarness) { self.harness = harness }

    /// A difference as these tests write it.
    static func name(_ difference: Difference) -> String {
        name(
            difference.kind,
            difference.table,
            difference.key.map(\.value).joined(separator: "/"),
            difference.columns.joined(separator: ",")
        )
    }

    private static func name(_ kind: String, _ table: String, _ key: String, _ columns: String = "") -> String {
        "\(kind) \(table) \(key)\(columns.isEmpty ? "" : ": \(columns)")"
    }

    private func key(_ table: Table) -> String {
        table.key.map { "t.\($0)::text" }.joined(separator: " || '/' || ")
    }

    private func place(_ table: Table, _ condition: String, _ offset: Int) -> String {
        """
        (SELECT x.ctid FROM \(table.qualifiedName) x WHERE x.deleted_at IS NULL AND \(condition)
         ORDER BY \(table.key.map { "x.\($0) COLLATE \"C\"" }.joined(separator: ", ")) OFFSET \(offset) LIMIT 1)
        """
    }

    private mutating func note(_ rows: [[String?]], _ kind: String, _ table: Table, _ columns: String = "") throws {
        let found = try #require(rows.first?.first ?? nil, "no row of \(table.name) to plant in")
        expected.insert(Self.name(kind, table.name, found, columns))
    }

    /// Loses a row physically.
    mutating func lose(_ table: Table, where condition: String = "true", at offset: Int = 0) async throws {
        let rows = try await harness.sql(
            "DELETE FROM \(table.qualifiedName) t WHERE ctid = \(place(table, condition, offset)) RETURNING \(key(table))"
        )
        try note(rows, "missing_here", table)
    }

    /// Adds a live row: a copy of another one with some columns of its key replaced.
    mutating func invent(
        _ table: Table,
        _ columns: [String: String],
        where condition: String = "true",
        at offset: Int = 0
    ) async throws {
        let json = "{" + columns.map { "\"\($0.key)\": \"\($0.value)\"" }.joined(separator: ", ") + "}"
        let rows = try await harness.sql(
            """
            INSERT INTO \(table.qualifiedName) AS t
            SELECT (jsonb_populate_record(o, '\(json)')).* FROM \(table.qualifiedName) o
            WHERE o.ctid = \(place(table, condition, offset)) RETURNING \(key(table))
            """
        )
        try note(rows, "gone_there", table)
    }

    /// Changes a column behind the platform's back.
    mutating func change(
        _ table: Table,
        _ column: String,
        to value: String,
        where condition: String = "true",
        at offset: Int = 0
    ) async throws {
        let rows = try await harness.sql(
            """
            UPDATE \(table.qualifiedName) t SET \(column) = \(value) WHERE ctid = \(place(table, condition, offset))
            RETURNING \(key(table))
            """
        )
        try note(rows, "different", table, column)
    }

    /// Marks a row as deleted that the platform has.
    mutating func bury(_ table: Table, where condition: String = "true", at offset: Int = 0) async throws {
        let rows = try await harness.sql(
            """
            UPDATE \(table.qualifiedName) t SET deleted_at = now() WHERE ctid = \(place(table, condition, offset))
            RETURNING \(key(table))
            """
        )
        try note(rows, "missing_here", table)
    }
}

extension SchoolHarness {
    /// Runs `reconcile` for the harness's source.
    func reconcile(
        streams: [String] = [],
        courses: [String] = [],
        full: Bool = false,
        repair: Bool = false
    ) async throws -> (source: SourceDifferences, exitCode: Int32, names: Set<String>) {
        let report = await service("reconcile")
            .reconcile(sources: [], streams: streams, courses: courses, full: full, repair: repair)
        let source = try #require(report.sources.first)
        return (source, report.exitCode, Set(source.differences.map(Planting.name)))
    }

    /// The version of every tuple of every `lms` table, by table and key.
    func tuples() async throws -> [String: String] {
        var tuples: [String: String] = [:]
        for table in Table.all {
            let key = table.key.map { "\($0)::text" }.joined(separator: " || '/' || ")
            for row in try await sql("SELECT \(key), xmin::text || ' ' || ctid::text FROM \(table.qualifiedName)") {
                tuples["\(table.name) \(row[0] ?? "")"] = row[1]
            }
        }
        return tuples
    }

    /// Everything of `sync` that a comparison must leave alone.
    ///
    /// What the next sync reads whole because a repair brought its parent back is queued, and no mark.
    func positions() async throws -> [[String?]] {
        try await sql(
            """
            SELECT 'w', stream, partition, position::text, data_as_of::text FROM sync.watermarks WHERE stream <> 'connection'
            UNION ALL SELECT 'p', stream, partition, reason, due_at::text FROM sync.pending WHERE reason <> 'whole'
            UNION ALL SELECT 'c', stream, partition, outcome, last_complete_at::text FROM sync.coverage
            UNION ALL SELECT 'r', stream, natural_key, reason, resolved_at::text FROM sync.rejects ORDER BY 1, 2, 3
            """
        )
    }
}

/// Expects a full comparison to name what was planted, a repair to mend that and touch nothing else, and the next one to find
/// nothing.
///
/// - Parameter plant: Plants differences into the loaded, clean warehouse.
func expectFullReconcile(
    _ harness: SchoolHarness,
    leavingOut: Set<String> = [],
    sourceLocation: SourceLocation = #_sourceLocation,
    _ plant: (inout Planting) async throws -> Void
) async throws {
    let clean = try await harness.reconcile(full: true)
    #expect(clean.exitCode == 0, "\(clean.source.run)", sourceLocation: sourceLocation)
    #expect(clean.names.sorted() == [], sourceLocation: sourceLocation)
    var planting = Planting(harness)
    try await plant(&planting)
    let expected = planting.expected
    let (tuples, positions) = (try await harness.tuples(), try await harness.positions())

    let found = try await harness.reconcile(full: true)
    #expect(found.names.subtracting(expected).sorted() == [], "too much", sourceLocation: sourceLocation)
    #expect(expected.subtracting(found.names).sorted() == [], "not found", sourceLocation: sourceLocation)
    #expect(found.source.total == expected.count && found.source.repaired == 0, sourceLocation: sourceLocation)
    #expect(found.exitCode == 1, sourceLocation: sourceLocation)
    #expect(found.source.run.status == "succeeded", "\(found.source.run)", sourceLocation: sourceLocation)
    #expect(try await harness.tuples() == tuples, "nothing is written", sourceLocation: sourceLocation)

    let mended = try await harness.reconcile(full: true, repair: true)
    #expect(mended.exitCode == 0, "\(mended.source.run)", sourceLocation: sourceLocation)
    #expect(mended.names == expected, sourceLocation: sourceLocation)
    #expect(mended.source.repaired == expected.count, sourceLocation: sourceLocation)
    #expect(try await harness.positions() == positions, "no mark moves", sourceLocation: sourceLocation)
    let named = Set(
        expected.compactMap {
            $0.components(separatedBy: ": ").first?.split(separator: " ").dropFirst().joined(separator: " ")
        }
    )
    let touched = Set(try await harness.tuples().filter { tuples[$0.key] != $0.value }.keys)
    #expect(touched.subtracting(named).sorted() == [], "touched besides", sourceLocation: sourceLocation)
    try await expectTruth(harness, leavingOut: leavingOut, sourceLocation: sourceLocation)

    let second = try await harness.reconcile(full: true)
    #expect(second.exitCode == 0, sourceLocation: sourceLocation)
    #expect(second.names.sorted() == [], sourceLocation: sourceLocation)
    #expect(try await harness.bookkeepingFaults() == [], sourceLocation: sourceLocation)
}
