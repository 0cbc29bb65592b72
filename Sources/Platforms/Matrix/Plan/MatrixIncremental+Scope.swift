import Records

/// What a scope of classes changes.
extension MatrixIncremental {
    /// Whether the classes were last walked whole for another scope: what came into it since is unknown.
    var hasNewScope: Bool { (run.connectorState[MatrixLists.scopeRead] ?? "") != run.scope.scope.text }

    func noteScope() {
        let text = run.scope.scope.text
        run.connectorState[MatrixLists.scopeRead] = text.isEmpty ? nil : text
    }

    /// The classes in scope that somebody has completed, or has an award of.
    func classesWithAwards() async throws -> [String] {
        let completed = try await run.facts.distinct(
            \Progress.courseID,
            where: [.any(\.status, of: ["completed"])]
        )
        let awarded = try await run.facts.distinct(\Certificate.courseID)
        return completed.union(awarded).filter(run.scope.contains).sorted()
    }

    /// Classes that have come into scope, or with a list that could not be read, are read whole.
    func queueEntering() async throws {
        let entering = run.scope.entering
        let unread = try await run.unreadCourses(
            ["enrollments", "assessments", "grades"],
            among: run.log.presentClasses(among: try await run.facts.courseIDs()).filter(run.scope.contains)
        )
        guard !(entering.isEmpty && unread.isEmpty) else { return }
        let now = run.serverNow
        await run.apply(
            (entering + unread).uniqued().flatMap { course in
                ["enrollments", "assessments"].filter(run.isSelected).map {
                    .queue(PendingEntry(stream: $0, partition: course, reason: "scope", dueAt: now))
                }
            } + run.scope.entered(entering, at: now)
        )
        if run.isSelected("certificates"), !entering.isEmpty { await queueAwards(ofClasses: entering) }
    }
}
