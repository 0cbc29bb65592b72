import Settings

/// Progress as lines for people.
enum ProgressText {
    /// The live line of a source, at most `width` columns: `grow  312 of about 887 requests  2.5/s  ETA 3:50`.
    static func live(_ summary: ProgressBoard.SourceSummary, nameWidth: Int, width: Int) -> String {
        var line = TextTable.padded(summary.source, to: nameWidth)
        if ["plan", "doctor"].contains(summary.work) { line += "  \(summary.work)" }
        let (requests, remaining) = (Numbers.grouped(summary.requests), summary.remaining.map(Numbers.time))
        switch summary.total {
        case .about(let all):
            line += "  \(requests) of about \(Numbers.counted(all, "request"))"
        case .atLeast(let all):
            line += "  \(requests) of at least \(Numbers.counted(all, "request"))"
        case .unknown:
            line += "  \(Numbers.counted(summary.requests, "request"))"
        }
        if let rate = summary.perSecond { line += "  \(rate >= 100 ? Numbers.grouped(Int(rate)) : tenths(rate))/s" }
        switch summary.total {
        case .about: line += remaining.map { "  ETA \($0)" } ?? ""
        case .atLeast: line += remaining.map { "  ETA \($0) or later" } ?? ""
        case .unknown: break
        }
        return cut(line, width)
    }

    /// The live line of a stream, below that of its source.
    static func live(_ summary: ProgressBoard.StreamSummary, nameWidth: Int, width: Int) -> String {
        var line = "  " + TextTable.padded(summary.stream, to: nameWidth)
        line += "  \(Numbers.counted(summary.rows, "row"))"
        if summary.listsKnown > 1 {
            let done = Numbers.grouped(summary.listsDone)
            line += "  \(done) of \(Numbers.counted(summary.listsKnown, "list"))"
        } else if let page = summary.page {
            line +=
                "  "
                + (summary.pages.map { "\(Numbers.grouped(page)) of \(Numbers.counted($0, "page"))" }
                    ?? Numbers.counted(page, "page"))
        }
        if summary.rowsPerSecond > 0 { line += "  \(Numbers.grouped(summary.rowsPerSecond)) rows/s" }
        if let remaining = summary.remaining { line += "  ETA \(Numbers.time(remaining))" }
        return cut(line, width)
    }

    /// The line that stays when a stream is done.
    static func finished(_ summary: ProgressBoard.StreamSummary) -> String {
        "\(summary.source) \(summary.stream): \(Numbers.counted(summary.rows, "row")) in \(Numbers.time(summary.seconds))"
    }

    private static func tenths(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }

    private static func cut(_ line: String, _ width: Int) -> String {
        String(LogSafe.text(line).prefix(max(1, width - 1)))
    }
}
