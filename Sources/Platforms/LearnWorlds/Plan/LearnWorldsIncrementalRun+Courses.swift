import Records

/// Contents, certificates and submissions: what follows from the pulls, and what is verified in its turn.
extension LearnWorldsIncrementalRun {
    /// Courses with open learners: they are read again more often.
    func activeCourses() async throws -> Set<String> {
        try await run.facts.distinct(\Enrollment.courseID, where: [.any(\.status, of: ["active"])])
    }

    /// The answer to the queue that reading a part whole gives as well.
    func answer(_ stream: String, _ partition: String, attempts: Int = 0) -> PendingEntry {
        PendingEntry(stream: stream, partition: partition, reason: LearnWorldsReason.share, dueAt: run.serverNow, attempts: attempts)
    }

    /// Groups for what the queue did not bring.
    func rest(
        of due: [String],
        _ stream: String,
        isRead: (String) -> Bool,
        _ makeGroup: (PendingEntry) throws -> ReadGroup
    ) async throws {
        let left = due.filter { !isRead($0) }
        guard !left.isEmpty else { return }
        let failed = try await run.facts.failedPartitions(stream)
        try await run.read(
            try left.map { part in
                var group = try makeGroup(answer(stream, part, attempts: FormerFailure.attempts))
                // What did not fail before goes on the ledger like any list that nobody has queued.
                if !failed.contains(part) { group.answers = [] }
                return group
            }
        )
    }

    private func hasContents(_ course: String) -> Bool { run.log.note(CourseContents.self, course) != nil }

    /// Contents of the courses that changed, and of those whose turn it is.
    func readContents(_ courses: [String: Timestamp?]) async throws {
        guard let stream = lists.contentsStream(run) else { return }
        func group(_ entry: PendingEntry) -> ReadGroup { deletions.contents(entry.partition, answers: [entry]) }
        try await run.drain([stream]) { $0.map { deletions.contents($0.partition, answers: [$0]) } }
        let active = try await activeCourses()
        let due = try await schedule.due(stream, parts: courses, isRead: hasContents, isActive: active.contains)
        try await rest(of: due, stream, isRead: hasContents, group)
        try await deletions.decideUnits()
    }

    /// Where no event tells of an award, the newest certificates of every course do.
    func queueCertificates(_ courses: [String]) async {
        guard run.isSelected("certificates") else { return }
        let now = run.serverNow
        await run.apply(
            courses.map {
                .queue(PendingEntry(stream: "certificates", partition: $0, reason: "log", dueAt: now))
            }
        )
    }

    func readCertificates(_ courses: [String: Timestamp?]) async throws {
        guard run.isSelected("certificates") else { return }
        let active = try await activeCourses()
        let due = try await schedule.due(
            "certificates",
            parts: courses,
            isRead: { run.log.hasRead(.certificates, $0) },
            isActive: active.contains
        )
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
                let mark = whole.contains(entry.partition) || entry.isWhole ? nil : marks[entry.partition]
                return deletions.certificates(entry.partition, answers: [entry], since: mark)
            }
        }
        try await rest(of: due, "certificates", isRead: { run.log.hasRead(.certificates, $0) }) {
            deletions.certificates($0.partition, answers: [$0], since: nil)
        }
        try await deletions.decideCertificates()
    }

    func readGrades(_ courses: [String: Timestamp?]) async throws {
        guard run.isSelected("grades") else { return }
        let active = try await activeCourses()
        let due = try await schedule.due(
            "grades",
            parts: courses,
            isRead: { run.log.hasRead(.grades, $0) },
            isActive: active.contains
        )
        let whole = Set(due)
        let marks = try await run.facts.watermarks("grades", partitions: due)
        try await run.drain(["grades"]) { entries in
            let marks = try await run.facts.watermarks("grades", partitions: entries.map(\.partition))
            return entries.map { entry in
                deletions.grades(
                    entry.partition,
                    answers: [entry],
                    since: marks[entry.partition],
                    isWhole: whole.contains(entry.partition) || entry.isWhole
                )
            }
        }
        try await rest(of: due, "grades", isRead: { run.log.hasRead(.grades, $0) }) {
            deletions.grades($0.partition, answers: [$0], since: marks[$0.partition], isWhole: true)
        }
        try await deletions.decideGrades()
    }

    func readResponses() async throws {
        let stream = "assessment_responses"
        guard run.isSelected(stream) else { return }
        let live = try await run.facts.distinct(
            "assessment_id",
            of: Assessment.table,
            matching: run.scope.isEverything ? [:] : ["course_id": try await run.facts.courseIDs()]
        )
        let known = try await run.facts.verifiedTimes(stream).filter { live.contains($0.key) }
        let due = try await schedule.due(
            stream,
            parts: known,
            isRead: { run.log.hasRead(.responses, $0) },
            isActive: { _ in false }
        )
        let whole = Set(due)
        try await run.drain([stream]) { entries in
            let marks = try await run.facts.watermarks(stream, partitions: entries.map(\.partition))
            return try await lists.responseGroups(for: entries, since: marks, whole: whole, run)
        }
        for chunk in due.chunks(of: 500) {
            let marks = try await run.facts.watermarks(stream, partitions: chunk)
            let left = chunk.filter { !run.log.hasRead(.responses, $0) }
            let entries = left.map { answer(stream, $0, attempts: FormerFailure.attempts) }
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
        try await deletions.decideResponses()
    }
}
