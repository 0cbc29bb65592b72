import JSON
import Settings
import Sync

/// What `reconcile` found, for the user or as the contract's JSON.
enum ReconcileText {
    /// Differences of one source that are listed one by one; all are in the JSON.
    private static let listed = 100

    static func text(_ report: ReconcileReport) -> String {
        // Of a run that was refused there is nothing to show: standard error says why.
        report.sources.filter { $0.run.mode != "none" }.map(text(of:)).joined(separator: "\n")
    }

    private static func text(of source: SourceDifferences) -> String {
        let run = source.run
        var text = "\(run.id): \(run.mode) \(run.status)"
        if let runID = run.runID { text += " (run \(runID))" }
        text += "\n"
        guard run.runID != nil else { return text }
        if !source.counts.isEmpty {
            var table = TextTable([
                ("stream", .left), ("missing here", .right), ("gone there", .right), ("different", .right),
            ])
            for (stream, counts) in source.counts {
                let numbers = [counts.missingHere, counts.goneThere, counts.different]
                table.add([stream] + numbers.map { Numbers.grouped($0) })
            }
            text += table.text(indent: "  ")
            for difference in source.differences.prefix(listed) { text += "  \(line(difference))\n" }
            let rest = source.total - min(source.differences.count, listed)
            if rest > 0 { text += "  … and \(Numbers.grouped(rest)) more: see --json\n" }
        }
        let repaired = source.repaired > 0 ? ", \(Numbers.grouped(source.repaired)) of them repaired" : ""
        text +=
            "  \(source.total == 0 ? "no" : Numbers.grouped(source.total)) differences\(repaired); "
            + "\(Numbers.counted(run.requests, "request")), \(Numbers.counted(run.rowsRead, "row")) compared, "
            + "\(Numbers.time(run.seconds))\n"
        for (column, rows) in source.withinBounds {
            text +=
                "  within bounds: \(Numbers.grouped(rows)) \(rows == 1 ? "row differs" : "rows differ") in \(column), "
                + "which is read once a day\n"
        }
        if !source.isFull {
            text +=
                "  lists whose counts are equal were not read to their ends: differences in them are found with --full\n"
        }
        if source.total > source.repaired, run.runID != nil {
            text += "  `registrar reconcile --repair` with the same options pulls what differs\n"
        }
        return text
    }

    private static func line(_ difference: Difference) -> String {
        let key = difference.key.map { "\($0.column)=\(LogSafe.text($0.value))" }.joined(separator: ", ")
        let columns = difference.columns.isEmpty ? "" : ": \(difference.columns.joined(separator: ", "))"
        return "\(difference.kind) \(difference.table) \(key)\(columns)\(difference.isRepaired ? " (repaired)" : "")"
    }

    static func json(_ report: ReconcileReport) -> JSONOutput {
        .object([
            ("sources", .array(report.sources.map(json(of:)))),
            ("exit_code", JSONOutput(report.exitCode)),
        ])
    }

    private static func json(of source: SourceDifferences) -> JSONOutput {
        .object([
            ("id", .string(source.run.id)),
            ("run_id", source.run.runID.map { JSONOutput($0) } ?? .null),
            ("status", .string(source.run.status)),
            ("exit_code", JSONOutput(source.run.exitCode)),
            ("message", JSONOutput(source.run.message)),
            ("full", .bool(source.isFull)),
            ("requests", JSONOutput(source.run.requests)),
            ("rows_read", JSONOutput(source.run.rowsRead)),
            ("found", JSONOutput(source.total)),
            ("repaired", JSONOutput(source.repaired)),
            ("remaining", JSONOutput(source.total - source.repaired)),
            ("within_bounds", .object(source.withinBounds.map { ($0.column, JSONOutput($0.rows)) })),
            ("truncated", .bool(source.differences.count < source.total)),
            ("differences", .array(source.differences.map(json(of:)))),
        ])
    }

    private static func json(of difference: Difference) -> JSONOutput {
        .object([
            ("stream", .string(difference.stream)),
            ("table", .string(difference.table)),
            ("key", .object(difference.key.map { ($0.column, .string($0.value)) })),
            ("kind", .string(difference.kind)),
            ("columns", .array(difference.columns.map(JSONOutput.string))),
            ("repaired", .bool(difference.isRepaired)),
        ])
    }
}
