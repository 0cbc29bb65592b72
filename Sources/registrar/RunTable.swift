import Sync

/// What a run did, a line a stream: what was idle is left out, and columns that say nothing.
struct RunTable {
    private let source: SourceReport

    init(_ source: SourceReport) { self.source = source }

    var text: String {
        guard !source.streams.isEmpty else { return "" }
        let busy = source.streams.filter { !Self.isIdle($0) }
        let total = Self.sum(of: source)
        let columns = Self.columns.filter { $0.isAlwaysShown || $0.count(total) != 0 }
        var table = TextTable(
            [("stream", .left), ("requests", .right)] + columns.map { ($0.heading, .right) } + [("", .left)]
        )
        for stream in busy + [total] {
            let parts = stream.tables.isEmpty ? [stream] : stream.tables
            for (index, part) in parts.enumerated() {
                let requests = index == 0 ? Numbers.grouped(stream.requests) : ""
                let remark = index > 0 || ["succeeded", ""].contains(stream.status) ? "" : stream.status
                table.add([part.name, requests] + columns.map { Numbers.grouped($0.count(part)) } + [remark])
            }
        }
        let idle = source.streams.filter(Self.isIdle).map(\.name)
        return table.text(indent: "  ") + (idle.isEmpty ? "" : "  idle: \(idle.joined(separator: ", "))\n")
    }

    private struct Column: Sendable {
        let heading: String
        var isAlwaysShown = true
        let count: @Sendable (StreamReport) -> Int
    }

    private static let columns = [
        Column(heading: "read") { $0.rowsRead },
        Column(heading: "inserted") { $0.rowsInserted },
        Column(heading: "updated") { $0.rowsUpdated },
        Column(heading: "unchanged") { $0.rowsUnchanged },
        Column(heading: "duplicate", isAlwaysShown: false) { $0.rowsDuplicate },
        Column(heading: "suppressed", isAlwaysShown: false) { $0.rowsSuppressed },
        Column(heading: "deleted", isAlwaysShown: false) { $0.rowsDeleted },
        Column(heading: "rejected", isAlwaysShown: false) { $0.rowsRejected },
    ]

    private static func isIdle(_ stream: StreamReport) -> Bool {
        stream.status == "succeeded" && stream.requests == 0 && stream.rowsRead == 0 && stream.rowsDeleted == 0
    }

    private static func sum(of source: SourceReport) -> StreamReport {
        var total = StreamReport(name: "total", requests: source.requests)
        for stream in source.streams {
            total.rowsRead += stream.rowsRead
            total.rowsInserted += stream.rowsInserted
            total.rowsUpdated += stream.rowsUpdated
            total.rowsUnchanged += stream.rowsUnchanged
            total.rowsDuplicate += stream.rowsDuplicate
            total.rowsSuppressed += stream.rowsSuppressed
            total.rowsDeleted += stream.rowsDeleted
            total.rowsRejected += stream.rowsRejected
        }
        return total
    }
}
