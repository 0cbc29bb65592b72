import Records

/// Reads what changed: the incremental plan of the connector guide, section 5.
///
/// The event log says who, a pull for each learner says what, and what the pulls show says which grades and responses.
struct LearnWorldsIncremental<Run: RunContext> {
    let makeLists: @Sendable () -> LearnWorldsLists
    let newEvents: EventTally
    let run: Run

    func read() async throws {
        // First, because its answer carries the platform's clock, which bounds the window of the log.
        try await run.read([ReadGroup([makeLists().courses()], publishesByPage: true)])
        try await IncrementalSteps(lists: makeLists(), newEvents: newEvents, run: run).read()
    }
}

private struct IncrementalSteps<Run: RunContext> {
    let lists: LearnWorldsLists
    let newEvents: EventTally
    let run: Run

    func read() async throws {
        try await readEvents()
        try await run.settle()
        try await checkYesterday()
        try await readContents()
        let knowsEverybody = try await readLearners()
        try await queueExpiredEnrollments()
        try await run.settle()
        try await readPeople(knowsEverybody: knowsEverybody)
        try await run.settle()
        try await readCertificates()
        try await readGrades()
        try await run.settle()
        try await readResponses()
    }

    private func readEvents() async throws {
        let now = run.serverNow
        var position = try await run.facts.watermark("events", "") ?? MarkPosition()
        let mark = position.time("created_after") ?? run.startedAt
        let seen = Set(position.list("seen"))
        var after = mark.advanced(by: .zero - lists.options.eventOverlap)
        var overlap: [String] = []
        while true {
            let cursor = EventCursor(
                remembersFrom: now.advanced(by: .zero - lists.options.eventSettle - lists.options.eventOverlap)
            )
            // The header has whole seconds: without the second on top, what just happened would wait for the next run.
            let isRead = try await run.read([
                ReadGroup(
                    [lists.events(after: after, before: now.advanced(by: .seconds(1)), cursor: cursor, run)],
                    publishesByPage: true
                )
            ])
            guard isRead else { return }
            if !run.isSelected("events") {
                let fresh = cursor.rows.filter { row in row["event_id"].map { !seen.contains($0) } ?? true }
                await run.apply(
                    try await LearnWorldsFollowUp(options: lists.options, newEvents: newEvents, run: run)
                        .decide([Event.table.name: fresh])
                )
                overlap = cursor.remembered
            }
            guard let next = cursor.restart else { break }
            after = next
        }
        // The log may be behind its own clock, never ahead: a run soon after another one keeps the mark.
        position.set("created_after", max(mark, now.advanced(by: .zero - lists.options.eventSettle)))
        position.set("seen", list: overlap)
        await run.apply([.watermark(stream: "events", partition: "", position: position, asOf: now)])
    }

    /// Once a day: a log of yesterday that counts otherwise than ours had late rows, and is read again.
    private func checkYesterday() async throws {
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
        let isRead = try await run.read([
            ReadGroup(
                [
                    lists.eventDay(
                        from: yesterday,
                        to: today,
                        stored: (open + unpublished)...(closed + unpublished),
                        run
                    )
                ],
                publishesByPage: true
            )
        ])
        guard isRead else { return }
        position.set("day_checked", today)
        await run.apply([.watermark(stream: "events", partition: "", position: position, asOf: run.serverNow)])
        try await run.settle()
    }

    /// Contents of the courses that changed.
    private func readContents() async throws {
        guard let stream = lists.contentsStream(run) else { return }
        try await run.drain([stream]) { entries in
            entries.map { ReadGroup([lists.contents(course: $0.partition, run)], answers: [$0]) }
        }
    }

    /// New accounts, and once a day all of them.
    ///
    /// - Returns: Whether all were read, so that nobody can be unknown.
    private func readLearners() async throws -> Bool {
        guard run.isSelected("learners") else { return true }
        let position = try await run.facts.watermark("learners", "") ?? MarkPosition()
        let now = run.serverNow
        guard let since = position.time("registered_after"), let full = position.time("full_at"),
            now.since(full) < .seconds(86_400)
        else {
            return try await run.read([ReadGroup([lists.learners(queuingFor: nil)], publishesByPage: true)])
        }
        let from = since.advanced(by: .seconds(-3_600))
        try await run.read([
            ReadGroup([lists.learners(registeredAfter: from, previous: position)], publishesByPage: true)
        ])
        return false
    }

    /// Enrollments that ran out an hour ago: renewed, or gone?
    private func queueExpiredEnrollments() async throws {
        guard run.isSelected("enrollments") else { return }
        let now = run.serverNow
        let learners = try await run.facts.learnersWithUnreadExpiry(before: now.advanced(by: .seconds(-3_600)))
        await run.apply(
            learners.map { .queue(PendingEntry(stream: "enrollments", partition: $0, reason: "expired", dueAt: now)) }
        )
    }

    private func readPeople(knowsEverybody: Bool) async throws {
        let streams = ["enrollments", "progress"].filter(run.isSelected)
        guard !streams.isEmpty else { return }
        try await run.drain(streams) { entries in
            let byLearner = Dictionary(grouping: entries, by: \.partition)
            let learners = entries.map(\.partition).uniqued()
            let unknown =
                knowsEverybody || !run.isSelected("learners")
                ? [] : Set(try await run.facts.unknownLearners(among: learners))
            let marks = try await run.facts.watermarks("progress", partitions: learners)
            return learners.map { learner in
                let answers = byLearner[learner] ?? []
                var reads: [ListRead] = []
                // Nobody's enrollment may be seen before its learner.
                if unknown.contains(learner) { reads.append(lists.learner(learner)) }
                if answers.contains(where: { $0.stream == "enrollments" }) {
                    reads.append(lists.enrollments(learner: learner))
                }
                if let entry = answers.first(where: { $0.stream == "progress" }) {
                    reads.append(lists.progress(learner: learner, run, mark: marks[learner], reason: entry.reason))
                }
                return ReadGroup(reads, answers: answers)
            }
        }
    }

    private func readCertificates() async throws {
        guard run.isSelected("certificates") else { return }
        try await run.drain(["certificates"]) { entries in
            let marks = try await run.facts.watermarks("certificates", partitions: entries.map(\.partition))
            return entries.map { entry in
                let read =
                    if let learner = LearnWorldsFollowUps.learner(ofCertificatePartition: entry.partition) {
                        lists.certificates(learner: learner)
                    } else {
                        lists.certificates(course: entry.partition, since: marks[entry.partition])
                    }
                return ReadGroup([read], answers: [entry], publishesByPage: true)
            }
        }
    }

    private func readGrades() async throws {
        guard run.isSelected("grades") else { return }
        try await run.drain(["grades"]) { entries in
            let marks = try await run.facts.watermarks("grades", partitions: entries.map(\.partition))
            return entries.map { entry in
                ReadGroup(
                    [lists.grades(course: entry.partition, run, since: marks[entry.partition])],
                    answers: [entry],
                    publishesByPage: true
                )
            }
        }
    }

    private func readResponses() async throws {
        guard run.isSelected("assessment_responses") else { return }
        try await run.drain(["assessment_responses"]) { entries in
            let marks = try await run.facts.watermarks("assessment_responses", partitions: entries.map(\.partition))
            return try await lists.responseGroups(for: entries, since: marks, run)
        }
    }
}

extension Sequence where Element: Hashable {
    /// The elements in their order, each once.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Timestamp {
    /// Midnight UTC of the same day.
    var startOfDay: Timestamp {
        let day: Int64 = 86_400_000_000
        return Timestamp(microsecondsSinceEpoch: microseconds - ((microseconds % day) + day) % day)
    }
}
