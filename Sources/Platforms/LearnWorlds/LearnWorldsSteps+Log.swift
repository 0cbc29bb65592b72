import Records

/// Reading the window of the event log, and the days and stretches of it that are read again.
extension LearnWorldsSteps {
    /// A sweep that takes nothing for granted reads the whole log again: rows that came very late.
    func readWholeLog() async throws {
        guard rounds.sweepAge == .zero, run.isSwept("events") else { return }
        let end = run.serverNow
        var stretch = EventStretch(after: lists.options.eventsSince.map { end.advanced(by: .zero - $0) })
        while true {
            let list = lists.wholeLog(stretch, before: end.advanced(by: .seconds(1)))
            guard try await run.read([ReadGroup([list], publishesByPage: true)]) else { return }
            try await SurplusEvents(run: run).drop(from: stretch)
            guard let next = stretch.next else { break }
            stretch = next
        }
        try await run.settle()
    }

    func readEvents() async throws {
        let now = run.serverNow
        var position = try await run.facts.watermark("events", "") ?? MarkPosition()
        let mark = position.time("created_after") ?? run.startedAt
        let seen = Set(position.list("seen"))
        var stretch = EventStretch(
            after: mark.advanced(by: .zero - lists.options.eventOverlap),
            remembersFrom: now.advanced(by: .zero - lists.options.eventSettle - lists.options.eventOverlap)
        )
        var remembered: [String] = []
        while true {
            // The header has whole seconds: without the second on top, what just happened would wait for the next run.
            let isRead = try await run.read([
                ReadGroup(
                    [lists.events(stretch, before: now.advanced(by: .seconds(1)), run)],
                    publishesByPage: true
                )
            ])
            guard isRead else { return }
            try await SurplusEvents(run: run).drop(from: stretch)
            if !run.isSelected("events") {
                let fresh = stretch.rows.filter { row in row["event_id"].map { !seen.contains($0) } ?? true }
                await run.apply(
                    try await LearnWorldsFollowUp(options: lists.options, newEvents: newEvents, run: run)
                        .decide([Event.table.name: fresh])
                )
                remembered += stretch.remembered
            }
            guard let next = stretch.next else { break }
            stretch = next
        }
        // The log may be behind its own clock, never ahead: a run soon after another one keeps the mark.
        position.set("created_after", max(mark, now.advanced(by: .zero - lists.options.eventSettle)))
        position.set("seen", list: remembered)
        await run.apply([.watermark(stream: "events", partition: "", position: position, asOf: now)])
    }

    /// Once a day: a log of yesterday that counts otherwise than ours had late rows, and is read again.
    func checkYesterday() async throws {
        guard run.isSelected("events"), var position = try await run.facts.watermark("events", "") else { return }
        let today = run.serverNow.startOfDay
        // The baseline's reading of the whole log counts as its day's check.
        let checked = position.time("day_checked") ?? position.time("baseline_at")?.startOfDay ?? today
        guard checked < today else { return }
        let yesterday = today.advanced(by: .seconds(-86_400))
        let instant = Duration.microseconds(1)
        // The platform does not say whether its bounds are part of the window: both readings are right.
        let open = try await run.facts.eventCount(from: yesterday.advanced(by: instant), to: today)
        let closed = try await run.facts.eventCount(from: yesterday, to: today.advanced(by: instant))
        let unpublished = newEvents.count(from: yesterday, to: today)
        let day = EventStretch(after: yesterday)
        let isRead = try await run.read([
            ReadGroup(
                [
                    lists.eventDay(
                        day,
                        to: today,
                        stored: (open + unpublished)...(closed + unpublished),
                        run
                    )
                ],
                publishesByPage: true
            )
        ])
        guard isRead else { return }
        try await SurplusEvents(run: run).drop(from: day)
        position.set("day_checked", today)
        await run.apply([.watermark(stream: "events", partition: "", position: position, asOf: run.serverNow)])
        try await run.settle()
    }
}
