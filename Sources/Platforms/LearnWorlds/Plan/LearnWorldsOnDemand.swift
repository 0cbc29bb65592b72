import Records

/// Pulls some learners and some courses, with all their streams and nothing else.
///
/// A learner costs the account, the enrollments, the progress and the certificates; submissions are asked for only where
/// the progress shows that a unit has changed. A course costs its record, contents, roster, submissions, certificates, the
/// responses of each unit that was handed in, and two calls for everybody who is in it: there is no other way to
/// progress.
struct LearnWorldsOnDemand<Run: RunContext> {
    let makeLists: @Sendable () -> LearnWorldsLists
    let run: Run

    private static var reason: String { "demand" }

    func read(_ demand: OnDemand) async throws {
        let courses = try await knownCourses(demand.courses)
        let learners = try await knownLearners(demand.learners)
        // Only now is the platform's clock known, by which records are judged.
        let lists = makeLists()
        if lists.contentsStream(run) != nil {
            try await run.read(courses.map { ReadGroup([lists.contents(course: $0, run)]) })
        }
        try await queueParts(of: courses, lists)
        await queue(["enrollments", "progress"], learners)
        await queue(["certificates"], learners.map(LearnWorldsFollowUps.certificatePartition(ofLearner:)))
        let pulls = QueuedReads(lists: lists, since: nil, run: run)
        try await pulls.readPeople()
        try await pulls.readResults()
    }

    /// Queues everything of some courses that are there, beside their contents: people, submissions, certificates.
    ///
    /// - Returns: Whether the rosters, which say of whom, could be read.
    @discardableResult
    func queueParts(of courses: [String], _ lists: LearnWorldsLists) async throws -> Bool {
        var isRead = true
        let people = ["enrollments", "progress"].filter(run.isSelected)
        if let queue = people.first {
            var learners = try await run.facts.distinct(
                "learner_id",
                of: Enrollment.table,
                matching: ["course_id": courses]
            )
            for chunk in courses.chunks(of: 16) {
                let groups = chunk.map {
                    ReadGroup([lists.roster(course: $0, queue: queue, isBaseline: false)], publishesByPage: true)
                }
                let slice = try await run.read(groups)
                if !slice.isComplete { isRead = false }
                for course in chunk { learners.formUnion(run.log.roster(of: course, in: slice) ?? []) }
            }
            await self.queue(people, learners.sorted())
        }
        await self.queue(["grades", "certificates"], courses)
        return isRead
    }

    private func queue(_ streams: [String], _ partitions: [String]) async {
        let now = run.serverNow
        await run.apply(
            partitions.flatMap { partition in
                streams.filter(run.isSelected).map {
                    .queue(PendingEntry(stream: $0, partition: partition, reason: Self.reason, dueAt: now))
                }
            }
        )
    }

    /// Reads the records of courses; those that are not there are noted.
    private func knownCourses(_ ids: [String]) async throws -> [String] {
        let lists = makeLists()
        try await run.read(ids.map { ReadGroup([lists.record(ofCourse: $0)]) })
        return run.restrictedToScope(known(ids, .course, .course))
    }

    private func knownLearners(_ ids: [String]) async throws -> [String] {
        let lists = makeLists()
        try await run.read(ids.map { ReadGroup([lists.learner($0)]) })
        return known(ids, .learner, .learner)
    }

    private func known(
        _ ids: [String],
        _ list: LearnWorldsList,
        _ kind: NamedRecord.Kind
    ) -> [String] {
        ids.filter { id in
            if run.log.wasEmpty(list, id) { run.noteUnknown(NamedRecord(kind, id)) }
            return run.log.hasMet(list, id)
        }
    }
}
