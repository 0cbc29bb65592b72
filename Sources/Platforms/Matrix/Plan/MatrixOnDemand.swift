import Records

/// Pulls some learners and some classes, with all their streams and nothing else.
///
/// No function names the classes of a learner: those that the warehouse knows are read, and those in which the platform
/// names a completion. A learner costs a call for the account (a hundred share one), one for the completions, and roster
/// and gradebook of each class; a class its record (a hundred share one), its four lists and one call for completions.
struct MatrixOnDemand<Run: RunContext> {
    let plan: MatrixIncremental<Run>
    let run: Run

    private static var reason: String { "demand" }

    func read(_ demand: OnDemand) async throws {
        // The first answer brings the platform's clock, by which records are judged.
        let classes = try await knownClasses(demand.courses)
        let (learners, logins) = try await knownLearners(demand.learners)
        try await run.settle()
        try await plan.dropPeriods()
        await queue(classes, setup: true)
        await queue(try await self.classes(of: learners), setup: false)
        if run.isSelected(anyOf: "enrollments", "assessments") {
            try await plan.readClasses()
            try await run.settle()
            try await plan.readClasses()
            try await run.settle()
        }
        if run.isSelected("certificates") { try await readCertificates(of: learners, classes) }
        if run.isSelected("events"), !learners.isEmpty { try await readSessions(of: learners, logins) }
    }

    // MARK: Who and what is there

    private func knownClasses(_ ids: [String]) async throws -> [String] {
        let keepsTotals = run.isSelected("assessments")
        try await run.read(plan.chunks(ids).map { plan.makeLists().classes($0, keepsTotals: keepsTotals) })
        return run.restrictedToScope(known(ids, .classesWithIDs, .course))
    }

    private func knownLearners(_ ids: [String]) async throws -> ([String], logins: [String: MatrixLogin]) {
        let slice = try await run.read(plan.chunks(ids).map { plan.makeLists().users($0) })
        return (known(ids, .usersWithIDs, .learner), slice.notes.all(MatrixLogin.self))
    }

    private func known(_ ids: [String], _ function: MatrixFunction, _ kind: NamedRecord.Kind) -> [String] {
        for id in ids where run.log.isGone(id, by: function) { run.noteUnknown(NamedRecord(kind, id)) }
        return ids.filter { run.log.isThere($0, by: function) }
    }

    private func classes(of learners: [String]) async throws -> [String] {
        guard !learners.isEmpty else { return [] }
        return try await run.facts.distinct(\Enrollment.courseID, where: [.any(\.learnerID, of: learners)])
            .filter(run.scope.contains).sorted()
    }

    // MARK: Classes

    private func queue(_ classes: [String], setup: Bool) async {
        let streams = (["enrollments"] + (setup ? ["assessments"] : [])).filter(run.isSelected)
        let now = run.serverNow
        await run.apply(
            classes.flatMap { course in
                streams.map {
                    .queue(PendingEntry(stream: $0, partition: course, reason: Self.reason, dueAt: now))
                }
            }
        )
    }

    // MARK: Awards and sessions

    private func readCertificates(of learners: [String], _ classes: [String]) async throws {
        let lists = plan.makeLists()
        try await run.read(
            learners.map { lists.completions(learner: $0, run) }
                + classes.map { lists.completions(course: $0, learner: nil, answers: [], run) }
        )
        let decided = try await plan.readUnknownCompletions(besides: [])
        try await plan.drainAwards()
        // Others have completed these classes meanwhile: their awards come with the next sync, which would see nothing new.
        let others = Set(run.log.notes(NewCompletion.self).keys).subtracting(decided).filter { !classes.contains($0) }
        await plan.queueAwards(ofClasses: others.sorted())
    }

    private func readSessions(of learners: [String], _ logins: [String: MatrixLogin]) async throws {
        let read = try await run.facts.watermarks("events", partitions: learners)
        let counts = Dictionary(uniqueKeysWithValues: Set(learners).map { ($0, logins[$0]?.count ?? 0) })
        let lists = plan.makeLists()
        try await run.read(
            MatrixSessionPlan.batches(counts, of: plan.options.batch).map { batch in
                lists.sessions(batch, known: Set(batch.keys.filter { read[$0] != nil }), run)
            }
        )
    }
}
