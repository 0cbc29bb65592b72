import Extractor
import Records

/// The lists of the event log.
extension LearnWorldsLists {
    /// A stretch of the event log, oldest first.
    ///
    /// - Parameter before: Its end; where the platform tells no time an increment asks for all that there is.
    func events(
        _ stretch: EventStretch,
        before: Timestamp,
        _ run: some RunContext
    ) -> ListRead {
        let isBaseline = run.mode == .baseline
        // By a clock that is not the platform's, entries that may still be late cannot be told from others.
        let mark =
            isBaseline
            ? EventMark(key: .baselineReadTo, limit: nil)
            : EventMark(
                key: .followedTo,
                limit: before.advanced(by: .seconds(-1) - options.eventSettle - run.clockDoubt)
            )
        let end = isBaseline || run.clockDoubt == .zero ? before : nil
        return eventList(after: stretch.after, before: end, path: eventPath, pageLimit: stretch.pages) { [mapping] in
            EventReader(mapping: mapping, stretch: stretch, isStored: run.isSelected("events"), mark: mark)
        }
    }

    /// One day of the event log, read beyond its first page only where its count lies outside `stored`.
    func eventDay(
        _ day: EventStretch,
        to: Timestamp,
        stored: ClosedRange<Int>,
        _ run: some RunContext
    ) -> ListRead {
        eventList(after: day.after, before: to, path: eventPath, pagesAtOnce: 0, pageLimit: nil) { [mapping] in
            EventReader(mapping: mapping, stretch: day, isStored: true, mark: nil, stopsAtCount: stored)
        }
    }

    /// A stretch of the whole log, read again; its rows move no watermark, since what is behind it was acted on.
    func wholeLog(_ stretch: EventStretch, before: Timestamp) -> ListRead {
        eventList(after: stretch.after, before: before, path: eventPath, pageLimit: stretch.pages) { [mapping] in
            EventReader(mapping: mapping, stretch: stretch, isStored: true, mark: nil)
        }
    }

    /// A stretch of a window that is replayed: its rows are stored where the log is, and kept for the plan.
    func window(
        _ stretch: EventStretch,
        before: Timestamp,
        activity: String?,
        _ run: some RunContext
    ) -> ListRead {
        let isStored = run.isSelected("events")
        return eventList(
            after: stretch.after,
            before: before,
            path: eventPath,
            activity: activity,
            pageLimit: stretch.pages
        ) { [mapping] in
            EventReader(mapping: mapping, stretch: stretch, isStored: isStored, mark: nil, isNoted: true)
        }
    }

    private var eventPath: String {
        options.eventPath == "auto" ? connectorState["event_path"] ?? product.eventPath : options.eventPath
    }

    private func eventList(
        after: Timestamp?,
        before: Timestamp?,
        path: String,
        activity: String? = nil,
        pagesAtOnce: Int = 4,
        pageLimit: Int?,
        _ makeReader: @escaping @Sendable () -> any ListReader
    ) -> ListRead {
        var query = [("sort", "asc")]
        if let before { query.insert(("created_before", before.decimalSeconds), at: 0) }
        if let after { query.insert(("created_after", after.decimalSeconds), at: 0) }
        if let activity { query.append(("activity", activity)) }
        let request = request(path, query: query, stream: "events")
        return ListRead(
            stream: "events",
            request: request,
            paging: LearnWorldsPaging(request, pageLimit: pageLimit),
            rules: rules(),
            pagesAtOnce: pagesAtOnce,
            alternative: { [connectorState, options, product] error in
                guard options.eventPath == "auto", error.status == 404, path == product.eventPath,
                    connectorState["event_path"] == nil
                else { return nil }
                connectorState["event_path"] = product.otherEventPath
                return eventList(
                    after: after,
                    before: before,
                    path: product.otherEventPath,
                    activity: activity,
                    pagesAtOnce: pagesAtOnce,
                    pageLimit: pageLimit,
                    makeReader
                )
            },
            makeReader: makeReader
        )
    }
}
