import Records

/// Holds a site against the warehouse: Sources/Platforms/Matrix/README.md §6, last paragraph.
///
/// The API gives no totals: users, classes and organizations are walked, and roster, teachers, gradebook and assignments of
/// every class are read again, or of the classes that are named. With `isFull` the completions are read, too.
struct MatrixReconciliation<Run: ReconcileContext> {
    let makeLists: @Sendable () -> MatrixLists
    let options: MatrixOptions
    let run: Run

    /// Classes whose facts are held at once.
    private static var chunk: Int { 200 }

    func read() async throws {
        // Its answer carries the platform's clock, by which records are judged.
        try await run.read([ReadGroup([makeLists().version(stream: "courses")])])
        if run.extent.courses.isEmpty {
            try await walk()
        } else {
            try await run.read(chunks(run.extent.courses).map { makeLists().classes($0, keepsTotals: keepsTotals) })
            let gone = run.extent.courses.filter { run.log.isGone($0, by: .classesWithIDs) }
            await MatrixDeletions(run: run).courses(gone)
        }
        try await checkPeriods()
        if run.compares(anyOf: "enrollments", "progress", "grades", "assessments") { try await readClasses() }
        if run.extent.isFull, run.compares("certificates") { try await readCertificates() }
    }

    private var keepsTotals: Bool { run.isSelected("assessments") }

    private func chunks(_ ids: [String]) -> [[String]] {
        ids.chunks(of: options.batch)
    }

    // MARK: Users, classes, organizations

    private func walk() async throws {
        let lists = makeLists()
        if run.compares("learners") {
            try await run.read([
                ReadGroup([lists.users(keepsLogins: false)], publishesByPage: true, covers: [Cover(Learner.table)])
            ])
        }
        try await run.read([
            ReadGroup(
                [lists.classes(onlyActive: false, keepsTotals: keepsTotals)],
                publishesByPage: true,
                covers: [Cover(Course.table)]
            )
        ])
        if run.compares("organizations") { try await readOrganizations(lists) }
        try await checkAbsent(lists)
    }

    private func readOrganizations(_ lists: MatrixLists) async throws {
        try await run.read([
            ReadGroup([lists.organizations()], publishesByPage: true, covers: [Cover(Organization.table)])
        ])
    }

    /// Asks by id for users and classes that a whole walk lacked, and walks the organizations once more.
    private func checkAbsent(_ lists: MatrixLists) async throws {
        func ids(_ table: Table, _ column: String) async -> [String] {
            await run.absentRows(of: table).compactMap { $0.key[column] }.sorted()
        }
        let deletions = MatrixDeletions(run: run)
        let learners = await ids(Learner.table, "learner_id")
        try await run.read(chunks(learners).map { lists.users($0) })
        await deletions.learners(learners.filter { run.log.isGone($0, by: .usersWithIDs) })
        let courses = await ids(Course.table, "course_id")
        try await run.read(chunks(courses).map { lists.classes($0, keepsTotals: keepsTotals) })
        await deletions.courses(courses.filter { run.log.isGone($0, by: .classesWithIDs) })
        let organizations = await ids(Organization.table, "organization_id")
        guard !organizations.isEmpty else { return }
        try await readOrganizations(lists)
        let again = Set(await ids(Organization.table, "organization_id"))
        await deletions.organizations(organizations.filter(again.contains))
    }

    /// Grading periods that the classes have no longer.
    private func checkPeriods() async throws {
        guard run.compares("assessments") else { return }
        let classes = run.log.notes(MatrixClass.self).values
        let stored = try await MatrixIncremental<Run>.periods(of: classes.map(\.id), run)
        let gone = classes.flatMap { PeriodEvidence.gone(stored: stored[$0.id] ?? [], named: $0.periodIDs) }
        await MatrixDeletions(run: run).periods(gone.sorted())
    }

    // MARK: Classes

    private func readClasses() async throws {
        let named = Set(run.extent.courses)
        let courses = run.log.notes(MatrixClass.self).keys.filter { named.isEmpty || named.contains($0) }.sorted()
        var wanted: MatrixClassLists = []
        if run.compares(anyOf: "enrollments", "progress", "grades") { wanted.insert(.roster) }
        if run.compares(anyOf: "enrollments", "assessments") { wanted.insert(.setup) }
        let increment = MatrixIncremental(makeLists: makeLists, options: options, sweep: nil, run: run)
        for chunk in courses.chunks(of: Self.chunk) {
            let facts = try await increment.facts(of: chunk)
            let lists = makeLists()
            try await run.read(
                chunk.compactMap { course in facts[course].map { group(wanted, of: $0, lists) } }
            )
            try await lookAgain()
        }
    }

    private func group(_ wanted: MatrixClassLists, of facts: MatrixClassFacts, _ lists: MatrixLists) -> ReadGroup {
        var group = lists.group(wanted, of: facts, run)
        if wanted.contains(.roster), run.compares("progress") {
            group.covers.append(Cover(Progress.table, scopes: [["course_id": facts.course]]))
        }
        return group
    }

    /// What the lists of classes lacked is looked for once more. Progress without an enrollment has no part in that.
    private func lookAgain() async throws {
        let enrollments = await run.absentRows(of: Enrollment.table)
        let alone = Set(await run.absentRows(of: Progress.table).map(Self.pair)).subtracting(enrollments.map(Self.pair))
        try await run.noteAbsent(enrollments, of: Enrollment.table)
        try await secondLook.read()
        guard !alone.isEmpty else { return }
        let lists = makeLists()
        func verdict(_ pair: [String], isMissingTwice: Bool?) -> ProgressEvidence.Verdict {
            ProgressEvidence.verdict(
                isRosterEmpty: run.log.result(of: ReadLog.Matrix.roster, pair[0])?.isEmpty ?? true,
                isMissingTwice: isMissingTwice
            )
        }
        let courses = Set(alone.filter { verdict($0, isMissingTwice: nil) == .readAgain }.map { $0[0] }).sorted()
        try await run.read(courses.map { group([.roster, .again], of: MatrixClassFacts(course: $0), lists) })
        let again = Set(await run.absentRows(of: Progress.table).map(Self.pair))
        let gone = alone.filter { verdict($0, isMissingTwice: again.contains($0)) == .gone }
        guard !gone.isEmpty else { return }
        await run.apply([.gone(GoneRows(Progress.table, columns: ["course_id", "learner_id"], keys: Array(gone)))])
    }

    private var secondLook: AbsenceConfirmation<Run> {
        AbsenceConfirmation(makeLists: makeLists, isSweep: true, run: run)
    }

    private static func pair(_ row: AbsentRow) -> [String] {
        [row.key["course_id"] ?? "", row.key["learner_id"] ?? ""]
    }

    // MARK: Certificates

    /// All completions with their awards, or those of the classes that are named; the awards they lack are looked into.
    private func readCertificates() async throws {
        let lists = makeLists()
        let awards = MatrixAwards(makeLists: makeLists, run: run)
        if run.extent.courses.isEmpty {
            let months = try await run.facts.monthlyCounts(of: Progress.table, column: "completed_at")
            let windows = CompletionWindow.plan(
                months,
                limit: options.completionsWindow,
                overlap: options.completedOverlap
            )
            guard try await run.read([lists.completions(inAll: windows, run)]).isComplete else { return }
            try await awards.ask()
        } else {
            try await run.read(
                run.extent.courses.map {
                    lists.completions(course: $0, learner: nil, answers: [], coversClass: true, run)
                }
            )
        }
        try await awards.decide()
    }
}
