import Settings
import Sync

/// What a run did, for the user or as JSON.
enum RunSummary {
    /// One block a source: a line a stream, then the total and why it did not succeed.
    static func text(_ report: RunReport) -> String {
        report.sources.map(text(of:)).joined(separator: "\n")
    }

    private static func text(of source: SourceReport) -> String {
        var text = "\(source.id): \(source.mode) \(source.status)"
        if let runID = source.runID { text += " (run \(runID))" }
        text += "\n"
        let total = StreamReport(
            name: "total",
            requests: source.requests,
            rowsRead: source.rowsRead,
            rowsInserted: source.streams.reduce(0) { $0 + $1.rowsInserted },
            rowsUpdated: source.streams.reduce(0) { $0 + $1.rowsUpdated },
            rowsUnchanged: source.streams.reduce(0) { $0 + $1.rowsUnchanged },
            rowsDeleted: source.rowsDeleted,
            rowsRejected: source.rowsRejected
        )
        if !source.streams.isEmpty {
            var table = TextTable([
                ("stream", .left), ("requests", .right), ("read", .right), ("inserted", .right), ("updated", .right),
                ("unchanged", .right), ("deleted", .right), ("rejected", .right), ("", .left),
            ])
            for stream in source.streams + [total] {
                let counts = [
                    stream.requests, stream.rowsRead, stream.rowsInserted, stream.rowsUpdated, stream.rowsUnchanged,
                    stream.rowsDeleted, stream.rowsRejected,
                ]
                let remark =
                    ["succeeded", "total"].contains(stream.status) || stream.name == "total" ? "" : stream.status
                table.add([stream.name] + counts.map { Numbers.grouped($0) } + [remark])
            }
            text += table.text(indent: "  ")
        }
        text +=
            "  \(Numbers.grouped(source.requests)) requests, \(Numbers.grouped(source.rowsWritten)) rows written, "
            + "\(Numbers.time(source.seconds))\n"
        if source.rowsRejected > 0 {
            text +=
                "  \(Numbers.grouped(source.rowsRejected)) records were rejected: "
                + "see `registrar rejects --source \(source.id)`\n"
        }
        if let message = source.message { text += "  \(LogSafe.text(message))\n" }
        for note in source.notes { text += "  note: \(LogSafe.text(note))\n" }
        return text
    }

    /// The same as one JSON object.
    static func json(_ report: RunReport) -> JSONOutput {
        .object([
            ("sources", .array(report.sources.map(json(of:)))),
            ("exit_code", JSONOutput(report.exitCode)),
        ])
    }

    private static func json(of source: SourceReport) -> JSONOutput {
        .object([
            ("id", .string(source.id)),
            ("run_id", source.runID.map { JSONOutput($0) } ?? .null),
            ("mode", .string(source.mode)),
            ("status", .string(source.status)),
            ("exit_code", JSONOutput(source.exitCode)),
            ("message", JSONOutput(source.message)),
            ("notes", .array(source.notes.map { .string($0) })),
            ("requests", JSONOutput(source.requests)),
            ("rows_read", JSONOutput(source.rowsRead)),
            ("rows_written", JSONOutput(source.rowsWritten)),
            ("rows_deleted", JSONOutput(source.rowsDeleted)),
            ("rows_rejected", JSONOutput(source.rowsRejected)),
            ("seconds", .number((source.seconds * 1000).rounded() / 1000)),
            ("streams", .array(source.streams.map(json(of:)))),
        ])
    }

    private static func json(of stream: StreamReport) -> JSONOutput {
        .object([
            ("name", .string(stream.name)),
            ("status", .string(stream.status)),
            ("requests", JSONOutput(stream.requests)),
            ("rows_read", JSONOutput(stream.rowsRead)),
            ("rows_inserted", JSONOutput(stream.rowsInserted)),
            ("rows_updated", JSONOutput(stream.rowsUpdated)),
            ("rows_unchanged", JSONOutput(stream.rowsUnchanged)),
            ("rows_duplicate", JSONOutput(stream.rowsDuplicate)),
            ("rows_suppressed", JSONOutput(stream.rowsSuppressed)),
            ("rows_deleted", JSONOutput(stream.rowsDeleted)),
            ("rows_rejected", JSONOutput(stream.rowsRejected)),
        ])
    }
}
