import Sync

/// What is known about the streams under way.
///
/// A value without clock or output: both are given to it.
struct ProgressBoard {
    private struct Key: Hashable {
        let source: String
        let stream: String
    }

    private struct Row {
        var startedAt: Double
        var pages = 0
        var rows = 0
        var totalPages: Int?
    }

    /// A stream's state for people and logs.
    struct Summary: Equatable {
        var source: String
        var stream: String
        var rows: Int
        var pages: Int
        var totalPages: Int?
        var rowsPerSecond: Int
        var seconds: Double
        /// Seconds until the last page at the present pace.
        var remaining: Double?
    }

    private var order: [Key] = []
    private var rows: [Key: Row] = [:]

    var isEmpty: Bool { order.isEmpty }

    /// Takes an event that happened at `now` seconds on a clock that never goes back.
    ///
    /// - Returns: The stream the event is about, as it stands after it; `nil` for a note.
    @discardableResult
    mutating func apply(_ event: ProgressEvent, at now: Double) -> Summary? {
        switch event {
        case .streamStarted(let source, let stream, let expectedPages):
            let key = Key(source: source, stream: stream)
            if rows[key] == nil { order.append(key) }
            rows[key] = Row(startedAt: now, totalPages: expectedPages)
            return summary(of: key, at: now)
        case .page(let source, let stream, let pages, let count, let totalPages):
            let key = Key(source: source, stream: stream)
            if rows[key] == nil { order.append(key) }
            var row = rows[key] ?? Row(startedAt: now)
            row.pages = pages
            row.rows = count
            row.totalPages = totalPages ?? row.totalPages
            rows[key] = row
            return summary(of: key, at: now)
        case .streamFinished(let source, let stream, let count):
            let key = Key(source: source, stream: stream)
            rows[key, default: Row(startedAt: now)].rows = count
            let summary = summary(of: key, at: now)
            rows[key] = nil
            order.removeAll { $0 == key }
            return summary
        case .note:
            return nil
        }
    }

    /// The streams under way, in the order they began.
    func summaries(at now: Double) -> [Summary] {
        order.compactMap { summary(of: $0, at: now) }
    }

    private func summary(of key: Key, at now: Double) -> Summary? {
        guard let row = rows[key] else { return nil }
        let seconds = max(0, now - row.startedAt)
        var remaining: Double?
        if let total = row.totalPages, row.pages > 0, seconds > 0, total >= row.pages {
            remaining = Double(total - row.pages) * seconds / Double(row.pages)
        }
        return Summary(
            source: key.source,
            stream: key.stream,
            rows: row.rows,
            pages: row.pages,
            totalPages: row.totalPages,
            rowsPerSecond: seconds > 0 ? Int(min(1e12, Double(row.rows) / seconds)) : 0,
            seconds: seconds,
            remaining: remaining
        )
    }
}
