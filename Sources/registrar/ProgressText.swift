import Settings

/// Progress as lines for people.
enum ProgressText {
    /// One line of the live block, at most `width` columns.
    static func live(_ summary: ProgressBoard.Summary, nameWidth: Int, width: Int) -> String {
        var line = TextTable.padded("\(summary.source) \(summary.stream)", to: nameWidth)
        line += "  \(Numbers.grouped(summary.rows)) rows"
        let pages = Numbers.grouped(summary.pages)
        line += "  " + (summary.totalPages.map { "\(pages) of \(Numbers.grouped($0)) pages" } ?? "\(pages) pages")
        line += "  \(Numbers.grouped(summary.rowsPerSecond)) rows/s"
        if let remaining = summary.remaining { line += "  ETA \(Numbers.time(remaining))" }
        return String(LogSafe.text(line).prefix(max(1, width - 1)))
    }

    /// The line that stays when a stream is done.
    static func finished(_ summary: ProgressBoard.Summary) -> String {
        "\(summary.source) \(summary.stream): \(Numbers.grouped(summary.rows)) rows in \(Numbers.time(summary.seconds))"
    }
}
