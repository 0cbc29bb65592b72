import LMSSimulator
import RegistrarTesting
import Sync

/// Runs one mode after the other and notes what each asked and changed.
struct TraceRecorder {
    let harness: SchoolHarness
    private(set) var trace: Trace
    private var state: WarehouseState
    private var planted: [String] = []
    private let withRows: Bool

    init(_ harness: SchoolHarness, head: [String]) async throws {
        withRows = TraceFixture.wholeTraces != nil
        state = try await WarehouseState(of: harness, withRows: withRows)
        (self.harness, trace) = (harness, Trace(head: head))
    }

    /// Notes what was changed in the warehouse from outside, so that the next run is not taken for the author.
    mutating func notePlanting() async throws {
        let before = state
        state = try await WarehouseState(of: harness, withRows: withRows)
        planted = state.changedTables(since: before)
    }

    /// Notes a run, which `run` makes; it returns what came of the run beyond what the ledger has.
    mutating func record(_ name: String, telling run: (SchoolHarness) async throws -> [String]) async throws {
        let before = state
        harness.simulator.resetRequests(recent: 100_000)
        let outcome = try await run(harness)
        let requests = harness.simulator.requests
        let after = try await WarehouseState(of: harness, withRows: withRows)
        let lines = requests.recent.map(Self.sorted)
        var parts = [
            Trace.Part(title: "planted before it", lines: planted),
            Trace.Part(title: "outcome", lines: outcome, shown: 12),
            Trace.Part(title: "ledger", lines: try await ledger(after: before.lastRun)),
            Trace.Part(
                title: "order of \(requests.total) requests, token calls apart: \(requests.token)",
                lines: Trace.order(of: lines),
                shown: 24
            ),
            Trace.Part(title: "requests", lines: lines, shown: 3),
        ]
        if lines.isEmpty {
            parts.append(Trace.Part(title: "no requests, token calls: \(requests.token)", lines: ["-"]))
        }
        parts += WarehouseState.kinds.map {
            Trace.Part(title: $0, lines: after.changes(of: $0, since: before), shown: 2)
        }
        parts.append(Trace.Part(title: "tables", lines: after.changedTables(since: before)))
        trace.sections.append(Trace.Section(name: name, parts: parts))
        (state, planted) = (after, [])
    }

    /// Notes a run that tells of itself in a report.
    mutating func record(_ name: String, report run: (SchoolHarness) async throws -> RunReport) async throws {
        // Every simulator has a port of its own.
        let url = harness.simulator.url
        let withoutHost = { (text: String) in text.replacing(url, with: "") }
        try await record(
            name,
            telling: { harness in
                let report = try await run(harness)
                return report.sources.flatMap { source in
                    ["\(source.mode) \(source.status), exit \(source.exitCode)"]
                        + ([source.message].compactMap { $0 } + source.notes).map(withoutHost)
                        + source.unknown.map { "unknown: \($0)" }
                }
            }
        )
    }

    /// A request line with its arguments in alphabetical order.
    private static func sorted(_ line: String) -> String {
        guard let mark = line.firstIndex(of: "?") else { return line }
        let arguments = line[line.index(after: mark)...].split(separator: "&").sorted()
        return line[..<mark] + (arguments.isEmpty ? "" : "?" + arguments.joined(separator: "&"))
    }

    /// What the ledger says of the runs since `run`: the counts of each stream that are not 0.
    private func ledger(after run: Int) async throws -> [String] {
        let columns = [
            "requests", "rows_read", "rows_inserted", "rows_updated", "rows_unchanged", "rows_duplicate",
            "rows_suppressed", "rows_deleted", "rows_rejected",
        ]
        let rows = try await harness.sql(
            """
            SELECT s.stream, s.status, \(columns.map { "s.\($0)" }.joined(separator: ", "))
            FROM sync.runs r JOIN sync.run_streams s USING (run_id) WHERE run_id > \(run)
            ORDER BY run_id, s.stream COLLATE "C"
            """
        )
        return rows.compactMap { row in
            let counts = zip(columns, row.dropFirst(2)).compactMap { name, value -> String? in
                guard let value, value != "0" else { return nil }
                return "\(name.replacing("rows_", with: "")) \(value)"
            }
            let status = row[1] == "succeeded" ? "" : " \(row[1] ?? "")"
            guard !counts.isEmpty || !status.isEmpty else { return nil }
            return "\(row[0] ?? "")\(status): \(counts.joined(separator: ", "))"
        }
    }
}
