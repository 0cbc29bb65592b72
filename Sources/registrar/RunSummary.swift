import JSON
import Settings
import Sync

/// What a run did, for the user or as JSON.
enum RunSummary {
    /// One block a source: a line a stream, then the total. Why it failed is said on standard error.
    static func text(_ report: RunReport) -> String {
        report.sources.filter(hasBegun).map(text(of:)).joined(separator: "\n")
    }

    /// Of a run that was refused there is nothing to sum up.
    private static func hasBegun(_ source: SourceReport) -> Bool { source.mode != "none" }

    private static func text(of source: SourceReport) -> String {
        var text = "\(source.id): \(source.mode) \(source.status)"
        if let runID = source.runID { text += " (run \(runID))" }
        text += "\n" + RunTable(source).text
        text +=
            "  \(Numbers.counted(source.requests, "request")), \(Numbers.counted(source.rowsWritten, "row")) written, "
            + "\(Numbers.time(source.seconds))\n"
        if source.rowsRejected > 0 {
            text +=
                "  \(Numbers.counted(source.rowsRejected, "record")) \(source.rowsRejected == 1 ? "was" : "were") "
                + "rejected: see `registrar rejects --source \(source.id)`\n"
        }
        if source.exitCode == 0, let message = source.message { text += "  \(LogSafe.text(message))\n" }
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
            ("tables", .array(stream.tables.map(json(of:)))),
        ])
    }
}
