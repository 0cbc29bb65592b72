private import AsyncAlgorithms
package import Records
package import Transformer

/// Batches of one record type on their way from the transformer to the loader.
///
/// The bound is the number of producers: `send` returns when the loader has taken the batch, so each producer holds
/// at most one. A loader that stands still therefore stops the extractor.
package struct RecordStream<R: Record>: AsyncSequence, Sendable {
    package typealias Element = Batch<R>
    package typealias Failure = any Error

    private let channel = AsyncThrowingChannel<Batch<R>, any Error>()

    package init() {}

    /// Hands over `batch`, waiting until the loader takes it.
    ///
    /// - Throws: `CancellationError` when the task was cancelled: the batch was then not handed over.
    package func send(_ batch: Batch<R>) async throws {
        await channel.send(batch)
        try Task.checkCancellation()
    }

    /// Ends the stream after what was sent.
    package func finish() {
        channel.finish()
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(channel: channel)
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let channel: AsyncThrowingChannel<Batch<R>, any Error>

        package func next() async throws -> Batch<R>? {
            // The channel keeps its own state: an iterator of it is only a way in.
            var iterator = channel.makeAsyncIterator()
            let batch = try await iterator.next()
            // A cancelled channel ends like a finished one, and ended is not complete.
            if batch == nil { try Task.checkCancellation() }
            return batch
        }
    }
}
