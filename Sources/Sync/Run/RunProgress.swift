import Extractor
import Platforms
import Synchronization

/// Tells whoever shows progress what a run, a plan or a check is doing.
final class RunProgress: Sendable {
    private let source: String
    private let reporter: any ProgressReporting
    private let streams = Mutex<[String: StreamLists]>([:])

    init(source: String, reporter: any ProgressReporting) {
        (self.source, self.reporter) = (source, reporter)
    }

    /// Begins.
    ///
    /// - Parameters:
    ///   - work: The run's mode, or the command.
    ///   - planned: Calls that a plan has named; `nil` where none was made.
    func start(_ work: String, planned: Int? = nil) {
        reporter.report(.workStarted(source: source, work: work, planned: planned))
    }

    func end() { reporter.report(.workFinished(source: source)) }

    /// A counter that tells of each call, and then goes to `counter`.
    func counting(_ counter: @escaping RequestCounter = { _ in }) -> RequestCounter {
        { [self] event in
            counter(event)
            if event.kind == .data { reporter.report(.request(source: source)) }
        }
    }

    func expect(_ requests: Int) { reporter.report(.expected(source: source, requests: requests)) }

    // MARK: Lists

    /// The reading of some lists was ordered.
    func order(_ groups: [ReadGroup]) {
        var counts: [String: Int] = [:]
        for list in groups.flatMap(\.reads) { counts[list.stream, default: 0] += 1 }
        for (stream, count) in counts { change(stream) { $0.order(count) } }
    }

    /// The lists of a group were read, or were given up.
    func end(_ group: ReadGroup) {
        for list in group.reads { change(list.stream) { $0.end() } }
    }

    /// The queue holds entries of a stream that were not there before.
    func queued(_ stream: String) { change(stream) { $0.waiting += 1 } }

    /// So many entries of a queue are left, each of which costs what `groups` cost, which are `count` of them.
    func left(_ entries: Int, of streams: [String], like groups: [ReadGroup], count: Int) {
        var costs = Dictionary(uniqueKeysWithValues: streams.map { ($0, 0) })
        for list in groups.flatMap(\.reads) { costs[list.stream, default: 0] += 1 }
        for (stream, cost) in costs { change(stream) { $0.waiting = entries * cost / max(count, 1) } }
    }

    /// Until ``release(_:)``, more lists of the streams may be ordered.
    func hold(_ names: [String]) {
        streams.withLock { streams in
            for name in names { streams[name, default: StreamLists()].hold() }
        }
    }

    func release(_ names: [String]) {
        streams.withLock { streams in
            for name in names { streams[name, default: StreamLists()].release() }
        }
    }

    private func change(_ stream: String, _ body: (inout StreamLists) -> Void) {
        let lists = streams.withLock { streams in
            body(&streams[stream, default: StreamLists()])
            return streams[stream] ?? StreamLists()
        }
        reporter.report(.lists(source: source, stream: stream, done: lists.done, known: lists.known))
    }

    // MARK: Pages

    func page(_ stream: String, rows: Int, page: Int, of total: Int?) {
        let isFirst = streams.withLock { $0[stream, default: StreamLists()].begin() }
        if isFirst { reporter.report(.streamStarted(source: source, stream: stream)) }
        reporter.report(.page(source: source, stream: stream, rows: rows, page: page, total: total))
    }

    /// Tells of the streams of which nothing is left to read.
    ///
    /// - Parameter rows: How many rows of a stream were read.
    func finish(_ rows: (String) -> Int) {
        let over = streams.withLock { streams in
            streams.keys.sorted().filter { streams[$0]?.finish() ?? false }
        }
        for stream in over { reporter.report(.streamFinished(source: source, stream: stream, rows: rows(stream))) }
    }

    /// Tells of every stream that has not been told of: the reading is over.
    func finishAll(_ rows: (String) -> Int) {
        let open = streams.withLock { streams in
            let open = streams.keys.sorted().filter { streams[$0].map { $0.hasBegun && !$0.isFinished } ?? false }
            streams = [:]
            return open
        }
        for stream in open { reporter.report(.streamFinished(source: source, stream: stream, rows: rows(stream))) }
    }
}
