import Loader

/// A list of one part of a stream that a baseline did not ask for, since the stream had failed too often in a row.
struct PostponedList: Sendable {
    var part: StreamPartition
    /// Whether the queue can hold it.
    var isQueueable: Bool
}
