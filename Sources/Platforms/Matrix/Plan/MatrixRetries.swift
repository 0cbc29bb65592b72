import Records

/// Which calls answer with rejected records; sessions are no longer to be had one by one.
struct MatrixRetries<Run: ReconcileContext> {
    let makeLists: @Sendable () -> MatrixLists
    let options: MatrixOptions
    let run: Run

    func reads(of rejects: [RejectedKey]) async throws -> [RetryRead] {
        // Its answer carries the platform's clock, by which records are judged.
        try await run.read([ReadGroup([makeLists().version(stream: "courses")])])
        let lists = makeLists()
        let keepsTotals = run.isSelected("assessments")
        let organizations = rejects.filter { $0.stream == "organizations" }
        let users = ReadGroup([lists.users(keepsLogins: false)], publishesByPage: true)
        let catalogue = ReadGroup([lists.classes(onlyActive: false, keepsTotals: keepsTotals)], publishesByPage: true)
        return rejects.reads(of: "learners", otherwise: users) { lists.users([$0]) }
            + rejects.reads(of: "courses", otherwise: catalogue) { lists.classes([$0], keepsTotals: keepsTotals) }
            + (organizations.isEmpty
                ? [] : [RetryRead(ReadGroup([lists.organizations()], publishesByPage: true), for: organizations)])
            + (try await classes(rejects, lists))
            + rejects.reads(of: "certificates") { lists.completions(course: $0, learner: nil, answers: [], run) }
    }

    /// Everything else comes with the lists of its class.
    private func classes(_ rejects: [RejectedKey], _ lists: MatrixLists) async throws -> [RetryRead] {
        let streams: Set = ["enrollments", "progress", "grades", "assessments"]
        let courses = rejects.filter { streams.contains($0.stream) }.map(\.first).uniqued()
        guard !courses.isEmpty else { return [] }
        let increment = MatrixIncremental(makeLists: makeLists, options: options, sweep: nil, run: run)
        let facts = try await increment.facts(of: courses)
        return rejects.reads(of: "enrollments", "progress", "grades", "assessments") { course in
            facts[course].map { lists.group([.roster, .setup], of: $0, run) }
        }
    }
}
