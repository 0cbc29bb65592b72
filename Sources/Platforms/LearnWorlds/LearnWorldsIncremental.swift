import Records

/// Reads what changed: the incremental plan of the connector guide, section 5; a sweep reads the rest as well.
///
/// The event log says who, a pull for each learner says what, and what the pulls show says which grades and responses.
/// Beside that every run reads the parts whole whose turn it is, and what vanished from them is looked into.
struct LearnWorldsIncremental<Run: RunContext> {
    let makeLists: @Sendable () -> LearnWorldsLists
    let newEvents: EventTally
    /// Of a sweep: how old a verification may be to count.
    let sweepAge: Duration?
    let run: Run

    func read() async throws {
        let catalogue = Catalogue()
        // First, because its answer carries the platform's clock, which bounds the window of the log.
        try await run.read([
            ReadGroup(
                [makeLists().courses(noting: catalogue)],
                publishesByPage: true,
                covers: [Cover(Course.table, isConfirmedOneByOne: true)]
            )
        ])
        let lists = makeLists()
        try await IncrementalSteps(
            lists: lists,
            newEvents: newEvents,
            catalogue: catalogue,
            rounds: LearnWorldsRounds(options: lists.options, book: lists.book, sweepAge: sweepAge, run: run),
            vanished: LearnWorldsVanished(lists: lists, catalogue: catalogue, run: run),
            run: run
        ).read()
    }
}

private struct IncrementalSteps<Run: RunContext> {
    let lists: LearnWorldsLists
    let newEvents: EventTally
    let catalogue: Catalogue
    let rounds: LearnWorldsRounds<Run>
    let vanished: LearnWorldsVanished<Run>
    let run: Run

    private var isSweep: Bool { rounds.sweepAge != nil }

    func read() async throws {
        try await lookForCourses()
        try await readEvents()
        try await run.settle()
        try await checkYesterday()
        try await readWholeLog()
        try await publishInSweep()
        let courses = try await presentCourses()
        try await readContents(courses)
        let knowsEverybody = try await readLearners()
        try await publishInSweep()
        try await queueExpiredEnrollments()
        try await run.settle()
        try await compareRosters(courses)
        try await readPeople(knowsEverybody: knowsEverybody)
        try await reviewPeople()
        try await run.settle()
        try await readCertificates(courses)
        try await readGrades(courses)
        try await run.settle()
        try await publishInSweep()
        try await readResponses()
        try await vanished.decideAssessments()
    }

    /// What came back to the platform is there in the warehouse too before its parts are looked for.
    private func publishInSweep() async throws {
        if isSweep { try await run.publish() }
    }

    // MARK: Courses and the log

    /// Courses that the list lacks: looked into by every sweep, by increments once a day.
    private func lookForCourses() async throws {
        guard run.isSelected("courses") else { return }
        let now = run.serverNow
        var position = try await run.facts.watermark("courses", "") ?? MarkPosition()
        let last = position.time("vanished_at") ?? position.time(LearnWorldsMarks.baseline)
        guard isSweep || last.map({ now.since($0) >= .seconds(86_400) }) ?? true else {
            // They are still absent when their day has come.
            _ = await run.takeAbsent()
            return
        }
        try await vanished.decideCourses()
        position.set("vanished_at", now)
        await run.apply([.watermark(stream: "courses", partition: "", position: position, asOf: now)])
    }

    /// The courses that are still there, with when they were made.
    private func presentCourses() async throws -> [String: Timestamp?] {
        let rows = try await run.facts.rows(of: Course.table, columns: ["course_id", "created_at"], matching: [:])
        var made: [String: Timestamp?] = [:]
        for row in rows {
            guard let id = row["course_id"] else { continue }
            made[id] = .some(row["created_at"].flatMap(Int64.init).map(Timestamp.init(microsecondsSinceEpoch:)))
        }
        let present = Set(catalogue.present(among: Array(made.keys)))
        return made.filter { present.contains($0.key) }
    }

    /// A sweep that takes nothing for granted reads the whole log again: rows that came very late.
    private func readWholeLog() async throws {
        guard rounds.sweepAge == .zero, run.isSelected("events") else { return }
        let end = run.serverNow
        var after = lists.options.eventsSince.map { end.advanced(by: .zero - $0) }
        while true {
            let cursor = EventCursor()
            let list = lists.wholeLog(after: after, before: end.advanced(by: .seconds(1)), cursor: cursor)
            guard try await run.read([ReadGroup([list], publishesByPage: true)]) else { return }
            guard let next = cursor.restart else { break }
            after = next
        }
        try await run.settle()
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

    // MARK: Parts whose turn it is

    /// Courses with open learners: they are read again more often.
    private func activeCourses() async throws -> Set<String> {
        try await run.facts.distinct("course_id", of: Enrollment.table, matching: ["status": ["active"]])
    }

    /// The answer to the queue that reading a part whole gives as well.
    private func answer(_ stream: String, _ partition: String, attempts: Int = 0) -> PendingEntry {
        PendingEntry(stream: stream, partition: partition, reason: "share", dueAt: run.serverNow, attempts: attempts)
    }

    /// Groups for what the queue did not bring.
    private func rest(
        of due: [String],
        _ stream: String,
        _ list: ReadBook.List,
        _ makeGroup: (PendingEntry) throws -> ReadGroup
    ) async throws {
        let left = due.filter { !lists.book.hasRead(list, $0) }
        guard !left.isEmpty else { return }
        let failed = try await run.facts.failedPartitions(stream)
        try await run.read(
            try left.map { part in
                var group = try makeGroup(answer(stream, part, attempts: 1))
                // What did not fail before goes on the ledger like any list that nobody has queued.
                if !failed.contains(part) { group.answers = [] }
                return group
            }
        )
    }

    /// Contents of the courses that changed, and of those whose turn it is.
    private func readContents(_ courses: [String: Timestamp?]) async throws {
        guard let stream = lists.contentsStream(run) else { return }
        func group(_ entry: PendingEntry) -> ReadGroup { vanished.contents(entry.partition, answers: [entry]) }
        try await run.drain([stream]) { $0.map { vanished.contents($0.partition, answers: [$0]) } }
        let active = try await activeCourses()
        let due = try await rounds.due(stream, .contents, parts: courses, isActive: active.contains)
        try await rest(of: due, stream, .contents, group)
        try await vanished.decideUnits()
    }

    // MARK: People

    /// New accounts, and once a day, or where a sweep finds them too old, all of them.
    ///
    /// - Returns: Whether all were read, so that nobody can be unknown.
    private func readLearners() async throws -> Bool {
        guard run.isSelected("learners") else { return true }
        let position = try await run.facts.watermark("learners", "") ?? MarkPosition()
        let now = run.serverNow
        guard let since = position.time("registered_after"), let full = position.time("full_at"),
            now.since(full) < .seconds(86_400),
            rounds.sweepAge.map({ full > run.startedAt.advanced(by: .zero - $0) }) ?? true
        else {
            let isRead = try await run.read([
                ReadGroup(
                    [lists.learners(queuingFor: nil)],
                    publishesByPage: true,
                    covers: [Cover(Learner.table, isConfirmedOneByOne: true)]
                )
            ])
            try await vanished.decideLearners()
            return isRead
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

    /// In a sweep: learners whose enrollments differ from the rosters are read again.
    private func compareRosters(_ courses: [String: Timestamp?]) async throws {
        guard isSweep, run.isSelected("enrollments") else { return }
        let verified = try await run.facts.verifiedTimes(LearnWorldsLists.rosterMarks)
        let boundary = run.startedAt.advanced(by: .zero - (rounds.sweepAge ?? .zero))
        let due = courses.keys.filter { (verified[$0] ?? nil).map { $0 <= boundary } ?? true }.sorted()
        let differing = try await vanished.learnersDifferingFromRosters(of: due)
        let now = run.serverNow
        let streams = ["enrollments", "progress"].filter(run.isSelected)
        await run.apply(
            differing.sorted().flatMap { learner in
                streams.map {
                    .queue(PendingEntry(stream: $0, partition: learner, reason: "roster", dueAt: now))
                }
            }
        )
    }

    private func readPeople(knowsEverybody: Bool) async throws {
        try await readQueuedPeople(knowsEverybody: knowsEverybody)
        let streams = ["enrollments", "progress"].filter(run.isSelected)
        guard !streams.isEmpty else { return }
        let learners = try await run.facts.distinct("learner_id", of: Learner.table, matching: [:])
            .subtracting(vanished.learners)
        let open = try await run.facts.learnersWithOpenCourses()
        var due: [String: [String]] = [:]
        for stream in streams {
            let list: ReadBook.List = stream == "progress" ? .progress : .enrollments
            let known = try await run.facts.verifiedTimes(stream).filter { learners.contains($0.key) }
            // Enrollments end without a sign as seldom for those who study as for others.
            let parts = try await rounds.due(stream, list, parts: known) { stream == "progress" && open.contains($0) }
            for learner in parts { due[learner, default: []].append(stream) }
        }
        var failed: [String: Set<String>] = [:]
        for stream in streams { failed[stream] = try await run.facts.failedPartitions(stream) }
        let failures = failed
        for chunk in due.keys.sorted().chunks(of: 500) {
            let marks = try await run.facts.watermarks("progress", partitions: chunk)
            try await run.read(
                chunk.map { learner in
                    let answers = (due[learner] ?? []).map { stream in
                        answer(stream, learner, attempts: failures[stream]?.contains(learner) == true ? 1 : 0)
                    }
                    return vanished.person(learner, answers: answers, mark: marks[learner])
                }
            )
        }
    }

    /// What vanished from the lists of people: enrollments first, since progress goes with them.
    private func reviewPeople() async throws {
        let unread = try await vanished.noteAbsentPeople()
        if !unread.isEmpty {
            let marks = try await run.facts.watermarks("progress", partitions: unread.map(\.learner))
            try await run.read(
                unread.map { learner, streams in
                    vanished.person(learner, answers: streams.map { answer($0, learner) }, mark: marks[learner])
                }
            )
        }
        try await vanished.decidePeople()
    }

    private func readQueuedPeople(knowsEverybody: Bool) async throws {
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
                var group = vanished.person(learner, answers: answers, mark: marks[learner])
                // Nobody's enrollment may be seen before its learner.
                if unknown.contains(learner) { group.reads.insert(lists.learner(learner), at: 0) }
                return group
            }
        }
    }

    // MARK: Certificates and submissions

    private func readCertificates(_ courses: [String: Timestamp?]) async throws {
        guard run.isSelected("certificates") else { return }
        let active = try await activeCourses()
        let due = try await rounds.due("certificates", .certificates, parts: courses, isActive: active.contains)
        let whole = Set(due)
        try await run.drain(["certificates"]) { entries in
            let marks = try await run.facts.watermarks("certificates", partitions: entries.map(\.partition))
            return entries.map { entry in
                if let learner = LearnWorldsFollowUps.learner(ofCertificatePartition: entry.partition) {
                    return ReadGroup(
                        [lists.certificates(learner: learner)],
                        answers: [entry],
                        publishesByPage: true
                    )
                }
                let mark = whole.contains(entry.partition) ? nil : marks[entry.partition]
                return vanished.certificates(entry.partition, answers: [entry], since: mark)
            }
        }
        try await rest(of: due, "certificates", .certificates) {
            vanished.certificates($0.partition, answers: [$0], since: nil)
        }
        try await vanished.decideCertificates()
    }

    private func readGrades(_ courses: [String: Timestamp?]) async throws {
        guard run.isSelected("grades") else { return }
        let active = try await activeCourses()
        let due = try await rounds.due("grades", .grades, parts: courses, isActive: active.contains)
        let whole = Set(due)
        let marks = try await run.facts.watermarks("grades", partitions: due)
        try await run.drain(["grades"]) { entries in
            let marks = try await run.facts.watermarks("grades", partitions: entries.map(\.partition))
            return entries.map { entry in
                vanished.grades(
                    entry.partition,
                    answers: [entry],
                    since: marks[entry.partition],
                    isWhole: whole.contains(entry.partition)
                )
            }
        }
        try await rest(of: due, "grades", .grades) {
            vanished.grades($0.partition, answers: [$0], since: marks[$0.partition], isWhole: true)
        }
        try await vanished.decideGrades()
    }

    private func readResponses() async throws {
        let stream = "assessment_responses"
        guard run.isSelected(stream) else { return }
        let live = try await run.facts.distinct("assessment_id", of: Assessment.table, matching: [:])
        let known = try await run.facts.verifiedTimes(stream).filter { live.contains($0.key) }
        let due = try await rounds.due(stream, .responses, parts: known) { _ in false }
        let whole = Set(due)
        try await run.drain([stream]) { entries in
            let marks = try await run.facts.watermarks(stream, partitions: entries.map(\.partition))
            return try await lists.responseGroups(for: entries, since: marks, whole: whole, run)
        }
        for chunk in due.chunks(of: 500) {
            let marks = try await run.facts.watermarks(stream, partitions: chunk)
            let left = chunk.filter { !lists.book.hasRead(.responses, $0) }
            let entries = left.map { answer(stream, $0, attempts: 1) }
            let groups = try await lists.responseGroups(for: entries, since: marks, whole: whole, run)
            let failed = try await run.facts.failedPartitions(stream)
            try await run.read(
                groups.map { group in
                    var group = group
                    if !group.answers.contains(where: { failed.contains($0.partition) }) { group.answers = [] }
                    return group
                }
            )
        }
        try await vanished.decideResponses()
    }
}

/// Members of the connector's watermarks that others write.
enum LearnWorldsMarks {
    /// When the stream's baseline began.
    static let baseline = "baseline_at"
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
