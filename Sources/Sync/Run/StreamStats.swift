import Extractor
import Loader
import Platforms
import Synchronization

/// How the streams of a run stand: what was read, what failed, and whether anything answered since.
final class StreamStats: Sendable {
    /// What is known of one stream.
    struct Entry: Sendable {
        var pages = 0
        var read = 0
        var rejected = 0
        /// The first failure, in words that are safe to print.
        var failure: String?
        /// Whether the rest of the stream is left out.
        var isStopped = false
        /// Parts that failed one after the other, with nothing of the stream answered in between.
        var failuresInRow = 0
    }

    private struct State {
        var streams: [String: Entry] = [:]
        var firstFailure: ExtractorError?
        /// The first list that was not read, whatever became of its stream.
        var firstError: ExtractorError?
        /// Lists that a failing platform did not bring, and their streams, with nothing answered in between.
        var outages = 0
        var outageStreams: Set<String> = []
        var successesSinceFailure = 0
        var failuresInRow = 0
        var gaps: Set<String> = []
        var postponed: [PostponedList] = []
    }

    private let state = Mutex(State())

    /// Streams that failed one after the other, with nothing answered in between, until the source is given up.
    private static let failuresUntilGivenUp = 3
    /// A stream with more rejects than this, and more than half of what was read, must not look like a good run.
    private static let rejectsUntilFailure = 100

    /// Counts a page that was answered well.
    func noteAnswer(stream: String) {
        state.withLock { state in
            state.streams[stream, default: Entry()].pages += 1
            state.streams[stream]?.failuresInRow = 0
            if state.firstFailure != nil { state.successesSinceFailure += 1 }
            state.failuresInRow = 0
            state.outages = 0
            state.outageStreams = []
        }
    }

    /// Counts what a page held.
    ///
    /// - Throws: ``SyncError`` when so much of the stream is rejected that the platform must have changed.
    func note(stream: String, read: Int, rejected: Int) throws {
        let entry = state.withLock { state in
            state.streams[stream, default: Entry()].read += read
            state.streams[stream, default: Entry()].rejected += rejected
            return state.streams[stream, default: Entry()]
        }
        guard rejected > 0, entry.rejected > Self.rejectsUntilFailure, entry.rejected * 2 > entry.read else { return }
        throw SyncError(
            .rejectedTooMuch,
            "stream \(stream): \(entry.rejected) of \(entry.read) records were rejected; has the platform changed? See registrar rejects"
        )
    }

    /// Notes a list that could not be read.
    ///
    /// - Returns: Whether the source is to be given up.
    func fail(stream: String, message: String, error: ExtractorError?, stops: Bool) -> Bool {
        state.withLock { state in
            var entry = state.streams[stream, default: Entry()]
            if entry.failure == nil { entry.failure = message }
            if stops { entry.isStopped = true }
            state.streams[stream] = entry
            // A source that has answered nothing at all is not asked again and again.
            let hasAnswered = state.streams.values.contains { $0.pages > 0 }
            if let error {
                if state.firstError == nil { state.firstError = error }
                if error.isOutage {
                    state.outages += 1
                    state.outageStreams.insert(stream)
                }
            }
            let isDown =
                state.outageStreams.count >= Self.failuresUntilGivenUp
                || (!hasAnswered && state.outages >= Self.failuresUntilGivenUp)
            if isDown { return true }
            guard stops, let error else { return false }
            if state.firstFailure == nil { state.firstFailure = error }
            state.failuresInRow += 1
            return !hasAnswered || state.failuresInRow >= Self.failuresUntilGivenUp
        }
    }

    /// Counts a part of a stream that failed: one course that always fails must not keep the others from being read.
    ///
    /// - Returns: Whether so many failed in a row that the stream is left for this run.
    func failsInRow(_ stream: String) -> Bool {
        state.withLock { state in
            state.streams[stream, default: Entry()].failuresInRow += 1
            return state.streams[stream]?.failuresInRow ?? 0 >= Self.failuresUntilGivenUp
        }
    }

    func pages(of stream: String) -> Int { state.withLock { $0.streams[stream]?.pages ?? 0 } }
    func rows(of stream: String) -> Int { state.withLock { $0.streams[stream]?.read ?? 0 } }

    /// Notes that a baseline lacks a list of a stream which only a baseline reads.
    func noteGap(_ stream: String) { state.withLock { _ = $0.gaps.insert(stream) } }
    /// The streams that a baseline has not read whole.
    var gaps: Set<String> { state.withLock { $0.gaps } }

    /// Notes a list that a baseline leaves to an increment, since its stream is stopped.
    func postpone(_ list: ListRead) {
        let part = PostponedList(
            part: StreamPartition(list.stream, list.partition),
            isQueueable: list.isQueueable || list.waitsInQueue
        )
        state.withLock { $0.postponed.append(part) }
    }

    /// The lists that are left to an increment; asked once, when the baseline has come to its end.
    func takePostponed() -> [PostponedList] {
        state.withLock { state in
            defer { state.postponed = [] }
            return state.postponed
        }
    }

    func isStopped(_ stream: String) -> Bool {
        state.withLock { $0.streams[stream]?.isStopped ?? false }
    }

    var failures: [String: String] {
        state.withLock { $0.streams.compactMapValues(\.failure) }
    }

    /// The first error of a run in which lists failed and none was read.
    var nothingWasRead: ExtractorError? {
        state.withLock { state in state.streams.values.contains { $0.pages > 0 } ? nil : state.firstError }
    }

    /// The error that counts for the whole source: nothing answered after the first stream had failed.
    var sourceFailure: ExtractorError? {
        state.withLock { $0.successesSinceFailure == 0 ? $0.firstFailure : nil }
    }
}
