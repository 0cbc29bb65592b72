import Records

/// What a scope of courses changes in an increment.
extension LearnWorldsIncrementalRun {
    /// Courses that have come into scope are loaded whole: of what happened in them before, no event tells.
    func loadEntering() async throws {
        let entering = run.log.presentCourses(among: run.scope.entering)
        guard !entering.isEmpty else { return }
        let now = run.serverNow
        if let stream = lists.contentsStream(run) {
            await run.apply(
                entering.map {
                    .queue(PendingEntry(stream: stream, partition: $0, reason: "scope", dueAt: now))
                }
            )
        }
        let demand = LearnWorldsOnDemand(makeLists: { [lists] in lists }, run: run)
        guard try await demand.queueParts(of: entering, lists) else { return }
        await run.apply(run.scope.entered(entering, at: now))
    }

    /// Those who are, or were, in a course that is read; `nil` where every course is.
    func learnersInScope() async throws -> Set<String>? {
        guard !run.scope.isEverything else { return nil }
        let courses = try await run.facts.courseIDs()
        let matching = ["course_id": courses]
        return try await run.facts.distinct("learner_id", of: Enrollment.table, matching: matching)
            .union(try await run.facts.distinct("learner_id", of: Progress.table, matching: matching))
    }
}
