import Records

/// Reads a whole site once: the baseline plan of Sources/Platforms/Matrix/README.md §4.
///
/// Parents come before children, and every step can be cut short: what is done is skipped by the run. The completions
/// come last, because only the rosters tell how many lie in which month.
struct MatrixBaseline<Run: RunContext> {
    let makeLists: @Sendable () -> MatrixLists
    let run: Run

    /// Classes whose lists are planned at once.
    private static var chunk: Int { 200 }

    /// The first call counts for the courses, and lists of single courses may name them again: their stream ends last.
    func read() async throws {
        try await run.reading(["courses"]) { try await readInOrder() }
    }

    private func readInOrder() async throws {
        // Its answer carries the platform's clock, by which records are judged.
        let stream = run.isSelected("courses") ? "courses" : run.isSelected("learners") ? "learners" : "organizations"
        try await run.read([ReadGroup([makeLists().version(stream: stream)])])
        let lists = makeLists()
        if run.isSelected("learners") {
            try await run.read([ReadGroup([lists.users(keepsLogins: true)], publishesByPage: true)])
        }
        if run.isSelected("courses") {
            let list = lists.classes(onlyActive: false, keepsTotals: run.isSelected("assessments"))
            if try await run.read([ReadGroup([list], publishesByPage: true)]).isComplete {
                let text = run.scope.scope.text
                run.connectorState[MatrixLists.scopeRead] = text.isEmpty ? nil : text
            }
        }
        if run.isSelected("organizations") {
            try await run.read([ReadGroup([lists.organizations()], publishesByPage: true)])
        }
        try await run.publish()
        if run.isSelected(anyOf: "enrollments", "assessments") {
            try await run.reading(["enrollments", "progress", "assessments", "grades"]) { try await readClasses(lists) }
        }
        if run.isSelected("certificates") { try await readCompletions(lists) }
        if run.isSelected("events") { try await readSessions(lists) }
    }

    /// Steps 5 and 6: the lists of each class, those of active classes first.
    private func readClasses(_ lists: MatrixLists) async throws {
        let rows = try await run.facts.rows(of: Course.self, [\.courseID, \.status])
        let present = Set(run.log.presentClasses(among: rows.map { $0[\.courseID] }))
        let (archived, active) = (
            rows.filter { $0[\.status] == "archived" }, rows.filter { $0[\.status] != "archived" }
        )
        var wanted: MatrixClassLists = .setup
        if run.isSelected("enrollments") { wanted.insert(.roster) }
        for part in [active, archived] {
            let courses = part.map { $0[\.courseID] }.filter(present.contains)
            for chunk in courses.chunks(of: Self.chunk) {
                let periods = try await MatrixIncremental<Run>.periods(of: chunk, run)
                try await run.read(
                    chunk.map { course in
                        let facts = MatrixClassFacts(course: course, periods: periods[course] ?? [])
                        return lists.group(wanted, of: facts, run)
                    }
                )
            }
        }
    }

    /// Step 7: completions, a few months at a time.
    private func readCompletions(_ lists: MatrixLists) async throws {
        try await run.publish()
        let months = try await run.facts.monthlyCounts(of: Progress.table, column: "completed_at")
        guard run.scope.isEverything else { return try await readCompletionsOfClasses(lists) }
        let windows = CompletionWindow.plan(
            months,
            limit: lists.options.completionsWindow,
            overlap: lists.options.completedOverlap
        )
        // Where a window cannot be read the stream is not loaded, and nothing may say that it is.
        guard try await run.read(windows.map { lists.completions(in: $0, run) }).isComplete else { return }
        await markCompletions(lists)
    }

    /// Of a part of the classes, one call for each in which somebody has completed: a window would hold the whole site.
    private func readCompletionsOfClasses(_ lists: MatrixLists) async throws {
        let classes = try await run.facts.distinct(\Progress.courseID, where: [.any(\.status, of: ["completed"])])
        try await run.read(
            classes.filter(run.scope.contains).sorted().map {
                lists.completions(course: $0, learner: nil, answers: [], run)
            }
        )
        await markCompletions(lists)
    }

    /// The date is the one that the first increment asks for: a watermark never goes back.
    private func markCompletions(_ lists: MatrixLists) async {
        var position = MarkPosition()
        let date = run.startedAt.advanced(by: .zero - lists.options.completedOverlap).dateText
        position[.completedAfter] = date
        position[.readAt] = run.startedAt
        position[.fullAt] = run.startedAt
        await run.apply([
            .watermark(stream: "certificates", partition: "", position: position, asOf: run.startedAt)
        ])
    }

    /// The sessions of everybody who logged in while the platform still remembers it.
    private func readSessions(_ lists: MatrixLists) async throws {
        try await run.publish()
        let marks = try await run.facts.watermarks(MatrixLists.Mark.logins)
        let logins = MatrixSessionPlan.due(logins: marks, read: [:], now: run.serverNow)
        let isRead = try await run.read(
            MatrixSessionPlan.batches(logins, of: lists.options.batch).map { lists.sessions($0, known: [], run) }
        ).isComplete
        // Without the mark the next increment asks for those who are left.
        guard isRead else { return }
        var position = MarkPosition()
        position[.readAt] = run.startedAt
        await run.apply([.watermark(stream: "events", partition: "", position: position, asOf: run.startedAt)])
    }
}
