private import AsyncAlgorithms
package import Records
private import Synchronization
package import Transformer

/// Batches of one record type on their way from the transformer to the loader.
///
/// The bound is the number of producers: `send` returns when the loader has taken the batch, so each producer holds
/// at most one. A loader that stands still therefore stops the extractor.
package struct RecordStream<R: Record>: AsyncSequence, Sendable {
    package typealias Element = Batch<R>
    package typealias Failure = any Error

    private let channel = AsyncThrowingChannel<Parcel<R>, any Error>()

    package init() {}

    /// Hands over `batch`, waiting until the loader takes it.
    ///
    /// - Throws: `CancellationError` when the task was cancelled: the batch was then not handed over.
    package func send(_ batch: Batch<R>) async throws {
        let parcel = Parcel(batch)
        await channel.send(parcel)
        // A cancelled send may have handed the batch over all the same: then the loader counts it, and only the loader.
        if Task.isCancelled, parcel.claim() { throw CancellationError() }
    }

    /// Ends the stream after what was sent.
    package func finish() {
        channel.finish()
    }

    package func makeAsyncIterator() -> Iterator {
        Iterator(channel: channel)
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let channel: AsyncThrowingChannel<Parcel<R>, any Error>

        package func next() async throws -> Batch<R>? {
            // The channel keeps its own state: an iterator of it is only a way in.
            var iterator = channel.makeAsyncIterator()
            while let parcel = try await iterator.next() {
                if parcel.claim() { return parcel.batch }
            }
            // A cancelled channel ends like a finished one, and ended is not complete.
            try Task.checkCancellation()
            return nil
        }
    }
}

/// A batch on its way, which either the loader takes or the cancelled sender takes back.
private final class Parcel<R: Record>: Sendable {
    let batch: Batch<R>
    private let isClaimed = Atomic<Bool>(false)

    init(_ batch: Batch<R>) {
        self.batch = batch
    }

    /// Says yes to the first of both.
    func claim() -> Bool {
        isClaimed.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
    }
}
