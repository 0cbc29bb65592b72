import Records

/// What was marked as deleted together with a parent that is back: Sources/Platforms/Matrix/README.md §6.
///
/// The lists of a class are read whole in any case; only its awards need more. An account has no lists of its own: the classes
/// in which rows went with it are read.
struct MatrixReturns<Run: RunContext> {
    let run: Run

    /// The re-pulls that follow from rows of classes, accounts and assessments that were gone here and are back.
    func decide(_ changes: [String: [ChangedRow]]) async throws -> [PendingEntry] {
        func returned(_ table: Table) -> [ChangedRow] { (changes[table.name] ?? []).filter(\.isReturned) }
        var parts: [(stream: String, partition: String)] = []
        for row in returned(Course.table) {
            guard let course = row[\Course.courseID], let since = row.deletedAt else { continue }
            let awards = try await deleted("learner_id", Certificate.table, ["course_id": [course]], since)
            if !awards.isEmpty { parts.append(("certificates", course)) }
        }
        let learners = returned(Learner.table)
        let live = learners.isEmpty ? [] : Set(try await run.facts.courseIDs())
        for row in learners {
            guard let learner = row[\Learner.learnerID], let since = row.deletedAt else { continue }
            parts += try await self.parts(ofLearner: learner, since, live)
        }
        for row in returned(Assessment.table) {
            guard let id = row[\Assessment.assessmentID], let course = row[\Assessment.courseID], let since = row.deletedAt else {
                continue
            }
            let grades = try await deleted("learner_id", Grade.table, ["assessment_id": [id]], since)
            // The gradebook that showed the assessment may have shown its grades as well.
            let shown = (changes[Grade.table.name] ?? []).contains { $0.isReturned && $0[\Grade.assessmentID] == id }
            if !grades.isEmpty, !shown { parts.append(("enrollments", course)) }
        }
        let now = run.serverNow
        return parts.filter { run.isSelected($0.stream) }.map {
            PendingEntry(stream: $0.stream, partition: $0.partition, reason: PendingEntry.whole, dueAt: now)
        }
    }

    private func parts(
        ofLearner learner: String,
        _ since: Timestamp,
        _ live: Set<String>
    ) async throws -> [(stream: String, partition: String)] {
        let own = ["learner_id": [learner]]
        let taught = try await deleted(
            "course_id",
            Enrollment.table,
            own.merging(["role": Self.teaching]) { $1 },
            since
        )
        var attended: Set<String> = []
        for table in [Enrollment.table, Progress.table, Grade.table] {
            attended.formUnion(try await deleted("course_id", table, own, since))
        }
        let awarded = try await deleted("course_id", Certificate.table, own, since)
        // What is gone with its class comes back with the class.
        var parts: [(stream: String, partition: String)] = []
        for course in attended.intersection(live).sorted() { parts.append(("enrollments", course)) }
        for course in taught.intersection(live).sorted() { parts.append(("assessments", course)) }
        for course in awarded.intersection(live).sorted() {
            parts.append(("certificates", AwardPartition(course: course, learner: learner).text))
        }
        return parts
    }

    /// The roles of those whom the list of teachers names, and not the roster.
    private static var teaching: [String] { ["instructor", "co_instructor"] }

    private func deleted(
        _ column: String,
        _ table: Table,
        _ matching: [String: [String]],
        _ since: Timestamp
    ) async throws -> Set<String> {
        try await run.facts.distinctDeleted(column, of: table, matching: matching, since: since)
    }
}
