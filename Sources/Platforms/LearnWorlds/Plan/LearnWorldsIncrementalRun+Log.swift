import Records

/// Reading the window of the event log, and the days and stretches of it that are read again.
extension LearnWorldsIncrementalRun {
    /// A sweep that takes nothing for granted reads the whole log again: rows that came very late.
    func readWholeLog() async throws {
        guard schedule.sweepAge == .zero, run.isSwept("events") else { return }
        let end = run.serverNow
        var stretch = EventStretch(after: lists.options.eventsSince.map { end.advanced(by: .zero - $0) })
        while true {
            let list = lists.wholeLog(stretch, before: end.advanced(by: .seconds(1)))
            let slice = try await run.read([ReadGroup([list], publishesByPage: true)])
            guard slice.isComplete else { return }
            try await SurplusEvents(run: run).drop(from: slice.stretch)
            guard let next = slice.stretch.next else { break }
            stretch = next
        }
        try await run.settle()
    }

    /// Reads the window of the log.
    ///
    /// - Returns: Whether the platform refuses the log to this account: then nothing says who did something.
    func readEvents() async throws -> Bool {
        guard isLogAsked else { return true }
        let now = run.serverNow
        var position = try await run.facts.watermark("events", "") ?? MarkPosition()
        let mark = position[.followedTo] ?? position[.followsFrom] ?? run.startedAt
        let seen = Set(position[.seen])
        var stretch = EventStretch(
            after: mark.advanced(by: .zero - lists.options.eventOverlap),
            remembersFrom: now.advanced(
                by: .zero - lists.options.eventSettle - lists.options.eventOverlap - run.clockDoubt
            )
        )
        var remembered: [String] = []
        var newest: Timestamp?
        while true {
            // The header has whole seconds: without the second on top, what just happened would wait for the next run.
            let list = lists.events(stretch, before: now.advanced(by: .seconds(1)), run)
            let slice = try await run.read([LogRefusal.group(list, isTold: run.isSelected("events"))])
            if !slice.notes.all(LogRefusal.self).isEmpty {
                run.connectorState[LogRefusal.stateName] = run.serverNow.decimalSeconds
                return true
            }
            guard slice.isComplete else { return false }
            let walk = slice.stretch
            try await SurplusEvents(run: run).drop(from: walk)
            if !run.isSelected("events") {
                let fresh = walk.rows.filter { row in row["event_id"].map { !seen.contains($0) } ?? true }
                await run.apply(
                    try await LearnWorldsFollowUp(options: lists.options, run: run)
                        .decide([Event.table.name: fresh])
                )
                remembered += walk.remembered
            }
            newest = [newest, walk.newest].compactMap { $0 }.max()
            guard let next = walk.next else { break }
            stretch = next
        }
        run.connectorState[LogRefusal.stateName] = nil
        // The log may be behind its own clock, never ahead: a run soon after another one keeps the mark. By our own clock
        // only the rows tell how far the log was read.
        let end = run.clockDoubt == .zero ? now : newest ?? mark
        position[.followedTo] = max(mark, end.advanced(by: .zero - lists.options.eventSettle))
        position[.seen] = remembered
        let asOf = run.isSelected("events") ? now : nil
        await run.apply([.watermark(stream: "events", partition: "", position: position, asOf: asOf)])
        return false
    }

    /// Whether the log is asked for: one that is kept here always, one that was refused and is not kept once a day. Where it
    /// is to be kept and was never loaded, the baseline that follows asks.
    private var isLogAsked: Bool {
        guard !run.isSelected("events"),
            let refused = run.connectorState[LogRefusal.stateName].flatMap({ Timestamp(decimalSeconds: $0) })
        else { return true }
        return run.serverNow.since(refused) >= .seconds(86_400)
    }

    /// Says what a run without the log cannot promise.
    func sayWithoutLog() {
        run.noteStale(["enrollments", "progress", "certificates", "grades", "assessment_responses"])
        run.say(
            """
            the event log is refused to this account: who studied is found by logins and rosters alone, and what shows in \
            neither is brought by the rolling share (options.active_max_age, options.cold_max_age) or by sync --full
            """
        )
    }

    /// Once a day: a log of yesterday that counts otherwise than ours had late rows, and is read again.
    func checkYesterday() async throws {
        guard run.isSelected("events"), var position = try await run.facts.watermark("events", "") else { return }
        let today = run.serverNow.startOfDay
        // The baseline's reading of the whole log counts as its day's check.
        let checked = position[.dayChecked] ?? position[.baselineAt]?.startOfDay ?? today
        guard checked < today else { return }
        let yesterday = today.advanced(by: .seconds(-86_400))
        let instant = Duration.microseconds(1)
        // The platform does not say whether its bounds are part of the window: both readings are right.
        let open = try await run.facts.eventCount(from: yesterday.advanced(by: instant), to: today)
        let closed = try await run.facts.eventCount(from: yesterday, to: today.advanced(by: instant))
        let unpublished = run.log.newEvents(from: yesterday, to: today)
        let day = EventStretch(after: yesterday)
        let slice = try await run.read([
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
        guard slice.isComplete else { return }
        try await SurplusEvents(run: run).drop(from: slice.stretch)
        position[.dayChecked] = today
        await run.apply([.watermark(stream: "events", partition: "", position: position, asOf: run.serverNow)])
        try await run.settle()
    }
}
