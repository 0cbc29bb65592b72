import Settings
import Sync

/// `status` for the user or as the contract's JSON.
enum StatusText {
    static func text(_ report: StatusReport) -> String {
        let unlisted = ForgetText.unlisted(report.unlisted)
        guard !report.sources.isEmpty else {
            return waits(report) + (unlisted.isEmpty ? "no source has been read yet\n" : unlisted)
        }
        return waits(report) + report.sources.map(text(of:)).joined(separator: "\n")
            + (unlisted.isEmpty ? "" : "\n\(unlisted)")
    }

    /// What waits for room in the warehouse now.
    private static func waits(_ report: StatusReport) -> String {
        report.waits.map { wait in
            "warehouse: \(LogSafe.text(wait.session)) waits since \(seconds(wait.since)), until \(seconds(wait.until)) "
                + "at most: \(LogSafe.text(wait.cause))\n"
        }.joined()
    }

    private static func json(of wait: WaitStatus) -> JSONOutput {
        .object([
            ("session", .string(wait.session)), ("cause", .string(wait.cause)), ("since", .string(wait.since)),
            ("until", .string(wait.until)),
        ])
    }

    private static func text(of source: SourceStatus) -> String {
        var text = "\(source.id) (\(source.kind)): \(source.state)\n"
        if let run = source.lastRun {
            text += "  last run \(run.runID): \(run.mode) \(run.status)"
            if let start = run.startedAt { text += ", started \(seconds(start))" }
            if let end = run.finishedAt { text += ", ended \(seconds(end))" }
            text += ", \(Numbers.grouped(run.requests)) requests, \(Numbers.grouped(run.rowsWritten)) rows written\n"
            text += planned(run)
            if let error = run.error { text += "  \(LogSafe.text(error))\n" }
        }
        if !source.bounds.isEmpty {
            let bounds = source.bounds.map { "\($0.option) \(duration($0.seconds))" }
            text += "  any silent change is seen within: \(bounds.joined(separator: ", "))\n"
        }
        guard !source.streams.isEmpty else { return text }
        var table = TextTable([
            ("stream", .left), ("rows", .right), ("rejects", .right), ("data as of", .left), ("loaded at", .left),
            ("watermark", .left),
        ])
        for stream in source.streams {
            table.add([
                stream.name, Numbers.grouped(stream.rows), Numbers.grouped(stream.rejects),
                stream.dataAsOf.map(seconds) ?? "-", stream.loadedAt.map(seconds) ?? "-", watermark(of: stream),
            ])
        }
        return text + table.text(indent: "  ") + source.streams.map(proof(of:)).joined()
    }

    /// What the run was said to cost beside what it cost, stream by stream where they differ.
    private static func planned(_ run: RunStatus) -> String {
        guard let planned = run.plannedRequests else { return "" }
        var text = "  planned \(Numbers.grouped(planned)) requests, made \(Numbers.grouped(run.requests))"
        if planned > 0 {
            let share = (Double(run.requests) / Double(planned) - 1) * 100
            text += " (\(share < 0 ? "" : "+")\(Int(share.rounded())) %)"
        }
        let others = run.streams.filter { $0.planned ?? 0 != $0.requests }.map { stream in
            "\(stream.name) \(stream.planned.map { Numbers.grouped($0) } ?? "-")/\(Numbers.grouped(stream.requests))"
        }
        return text + (others.isEmpty ? "" : ": \(others.joined(separator: ", "))") + "\n"
    }

    /// When everything in a stream was last read, and the parts of it that were not.
    private static func proof(of stream: StreamStatus) -> String {
        var text = ""
        if let time = stream.oldestVerifiedAt {
            text += "  \(stream.name): everything verified since \(seconds(time))\n"
        }
        guard !stream.notRead.isEmpty else { return text }
        let counts = stream.coverage.sorted { $0.key < $1.key }
            .map { "\(Numbers.grouped($0.value)) \($0.key)" }.joined(separator: ", ")
        let names = stream.notRead.prefix(10).map { part in
            let name = part.partition.isEmpty ? "the whole list" : LogSafe.text(part.partition)
            return "\(name) \(part.outcome)"
        }
        let more = stream.notRead.count > names.count ? ", …" : ""
        return text + "  \(stream.name): parts \(counts); not read: \(names.joined(separator: ", "))\(more)\n"
    }

    /// The watermark of the whole stream, else how many partitions have one.
    private static func watermark(of stream: StreamStatus) -> String {
        if let whole = stream.watermarks.first(where: { $0.partition.isEmpty }) { return whole.position }
        return stream.watermarks.isEmpty ? "-" : "\(Numbers.grouped(stream.watermarks.count)) partitions"
    }

    /// As `registrar.yaml` spells it: `90s`, `15m`, `6h`, `30d`.
    private static func duration(_ seconds: Int64) -> String {
        for (unit, name) in [(Int64(86_400), "d"), (3_600, "h"), (60, "m")] where seconds >= unit && seconds % unit == 0
        {
            return "\(seconds / unit)\(name)"
        }
        return "\(seconds)s"
    }

    /// A time without the parts of its second.
    private static func seconds(_ time: String) -> String {
        guard let dot = time.firstIndex(of: ".") else { return time }
        return String(time[..<dot]) + (time.last == "Z" ? "Z" : "")
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
            ("bounds", .object(source.bounds.map { ($0.option, JSONOutput($0.seconds)) })),
            ("streams", .array(source.streams.map(json(of:)))),
        ])
    }

    private static func json(of run: RunStatus) -> JSONOutput {
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
