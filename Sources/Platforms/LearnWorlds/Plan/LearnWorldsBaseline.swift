import Records

/// Reads a whole school once: the baseline plan of Sources/Platforms/LearnWorlds/README.md §4.
///
/// Parents come before children, and every step can be cut short: what is done is skipped by the run, the people of
/// step 5 wait in the queue, the event log goes on from its watermark.
struct LearnWorldsBaseline<Run: RunContext> {
    let makeLists: @Sendable () -> LearnWorldsLists
    let run: Run

    func read() async throws {
        try await run.read([ReadGroup([makeLists().courses()], publishesByPage: true)])
        try await run.publish()
        // Only now is the platform's clock known, by which records are judged.
        let courses = run.log.presentCourses(among: try await run.facts.courseIDs())
        try await Steps(lists: makeLists(), run: run).read(courses)
    }
}

private struct Steps<Run: RunContext> {
    let lists: LearnWorldsLists
    let run: Run

    /// - Parameter courses: Those that are there; of the ones that vanished there is nothing to ask.
    func read(_ courses: [String]) async throws {
        try await noteStart()
        // The accounts before the contents: they tell how long the run will be, and so how much one commit may hold.
        if run.isSelected("learners") {
            try await run.read([
                // Of a part of the courses, only who is on their rosters is asked for.
                ReadGroup(
                    [lists.learners(queuingFor: run.scope.isEverything ? lists.peopleQueue(run) : nil)],
                    publishesByPage: true
                )
            ])
        }
        try await queueUnread()
        if run.isSelected(anyOf: "course_units", "assessments") {
            try await run.read(courses.map { ReadGroup([lists.contents(course: $0, run)]) })
        }
        if let queue = lists.peopleQueue(run) {
            if !run.isSelected("learners"), run.scope.isEverything {
                await queueKnown(queue, try await run.facts.activeLearners())
            }
            try await run.reading(["enrollments", "progress"]) {
                try await run.read(
                    courses.map {
                        ReadGroup([lists.roster(course: $0, queue: queue, isBaseline: true)], publishesByPage: true)
                    }
                )
                try await readPeople(queue)
            }
        }
        if run.isSelected("grades") {
            try await run.read(courses.map { ReadGroup([lists.grades(course: $0, run)], publishesByPage: true) })
        }
        if run.isSelected("certificates") {
            try await run.read(courses.map { ReadGroup([lists.certificates(course: $0)], publishesByPage: true) })
        }
        if run.isSelected("assessment_responses") {
            try await readResponses()
        }
        try await run.reading(["events"]) { try await readEvents() }
    }

    /// Accounts that can be read only now, while their lists are followed already: who has ever logged in, and was on no
    /// roster when those were loaded, is left to the next increment.
    private func queueUnread() async throws {
        guard run.isSelected("learners"), run.scope.isEverything else { return }
        var later: [String] = []
        for stream in ["enrollments", "progress"] where !run.isSelected(stream) {
            // One that was never loaded has everybody before it yet.
            if try await run.facts.watermark(stream, "")?[.baselineAt] != nil {
                later.append(stream)
            }
        }
        guard !later.isEmpty else { return }
        try await run.publish()
        let active = try await run.facts.activeLearners()
        for stream in later {
            await queueKnown(stream, active.subtracting(try await run.facts.verifiedTimes(stream).keys))
        }
    }

    private func queueKnown(_ stream: String, _ learners: Set<String>) async {
        await run.apply(lists.queued(learners.sorted(), stream, run.serverNow))
    }

    /// Step 5: enrollments, then progress, of everybody who ever logged in or is on a roster.
    private func readPeople(_ queue: String) async throws {
        try await run.publish()
        try await run.drain([queue]) { entries in
            entries.map { entry in
                // The rosters of all courses were read before.
                guard LearnWorldsFollowUps.course(ofRosterPartition: entry.partition) == nil else {
                    return ReadGroup([], answers: [entry])
                }
                var reads: [ListRead] = []
                if run.isSelected("enrollments") {
                    reads.append(lists.enrollments(learner: entry.partition, parentIsKnown: true))
                }
                if run.isSelected("progress") { reads.append(lists.progress(learner: entry.partition, run)) }
                return ReadGroup(reads, answers: [entry])
            }
        }
    }

    /// Step 8: the responses of the units that grades or progress showed to be used.
    private func readResponses() async throws {
        try await run.publish()
        try await run.drain(["assessment_responses"]) { entries in
            try await lists.responseGroups(for: entries, since: [:], run)
        }
    }

    /// Notes from when on the log has to be acted on, before anything is read that changes meanwhile.
    private func noteStart() async throws {
        var position = try await run.facts.watermark("events", "") ?? MarkPosition()
        guard position[.followedTo] == nil, position[.followsFrom] == nil else { return }
        let start = run.startedAt.advanced(by: .zero - lists.options.eventSettle - run.clockDoubt)
        position[.followsFrom] = start
        await run.apply([.watermark(stream: "events", partition: "", position: position, asOf: nil)])
    }

    /// Step 9: the event log up to the start of the baseline, oldest first.
    ///
    /// Where increments follow the log already, because another stream had its baseline before, their mark stays: it must
    /// not pass what they have not acted on. The rows behind it are theirs to read.
    private func readEvents() async throws {
        let stored = try await run.facts.watermark("events", "") ?? MarkPosition()
        let followed = stored[.followedTo]
        let start = stored[.followsFrom] ?? run.startedAt
        if run.isSelected("events") {
            let end =
                followed?.advanced(by: .zero - lists.options.eventOverlap)
                ?? start.advanced(by: lists.options.eventSettle)
            guard try await readEvents(from: stored[.baselineReadTo], to: end) else { return }
        }
        guard followed == nil else { return }
        var position = MarkPosition()
        position[.followedTo] = start
        let asOf = run.isSelected("events") ? run.startedAt : nil
        await run.apply([.watermark(stream: "events", partition: "", position: position, asOf: asOf)])
    }

    /// - Parameter last: The last row that an interrupted baseline has read.
    private func readEvents(from last: Timestamp?, to end: Timestamp) async throws -> Bool {
        var stretch = EventStretch(
            after: last?.advanced(by: .seconds(-1))
                ?? lists.options.eventsSince.map { run.startedAt.advanced(by: .zero - $0) }
        )
        if let after = stretch.after, after >= end { return true }
        while true {
            let slice = try await run.read([
                ReadGroup(
                    [lists.events(stretch, before: end.advanced(by: .seconds(1)), run)],
                    publishesByPage: true
                )
            ])
            guard slice.isComplete else { return false }
            try await SurplusEvents(run: run).drop(from: slice.stretch)
            guard let next = slice.stretch.next else { return true }
            stretch = next
        }
    }
}
