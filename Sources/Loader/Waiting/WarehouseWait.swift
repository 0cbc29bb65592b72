package import Records

/// A wait for the warehouse: for what, since when, and until when it goes on at most.
package struct WarehouseWait: Sendable, Hashable {
    /// What is waited for, as the server's answer says it; nothing in it quotes rows.
    package let cause: String
    /// When it began.
    package let since: Timestamp
    /// When the work is given up unless it can go on.
    package let until: Timestamp
    /// Whether it is over, and the work goes on.
    package var isOver = false

    package init(cause: String, since: Timestamp, until: Timestamp, isOver: Bool = false) {
        (self.cause, self.since, self.until, self.isOver) = (cause, since, until, isOver)
    }

    /// One line for people.
    package var description: String {
        isOver
            ? "goes on; it waited since \(since.iso8601)"
            : "waits since \(since.iso8601), until \(until.iso8601) at most: \(cause)"
    }
}
