import Records
import Transformer

/// Holds enrollments and progress against the warehouse.
///
/// The rosters tell whose enrollments differ; only a learner's own lists tell how. With `isFull` everybody's lists are read.
struct LearnWorldsPeopleReconciliation<Run: ReconcileContext> {
    let lists: LearnWorldsLists
    let deletions: DeletionDetection<Run>
    let courses: [String]
    /// Learners who ever logged in, as the list of this run has them.
    let active: Set<String>
    let run: Run

    private var streams: [String] { ["enrollments", "progress"].filter(run.compares) }

    func read() async throws {
        guard !streams.isEmpty else { return }
        var people: Set<String> = []
        if run.compares("enrollments") {
            let counts = run.extent.isFull ? nil : try await storedAccess()
            people = try await deletions.learnersDifferingFromRosters(of: courses, unlessCounting: counts)
        }
        if run.extent.isFull { people.formUnion(try await everybody()) }
        try await lookForUnknown(people)
        people.subtract(deletions.learners)
        try await read(people.sorted(), streams: streams)
        try await review()
    }

    /// How many learners the warehouse knows to have access, by course: what a roster counts.
    private func storedAccess() async throws -> [String: Int] {
        try await run.liveCounts(
            of: Enrollment.table,
            by: "course_id",
            matching: ["status": ["active"]],
            lasting: ("expires_at", run.serverNow)
        )
    }

    /// Whoever has a list worth reading: those who ever logged in, and those of whom the warehouse has something.
    private func everybody() async throws -> Set<String> {
        let matching = run.extent.courses.isEmpty ? [:] : ["course_id": courses]
        var people = active
        for table in [Enrollment.table, Progress.table, UnitProgress.table] {
            people.formUnion(try await run.facts.distinct("learner_id", of: table, matching: matching))
        }
        guard run.extent.courses.isEmpty else { return people }
        return people.union(try await run.liveValues("learner_id", of: Learner.table, having: "last_login_at"))
    }

    /// Learners whom neither the warehouse nor the list of accounts knows: the platform is asked for each.
    private func lookForUnknown(_ people: Set<String>) async throws {
        var unknown: [String] = []
        for chunk in people.sorted().chunks(of: 5_000) {
            unknown += try await run.facts.learnersNotLive(among: chunk)
        }
        guard !unknown.isEmpty else { return }
        try await run.noteAbsent(
            unknown.map { AbsentRow(table: Learner.table.name, key: ["learner_id": $0]) },
            of: Learner.table
        )
        try await deletions.decideLearners()
    }

    private func read(_ people: [String], streams: [String]) async throws {
        for chunk in people.chunks(of: 500) {
            try await run.read(chunk.map { group(of: $0, streams: streams) })
        }
    }

    private func group(of learner: String, streams: [String]) -> ReadGroup {
        let entries = streams.map {
            PendingEntry(stream: $0, partition: learner, reason: LearnWorldsReason.share, dueAt: run.serverNow)
        }
        var group = deletions.person(learner, answers: entries, mark: nil)
        group.answers = []
        return group.notingUnits(lists)
    }

    /// What the lists lacked: enrollments first, since progress goes with them.
    private func review() async throws {
        let people = await deletions.absentPeople()
        for (learner, streams) in deletions.unreadLists(of: people) {
            try await run.read([group(of: learner, streams: streams)])
        }
        try await deletions.decide(people)
    }
}
