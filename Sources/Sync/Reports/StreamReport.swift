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
