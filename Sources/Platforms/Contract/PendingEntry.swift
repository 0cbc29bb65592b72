package import Records

/// A partition marked for a re-pull by an event, a changed row or a due time.
package struct PendingEntry: Sendable, Hashable {
    package var stream: String
    /// A learner, a course, a unit: what the stream is read by.
    package var partition: String
    /// Why, in one word of ours; never data of the platform.
    package var reason: String
    /// Not before this instant of the server's clock.
    package var dueAt: Timestamp
    /// How often the re-pull has failed.
    package var attempts: Int

    package init(stream: String, partition: String, reason: String, dueAt: Timestamp, attempts: Int = 0) {
        self.stream = stream
        self.partition = partition
        self.reason = reason
        self.dueAt = dueAt
        self.attempts = attempts
    }

    /// The reason of a re-pull that reads all of the partition, whatever its watermark says: what hangs on a parent that is
    /// back is older than any mark. In the queue it outranks every other reason.
    package static let whole = "whole"

    /// Whether all of the partition is read.
    package var isWhole: Bool { reason == Self.whole }

    /// One entry for two of the same partition: the earlier one, which reads all of it where either does.
    package func joined(with other: PendingEntry) -> PendingEntry {
        var joined = dueAt <= other.dueAt ? self : other
        if isWhole || other.isWhole { joined.reason = Self.whole }
        return joined
    }
}
