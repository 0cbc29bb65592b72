import Settings
import Sync

/// `status` of one source for people.
struct StatusOfSource {
    private let source: SourceStatus
    private let now: String
    private let isVerbose: Bool

    /// - Parameters:
    ///   - now: When the warehouse was looked at, as ISO 8601.
    ///   - isVerbose: Whether moments are told whole, and watermarks too.
    init(_ source: SourceStatus, now: String, isVerbose: Bool) {
        (self.source, self.now, self.isVerbose) = (source, now, isVerbose)
    }

    var text: String {
        let name = "\(source.id) (\(source.kind))"
        guard source.lastRun != nil || source.streams.contains(where: { $0.rows > 0 }) else {
            return "\(name): nothing loaded yet: registrar baseline\n"
        }
        return "\(name): \(state)\n" + lastRun + bounds + streams + source.streams.map(unread).joined() + runs
    }

    // MARK: The source and its runs

    private var state: String {
        var text = source.state
        if let run = source.lastRun, run.isConnectionGone {
            text += " (its connection is gone); registrar \(run.mode == "baseline" ? "baseline" : "sync") goes on"
        }
        if let until = source.pausedUntil { text += ", paused until \(moment(until))" }
        return text
    }

    private var lastRun: String {
        guard let run = source.lastRun else { return "" }
        var text = "  run \(run.runID): \(run.mode) \(run.status)"
        if let start = run.startedAt { text += ", began \(age(start))" }
        if let start = run.startedAt, let end = run.finishedAt, let seconds = Age.seconds(from: start, to: end) {
            text += ", took \(Numbers.time(seconds))"
        }
        text += "\n  " + (run.status == "running" ? advance(of: run) : requests(of: run))
        text += ", \(Numbers.counted(run.rowsWritten, "row")) written\n"
        if let error = run.error { text += "  \(LogSafe.text(error))\n" }
        return text
    }

    /// How far a run has come; what it has not committed yet is not counted.
    private func advance(of run: ReportedRun) -> String {
        guard let planned = run.plannedRequests, planned > 0 else { return Numbers.counted(run.requests, "request") }
        let about = max(planned, run.requests)
        var text = "\(Numbers.grouped(run.requests)) of about \(Numbers.counted(about, "request"))"
        text += " (\(Int((Double(run.requests) / Double(about) * 100).rounded())) %)"
        if let start = run.startedAt, let seconds = Age.seconds(from: start, to: now), seconds > 0, run.requests > 0 {
            text += ", ETA \(Numbers.time(Double(about - run.requests) * seconds / Double(run.requests)))"
        }
        return text
    }

    /// What the run cost, beside what it was said to cost, stream by stream where they differ.
    private func requests(of run: ReportedRun) -> String {
        guard let planned = run.plannedRequests else { return Numbers.counted(run.requests, "request") }
        // What was cut off says nothing of the plan.
        guard ["succeeded", "partial"].contains(run.status) else {
            let about = max(planned, run.requests)
            return "\(Numbers.grouped(run.requests)) of about \(Numbers.counted(about, "request"))"
        }
        var text = "planned \(Numbers.counted(planned, "request")), made \(Numbers.grouped(run.requests))"
        if planned > 0 {
            let share = (Double(run.requests) / Double(planned) - 1) * 100
            text += " (\(share < 0 ? "" : "+")\(Int(share.rounded())) %)"
        }
        let others = run.streams.filter { $0.planned ?? 0 != $0.requests }.map { stream in
            "\(stream.name) \(stream.planned.map { Numbers.grouped($0) } ?? "-")/\(Numbers.grouped(stream.requests))"
        }
        return text + (others.isEmpty ? "" : " [\(others.joined(separator: ", "))]")
    }

    private var runs: String {
        guard source.runs.count > 1 else { return "" }
        var table = TextTable([
            ("run", .right), ("mode", .left), ("status", .left), ("began", .left), ("took", .right),
            ("requests", .right), ("rows written", .right),
        ])
        for run in source.runs {
            var took = "-"
            if let start = run.startedAt, let end = run.finishedAt, let seconds = Age.seconds(from: start, to: end) {
                took = Numbers.time(seconds)
            }
            table.add([
                String(run.runID), run.mode, run.status, cell(run.startedAt), took,
                Numbers.grouped(run.requests), Numbers.grouped(run.rowsWritten),
            ])
        }
        return table.text(indent: "  ")
    }

    private var bounds: String {
        guard !source.bounds.isEmpty else { return "" }
        let bounds = source.bounds.map { "\($0.option) \(Self.duration($0.seconds))" }
        return "  any silent change is seen within: \(bounds.joined(separator: ", "))\n"
    }

    // MARK: Its streams

    private var streams: String {
        guard !source.streams.isEmpty else { return "" }
        var columns: [(heading: String, alignment: TextTable.Alignment)] = [
            ("stream", .left), ("rows", .right), ("rejects", .right), ("data as of", .left), ("verified since", .left),
            ("loaded", .left),
        ]
        if isVerbose { columns.append(("watermark", .left)) }
        var table = TextTable(columns)
        for stream in source.streams {
            let cells = [
                stream.name, Numbers.grouped(stream.rows), Numbers.grouped(stream.rejects),
                cell(stream.dataAsOf), cell(stream.oldestVerifiedAt), cell(stream.loadedAt),
            ]
            table.add(isVerbose ? cells + [Self.watermark(of: stream)] : cells)
        }
        return table.text(indent: "  ")
    }

    /// The parts of a stream that were not read.
    private func unread(of stream: StreamStatus) -> String {
        guard !stream.notRead.isEmpty else { return "" }
        let counts = stream.coverage.sorted { $0.key < $1.key }
            .map { "\(Numbers.grouped($0.value)) \($0.key)" }.joined(separator: ", ")
        let names = stream.notRead.prefix(10).map { part in
            let name = part.partition.isEmpty ? "the whole list" : LogSafe.text(part.partition)
            return "\(name) \(part.outcome)"
        }
        let more = stream.notRead.count > names.count ? ", …" : ""
        return "  \(stream.name): parts \(counts); not read: \(names.joined(separator: ", "))\(more)\n"
    }

    /// The watermark of the whole stream, else how many partitions have one.
    private static func watermark(of stream: StreamStatus) -> String {
        if let whole = stream.watermarks.first(where: { $0.partition.isEmpty }) { return whole.position }
        return stream.watermarks.isEmpty ? "-" : Numbers.counted(stream.watermarks.count, "partition")
    }

    // MARK: Words

    private func age(_ time: String) -> String {
        isVerbose ? Age.wholeSeconds(time) : Age.text(of: time, now: now)
    }

    /// The same in a table, whose lines are to fit 80 columns.
    private func cell(_ time: String?) -> String {
        guard let time else { return "-" }
        let text = age(time)
        return text.hasSuffix(" ago") ? String(text.dropLast(4)) : text
    }

    private func moment(_ time: String) -> String { isVerbose ? Age.wholeSeconds(time) : Age.minutes(time) }

    /// As `registrar.yaml` spells it: `90s`, `15m`, `6h`, `30d`.
    private static func duration(_ seconds: Int64) -> String {
        for (unit, name) in [(Int64(86_400), "d"), (3_600, "h"), (60, "m")] where seconds >= unit && seconds % unit == 0
        {
            return "\(seconds / unit)\(name)"
        }
        return "\(seconds)s"
    }
}
