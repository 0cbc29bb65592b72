import Records

/// Contents, certificates and submissions: what follows from the pulls, and what is verified in its turn.
extension LearnWorldsIncrementalRun {
    /// Courses with open learners: they are read again more often.
    func activeCourses() async throws -> Set<String> {
        try await run.facts.distinct("course_id", of: Enrollment.table, matching: ["status": ["active"]])
    }

    /// The answer to the queue that reading a part whole gives as well.
    func answer(_ stream: String, _ partition: String, attempts: Int = 0) -> PendingEntry {
        PendingEntry(stream: stream, partition: partition, reason: "share", dueAt: run.serverNow, attempts: attempts)
    }

    /// Groups for what the queue did not bring.
    func rest(
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
    func readContents(_ courses: [String: Timestamp?]) async throws {
        guard let stream = lists.contentsStream(run) else { return }
        func group(_ entry: PendingEntry) -> ReadGroup { vanished.contents(entry.partition, answers: [entry]) }
        try await run.drain([stream]) { $0.map { vanished.contents($0.partition, answers: [$0]) } }
        let active = try await activeCourses()
        let due = try await rounds.due(stream, .contents, parts: courses, isActive: active.contains)
        try await rest(of: due, stream, .contents, group)
        try await vanished.decideUnits()
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
                let mark = whole.contains(entry.partition) || entry.isWhole ? nil : marks[entry.partition]
                return vanished.certificates(entry.partition, answers: [entry], since: mark)
            }
        }
        try await rest(of: due, "certificates", .certificates) {
            vanished.certificates($0.partition, answers: [$0], since: nil)
        }
        try await vanished.decideCertificates()
    }

    func readGrades(_ courses: [String: Timestamp?]) async throws {
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
                    isWhole: whole.contains(entry.partition) || entry.isWhole
                )
            }
        }
        try await rest(of: due, "grades", .grades) {
            vanished.grades($0.partition, answers: [$0], since: marks[$0.partition], isWhole: true)
        }
        try await vanished.decideGrades()
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
