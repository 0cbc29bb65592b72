import Records

extension BlackboardIncrementalRun {
    /// Courses that have come into scope, or with a list that could not be read, are read whole; those that are live are visited
    /// by every cycle anyway.
    func loadEntering() async throws {
        let entering = run.scope.entering
        let unread = try await run.unreadCourses(
            ["enrollments", "assessments", "grades", "progress"],
            among: catalogue.all.map(\.id)
        )
        let asked = (entering + unread).map(catalogue.asked(for:)).uniqued().filter { catalogue[$0] != nil }
        guard !asked.isEmpty, hasAllowance else { return }
        let now = run.serverNow
        if run.isSelected("enrollments") {
            // Of a course whose members are unknown no grade can be read, however live it is.
            let unknown = try await run.facts.unreadPartitions("enrollments")
            let first = asked.filter { course in
                unknown.contains(course)
                    || catalogue[course]?.isLive(at: now, within: context.options.liveDays) == false
            }
            try await readMemberships(first)
            try await run.settle()
        }
        await run.apply(
            asked.flatMap { course in
                ["assessments", "grades", "progress"].filter(run.isSelected).map {
                    .queue(
                        PendingEntry(stream: $0, partition: course, reason: BlackboardFollowUps.entering, dueAt: now)
                    )
                }
            } + run.scope.entered(entering, at: now)
        )
    }
}
