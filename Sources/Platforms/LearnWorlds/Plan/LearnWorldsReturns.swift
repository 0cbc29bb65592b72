import Records

/// What was marked as deleted together with a parent that is back: Sources/Platforms/LearnWorlds/README.md §6.
///
/// Its lists are read whole, since what they hold is older than any mark. Only what really went with the parent costs a request:
/// rows that were marked when the parent was, or later.
struct LearnWorldsReturns<Run: RunContext> {
    let run: Run

    /// The re-pulls that follow from rows of courses, accounts and enrollments that were gone here and are back.
    func decide(_ changes: [String: [ChangedRow]]) async throws -> [PendingEntry] {
        func returned(_ table: Table) -> [ChangedRow] { (changes[table.name] ?? []).filter(\.isReturned) }
        let (courses, learners) = (returned(Course.table), returned(Learner.table))
        let enrollments = returned(Enrollment.table)
        guard !(courses.isEmpty && learners.isEmpty && enrollments.isEmpty) else { return [] }
        var parts: Set<Part> = []
        for row in courses {
            guard let course = row["course_id"], let since = row.deletedAt, run.scope.contains(course) else { continue }
            parts.formUnion(try await self.parts(ofCourse: course, since))
        }
        let there = courses.compactMap { $0["course_id"] }
        for row in learners {
            guard let learner = row["learner_id"], let since = row.deletedAt else { continue }
            parts.formUnion(try await self.parts(ofLearner: learner, since, coursesBack: there))
        }
        parts.formUnion(try await progress(of: enrollments))
        let now = run.serverNow
        return parts.sorted { ($0.stream, $0.partition) < ($1.stream, $1.partition) }.map {
            PendingEntry(stream: $0.stream, partition: $0.partition, reason: PendingEntry.whole, dueAt: now)
        }
    }

    private struct Part: Hashable {
        let stream: String
        let partition: String

        init(_ stream: String, _ partition: String) { (self.stream, self.partition) = (stream, partition) }
    }

    /// The roster names who is in it now; who was, and whose access has ended since, is
    /// known from the rows.
    private func parts(ofCourse course: String, _ since: Timestamp) async throws -> Set<Part> {
        let matching = ["course_id": [course]]
        // Contents count under whichever of their streams is on, assessments first.
        let contents = LearnWorlds.streams(of: run.settings).contains("assessments") ? "assessments" : "course_units"
        var parts: Set<Part> = [Part(contents, course), Part("grades", course), Part("certificates", course)]
        var learners: Set<String> = []
        for table in [Enrollment.table, Progress.table] {
            learners.formUnion(
                try await run.facts.distinctDeleted("learner_id", of: table, matching: matching, since: since)
            )
        }
        // Who is gone as well comes back with the account.
        learners.subtract(try await run.facts.learnersNotLive(among: learners.sorted()))
        let streams = LearnWorlds.streamsOfPeople(in: run.settings)
        if let first = streams.first { parts.insert(Part(first, LearnWorldsFollowUps.rosterPartition(of: course))) }
        for stream in streams { parts.formUnion(learners.map { Part(stream, $0) }) }
        let units = try await run.facts.distinctDeleted(
            "assessment_id",
            of: AssessmentResponse.table,
            matching: matching,
            since: since
        )
        return parts.union(units.map { Part("assessment_responses", $0) })
    }

    /// The account's own lists; submissions stand in lists of courses and units.
    private func parts(
        ofLearner learner: String,
        _ since: Timestamp,
        coursesBack: [String]
    ) async throws -> Set<Part> {
        func deleted(_ column: String, _ table: Table) async throws -> Set<String> {
            try await run.facts.distinctDeleted(
                column,
                of: table,
                matching: ["learner_id": [learner]],
                since: since
            )
        }
        var parts: Set<Part> = []
        if !(try await deleted("course_id", Enrollment.table)).isEmpty { parts.insert(Part("enrollments", learner)) }
        if !(try await deleted("course_id", Progress.table)).isEmpty { parts.insert(Part("progress", learner)) }
        if !(try await deleted("certificate_id", Certificate.table)).isEmpty {
            parts.insert(Part("certificates", LearnWorldsFollowUps.certificatePartition(ofLearner: learner)))
        }
        let graded = try await deleted("course_id", Grade.table)
        let handedIn = try await deleted("assessment_id", AssessmentResponse.table)
        guard !(graded.isEmpty && handedIn.isEmpty) else { return parts }
        // What is gone with its course comes back with the course.
        let live = Set(try await run.facts.courseIDs()).union(coursesBack)
        parts.formUnion(graded.intersection(live).map { Part("grades", $0) })
        let courses = try await run.facts.courses(ofAssessments: handedIn.sorted())
        parts.formUnion(
            handedIn.filter { courses[$0].map(live.contains) ?? false }.map { Part("assessment_responses", $0) }
        )
        return parts
    }

    /// Progress that ended with an enrollment.
    private func progress(of enrollments: [ChangedRow]) async throws -> Set<Part> {
        var parts: Set<Part> = []
        for row in enrollments {
            guard let course = row["course_id"], let learner = row["learner_id"], let since = row.deletedAt,
                run.scope.contains(course)
            else { continue }
            let gone = try await run.facts.distinctDeleted(
                "course_id",
                of: Progress.table,
                matching: ["course_id": [course], "learner_id": [learner]],
                since: since
            )
            if !gone.isEmpty { parts.insert(Part("progress", learner)) }
        }
        return parts
    }
}
