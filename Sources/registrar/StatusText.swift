import JSON
import Settings
import Sync

/// `status` for the user or as the contract's JSON.
enum StatusText {
    /// - Parameter isVerbose: Whether moments are told whole, and watermarks too.
    static func text(_ report: StatusReport, isVerbose: Bool = false) -> String {
        let sources = report.sources.map { StatusOfSource($0, now: report.madeAt, isVerbose: isVerbose).text }
        let unlisted = ForgetText.unlisted(report.unlisted)
        return waits(report) + (sources + (unlisted.isEmpty ? [] : [unlisted])).joined(separator: "\n")
    }

    /// What waits for room in the warehouse now.
    private static func waits(_ report: StatusReport) -> String {
        report.waits.map { wait in
            "warehouse: \(LogSafe.text(wait.session)) waits since \(Age.wholeSeconds(wait.since)), until "
                + "\(Age.wholeSeconds(wait.until)) at most: \(LogSafe.text(wait.cause))\n"
        }.joined()
    }

    private static func json(of wait: WaitStatus) -> JSONOutput {
        .object([
            ("session", .string(wait.session)), ("cause", .string(wait.cause)), ("since", .string(wait.since)),
            ("until", .string(wait.until)),
        ])
    }

    static func json(_ report: StatusReport) -> JSONOutput {
        .object([
            ("sources", .array(report.sources.map(json(of:)))), ("unlisted", ForgetText.json(report.unlisted)),
            ("warehouse_waits", .array(report.waits.map(json(of:)))),
        ])
    }

    private static func json(of source: SourceStatus) -> JSONOutput {
        .object([
            ("id", .string(source.id)),
            ("kind", .string(source.kind)),
            ("state", .string(source.state)),
            ("last_run", source.lastRun.map(json(of:)) ?? .null),
            ("runs", .array(source.runs.map(json(of:)))),
            ("not_before", JSONOutput(source.pausedUntil)),
            ("bounds", .object(source.bounds.map { ($0.option, JSONOutput($0.seconds)) })),
            ("streams", .array(source.streams.map(json(of:)))),
        ])
    }

    private static func json(of run: ReportedRun) -> JSONOutput {
        .object([
            ("run_id", JSONOutput(run.runID)),
            ("mode", .string(run.mode)),
            ("status", .string(run.status)),
            ("started_at", JSONOutput(run.startedAt)),
            ("finished_at", JSONOutput(run.finishedAt)),
            ("requests", JSONOutput(run.requests)),
            ("planned_requests", run.plannedRequests.map { JSONOutput($0) } ?? .null),
            ("rows_read", JSONOutput(run.rowsRead)),
            ("rows_written", JSONOutput(run.rowsWritten)),
            ("rows_deleted", JSONOutput(run.rowsDeleted)),
            ("rows_rejected", JSONOutput(run.rowsRejected)),
            ("error", JSONOutput(run.error)),
            ("connection_gone", .bool(run.isConnectionGone)),
            (
                "streams",
                .array(
                    run.streams.map { stream in
                        .object([
                            ("name", .string(stream.name)), ("requests", JSONOutput(stream.requests)),
                            ("planned_requests", stream.planned.map { JSONOutput($0) } ?? .null),
                        ])
                    }
                )
            ),
        ])
    }

    private static func json(of stream: StreamStatus) -> JSONOutput {
        .object(members(of: stream) + proofMembers(of: stream))
    }

    /// Members that only streams with marked or counted parts have.
    private static func proofMembers(of stream: StreamStatus) -> [(String, JSONOutput)] {
        var members: [(String, JSONOutput)] = []
        if let time = stream.oldestVerifiedAt { members.append(("oldest_verified_at", .string(time))) }
        guard !stream.coverage.isEmpty else { return members }
        let counts = stream.coverage.sorted { $0.key < $1.key }.map { ($0.key, JSONOutput($0.value)) }
        let parts = stream.notRead.map { part in
            JSONOutput.object([("partition", .string(part.partition)), ("outcome", .string(part.outcome))])
        }
        return members + [("coverage", .object(counts)), ("not_read", .array(parts))]
    }

    private static func members(of stream: StreamStatus) -> [(String, JSONOutput)] {
        [
            ("name", .string(stream.name)),
            ("rows", JSONOutput(stream.rows)),
            ("rejects", JSONOutput(stream.rejects)),
            ("data_as_of", JSONOutput(stream.dataAsOf)),
            ("loaded_at", JSONOutput(stream.loadedAt)),
            (
                "watermarks",
                .array(
                    stream.watermarks.map { mark in
                        .object([
                            ("partition", .string(mark.partition)), ("position", .raw(mark.position)),
                            ("data_as_of", JSONOutput(mark.dataAsOf)),
                        ])
                    }
                )
            ),
        ]
    }
}
