import Records

/// Accounts, and what the queue and the rolling share bring of enrollments and progress.
extension LearnWorldsIncrementalRun {
    /// New accounts, and once a day, or where a sweep finds them too old, all of them.
    ///
    /// - Parameter all: Reads all of them although it is not their day: the log does not say who was there.
    /// - Returns: Whether all were read, so that nobody can be unknown.
    func readLearners(all: Bool) async throws -> Bool {
        guard run.isSelected("learners") else { return true }
        let position = try await run.facts.watermark("learners", "") ?? MarkPosition()
        let now = run.serverNow
        guard let since = position[.registeredAfter], let full = position[.fullAt],
            now.since(full) < .seconds(86_400), !all,
            schedule.sweepAge.map({ full > run.startedAt.advanced(by: .zero - $0) }) ?? true
        else {
            let isRead = try await run.read([
                ReadGroup(
                    [lists.learners(queuingFor: nil)],
                    publishesByPage: true,
                    covers: [Cover(Learner.table, isConfirmedOneByOne: true)]
                )
            ]).isComplete
            try await deletions.decideLearners(orphans: isRead ? try await run.facts.strayLearners() : [])
            return isRead
        }
        let from = since.advanced(by: .seconds(-3_600) - run.clockDoubt)
        try await run.read([
            ReadGroup([lists.learners(registeredAfter: from, previous: position)], publishesByPage: true)
        ])
        return false
    }

    /// Enrollments that ran out an hour ago: renewed, or gone?
    func queueExpiredEnrollments() async throws {
        guard run.isSelected("enrollments") else { return }
        let now = run.serverNow
        var learners = try await run.facts.learnersWithUnreadExpiry(before: now.advanced(by: .seconds(-3_600)))
        if !learners.isEmpty, let read = try await learnersInScope() { learners = learners.filter(read.contains) }
        await run.apply(
            learners.map { .queue(PendingEntry(stream: "enrollments", partition: $0, reason: "expired", dueAt: now)) }
        )
    }

    /// Learners whose enrollments differ from the rosters are read again: in a sweep, and of rosters that could not be read.
    ///
    /// - Parameter all: Compares every roster: no log says who was enrolled.
    func compareRosters(_ courses: [String: Timestamp?], all: Bool) async throws {
        guard run.isSelected("enrollments") else { return }
        let due = all ? allCourses(courses) : try await rostersDue(courses)
        guard !due.isEmpty else { return }
        let differing = try await deletions.learnersDifferingFromRosters(of: due.sorted())
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

    private func rostersDue(_ courses: [String: Timestamp?]) async throws -> [String] {
        // Of the lists of a course only the roster waits in no queue: the entries there are learners.
        guard isSweep else { return try await run.unreadCourses(["enrollments"], among: courses.keys) }
        let verified = try await run.facts.verifiedTimes(LearnWorldsLists.rosterMarks)
        let boundary = run.startedAt.advanced(by: .zero - (schedule.sweepAge ?? .zero))
        return courses.keys.filter { (verified[$0] ?? nil).map { $0 <= boundary } ?? true }
    }

    func readPeople(knowsEverybody: Bool) async throws {
        try await readQueuedPeople(knowsEverybody: knowsEverybody)
        let streams = ["enrollments", "progress"].filter(run.isSelected)
        guard !streams.isEmpty else { return }
        var learners = try await run.facts.distinct("learner_id", of: Learner.table, matching: [:])
        // Where no account can be read, who has lists is known by what they hold.
        if !run.isSelected("learners") {
            for table in [Enrollment.table, Progress.table] {
                learners.formUnion(try await run.facts.distinct("learner_id", of: table, matching: [:]))
            }
        }
        learners.subtract(deletions.learners.union([""]))
        if let read = try await learnersInScope() { learners.formIntersection(read) }
        let open = try await run.facts.learnersWithOpenCourses()
        // Of who came after the baseline no event may have told, or a pull on demand, which leaves no mark: a sweep, and once a
        // day an increment, reads whoever may have lists and was never read.
        let isLookedFor = (isSweep || knowsEverybody) && !learners.isEmpty
        let active = isLookedFor ? try await run.facts.activeLearners().intersection(learners) : []
        var due: [String: [String]] = [:]
        for stream in streams {
            let list: LearnWorldsList = stream == "progress" ? .progress : .enrollments
            var known = try await run.facts.verifiedTimes(stream).filter { learners.contains($0.key) }
            for learner in active where known[learner] == nil { known[learner] = .some(nil) }
            // Enrollments end without a sign as seldom for those who study as for others.
            let parts = try await schedule.due(
                stream,
                parts: known,
                isRead: { run.log.hasRead(list, $0) },
                isActive: { stream == "progress" && open.contains($0) }
            )
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
                        answer(stream, learner, attempts: failures[stream]?.contains(learner) == true ? FormerFailure.attempts : 0)
                    }
                    return deletions.person(learner, answers: answers, mark: marks[learner])
                }
            )
        }
    }

    /// What vanished from the lists of people: enrollments first, since progress goes with them.
    func reviewPeople() async throws {
        let people = await deletions.absentPeople()
        let unread = deletions.unreadLists(of: people)
        if !unread.isEmpty {
            let marks = try await run.facts.watermarks("progress", partitions: unread.map(\.learner))
            try await run.read(
                unread.map { learner, streams in
                    deletions.person(learner, answers: streams.map { answer($0, learner) }, mark: marks[learner])
                }
            )
        }
        try await deletions.decide(people)
    }

    func readQueuedPeople(knowsEverybody: Bool) async throws {
        let streams = ["enrollments", "progress"].filter(run.isSelected)
        guard !streams.isEmpty else { return }
        try await run.drain(streams) { all in
            let (rosters, entries) = lists.rosterGroups(for: all, run)
            let byLearner = Dictionary(grouping: entries, by: \.partition)
            let learners = entries.map(\.partition).uniqued()
            let unknown =
                knowsEverybody || !run.isSelected("learners")
                ? [] : Set(try await run.facts.learnersNotLive(among: learners))
            let marks = try await run.facts.watermarks("progress", partitions: learners)
            return rosters
                + learners.map { learner in
                    let answers = byLearner[learner] ?? []
                    // What came back with a list that this run has read is in that list.
                    let left = answers.filter { !($0.isWhole && lists.hasRead($0)) }
                    guard !left.isEmpty else { return ReadGroup([], answers: answers) }
                    var group = deletions.person(learner, answers: left, mark: marks[learner])
                    group.answers = answers
                    // Nobody's enrollment may be seen before its learner, who may have been away.
                    if unknown.contains(learner) { group.reads.insert(lists.learner(learner), at: 0) }
                    return group
                }
        }
    }
}
