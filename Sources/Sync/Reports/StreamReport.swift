import Loader

/// What one run did for one stream.
package struct StreamReport: Sendable {
    package var name: String
    /// As in `sync.run_streams.status`.
    package var status: String
    package var requests: Int
    package var rowsRead: Int
    package var rowsInserted: Int
    package var rowsUpdated: Int
    package var rowsUnchanged: Int
    package var rowsDuplicate: Int
    package var rowsSuppressed: Int
    package var rowsDeleted: Int
    package var rowsRejected: Int
    /// The same by table, where the stream has rows in several.
    package var tables: [StreamReport] = []

    /// A stream's numbers from how its rows were counted.
    ///
    /// - Parameter tables: The counts of its rows by table, as far as they are known.
    init(
        name: String,
        status: String = "succeeded",
        requests: Int = 0,
        _ counts: RowCounts,
        tables: [String: RowCounts] = [:]
    ) {
        self.init(
            name: name,
            status: status,
            requests: requests,
            rowsRead: counts.read,
            rowsInserted: counts.inserted,
            rowsUpdated: counts.updated,
            rowsUnchanged: counts.unchanged,
            rowsDuplicate: counts.duplicate,
            rowsSuppressed: counts.suppressed,
            rowsDeleted: counts.deleted,
            rowsRejected: counts.rejected
        )
        // Rejects belong to the stream; they are told with its first table.
        let others = tables.filter { $0.value != RowCounts() && $0.key != name }.sorted { $0.key < $1.key }
        guard !others.isEmpty else { return }
        let own = others.reduce(into: counts) { $0 -= $1.value }
        self.tables =
            [StreamReport(name: name, requests: requests, own)]
            + others.map { StreamReport(name: $0.key, $0.value) }
    }

    package init(
        name: String,
        status: String = "succeeded",
        requests: Int = 0,
        rowsRead: Int = 0,
        rowsInserted: Int = 0,
        rowsUpdated: Int = 0,
        rowsUnchanged: Int = 0,
        rowsDuplicate: Int = 0,
        rowsSuppressed: Int = 0,
        rowsDeleted: Int = 0,
        rowsRejected: Int = 0
    ) {
        self.name = name
        self.status = status
        self.requests = requests
        self.rowsRead = rowsRead
        self.rowsInserted = rowsInserted
        self.rowsUpdated = rowsUpdated
        self.rowsUnchanged = rowsUnchanged
        self.rowsDuplicate = rowsDuplicate
        self.rowsSuppressed = rowsSuppressed
        self.rowsDeleted = rowsDeleted
        self.rowsRejected = rowsRejected
    }
}
