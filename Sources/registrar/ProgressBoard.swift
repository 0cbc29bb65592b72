import Sync

/// What is known of the sources that are being read, and of their streams.
///
/// A value without clock or output: both are given to it.
struct ProgressBoard {
    private struct Source {
        var work: String
        var startedAt: Double
        var made = 0
        var forecast: RequestForecast
        var rate = RequestRate()
        var order: [String] = []
        var streams: [String: Stream] = [:]
    }

    private struct Stream {
        var startedAt: Double?
        var rows = 0
        var lists = (done: 0, known: 0)
        var page = 0
        var pages: Int?
    }

    /// A source's state for people and logs.
    struct SourceSummary: Equatable {
        var source: String
        /// The run's mode, or the command.
        var work: String
        var requests: Int
        var total: RequestForecast.Total
        var perSecond: Double?
        var seconds: Double
        /// Seconds until the last request at the present pace, as far as the total is known.
        var remaining: Double?
    }

    /// A stream's state for people and logs.
    struct StreamSummary: Equatable {
        var source: String
        var stream: String
        var rows: Int
        var listsDone: Int
        var listsKnown: Int
        /// Of the list being read, where the stream has no other: the page read last, and how many there are.
        var page: Int?
        var pages: Int?
        var rowsPerSecond: Int
        var seconds: Double
        /// Seconds until the last page or list known at the present pace.
        var remaining: Double?

        /// Whether lists of it are being read.
        var isRunning: Bool { listsDone < listsKnown }
    }

    private var order: [String] = []
    private var sources: [String: Source] = [:]

    var isEmpty: Bool { order.isEmpty }

    /// Takes an event that happened at `now` seconds on a clock that never goes back.
    mutating func apply(_ event: ProgressEvent, at now: Double) {
        switch event {
        case .workStarted(let source, let work, let planned):
            if sources[source] == nil { order.append(source) }
            sources[source] = Source(work: work, startedAt: now, forecast: RequestForecast(planned: planned))
            sources[source]?.rate.note(0, at: now)
        case .workFinished(let source):
            sources[source] = nil
            order.removeAll { $0 == source }
        case .request(let source):
            guard var row = sources[source] else { return }
            row.made += 1
            row.rate.note(row.made, at: now)
            sources[source] = row
        case .expected(let source, let requests):
            sources[source]?.forecast.expect(requests)
        case .streamStarted(let source, let stream):
            change(source, stream) { $0.startedAt = now }
        case .lists(let source, let stream, let done, let known):
            change(source, stream) { $0.lists = (done, known) }
        case .page(let source, let stream, let rows, let page, let total):
            change(source, stream) { row in
                row.startedAt = row.startedAt ?? now
                (row.rows, row.page, row.pages) = (rows, page, total)
            }
        case .streamFinished(let source, let stream, let rows):
            change(source, stream) { $0.rows = rows }
        case .note: break
        }
    }

    /// Forgets a stream that is over.
    mutating func remove(_ source: String, _ stream: String) {
        sources[source]?.streams[stream] = nil
        sources[source]?.order.removeAll { $0 == stream }
    }

    private mutating func change(_ source: String, _ stream: String, _ body: (inout Stream) -> Void) {
        guard var row = sources[source] else { return }
        if row.streams[stream] == nil { row.order.append(stream) }
        body(&row.streams[stream, default: Stream()])
        sources[source] = row
    }

    // MARK: Summaries

    /// The sources being read, in the order they began, each with its streams in the order they were met.
    func summaries(at now: Double) -> [(source: SourceSummary, streams: [StreamSummary])] {
        order.compactMap { name in
            guard let summary = summary(of: name, at: now), let source = sources[name] else { return nil }
            return (summary, source.order.compactMap { self.summary(of: name, $0, at: now) })
        }
    }

    func summary(of name: String, at now: Double) -> SourceSummary? {
        guard let source = sources[name] else { return nil }
        let total = source.forecast.total(made: source.made)
        let rate = source.rate.perSecond(source.made, at: now)
        var remaining: Double?
        if let rate {
            switch total {
            case .about(let all), .atLeast(let all): remaining = Double(all - source.made) / rate
            case .unknown: break
            }
        }
        return SourceSummary(
            source: name,
            work: source.work,
            requests: source.made,
            total: total,
            perSecond: rate,
            seconds: max(0, now - source.startedAt),
            remaining: remaining
        )
    }

    func summary(of source: String, _ name: String, at now: Double) -> StreamSummary? {
        guard let stream = sources[source]?.streams[name] else { return nil }
        let seconds = max(0, now - (stream.startedAt ?? now))
        // Pages tell how far a stream is only where it is one list.
        let isOneList = stream.lists.known <= 1
        let (done, all) =
            isOneList ? (stream.page, stream.pages ?? 0) : (stream.lists.done, stream.lists.known)
        var remaining: Double?
        if done > 0, seconds > 0, all >= done { remaining = Double(all - done) * seconds / Double(done) }
        return StreamSummary(
            source: source,
            stream: name,
            rows: stream.rows,
            listsDone: stream.lists.done,
            listsKnown: stream.lists.known,
            page: isOneList && stream.page > 0 ? stream.page : nil,
            pages: isOneList ? stream.pages : nil,
            rowsPerSecond: seconds > 0 ? Int(min(1e12, Double(stream.rows) / seconds)) : 0,
            seconds: seconds,
            remaining: remaining
        )
    }
}
