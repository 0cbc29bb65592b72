import Records

/// Holds the lists of some courses against the warehouse.
struct BlackboardCourseReconciliation<Run: ReconcileContext> {
    let cycle: BlackboardIncrementalRun<Run>
    /// The courses as the platform is asked for them.
    let courses: [String]
    let run: Run

    private var context: BlackboardContext<Run> { cycle.context }
    private var lists: BlackboardLists { cycle.lists }
    /// Whether single columns are asked for their grades: that is what costs.
    private var readsCells: Bool { run.extent.isFull || !run.extent.courses.isEmpty }

    func read() async throws {
        try await readMemberships()
        try await readColumns()
        try await cycle.verifyAbsences()
        guard readsCells else { return }
        let rosters = try await context.facts.rosters(of: courses)
        try await readAttempts(rosters)
        try await readGrades(rosters)
        try await readProgress(rosters)
        try await verifyCells(rosters)
    }

    private func scopes(_ course: String) -> [[String: String]] {
        [["course_id": course], ["parent_course_id": course]]
    }

    private func readMemberships() async throws {
        guard run.compares("enrollments") else { return }
        let withUsers = run.isSelected("learners") && run.connectorState[BlackboardRules.usersRefused] != nil
        try await run.read(
            courses.map { course in
                ReadGroup(
                    [lists.memberships(course: course, withUsers: withUsers) { _ in [] }],
                    covers: [Cover(Enrollment.table, scopes: scopes(course))]
                )
            }
        )
        // What differs is part of the rosters by which grades find their course.
        try await run.settle()
    }

    private func readColumns() async throws {
        guard run.compares("assessments") else { return }
        let marks = try await run.facts.watermarks("assessments", partitions: courses)
        try await run.read(
            courses.map { course in
                cycle.cache.restore(course, from: marks[course])
                let columns = lists.columns(course: course, noting: cycle.cache)
                return ReadGroup(
                    run.extent.isFull ? [lists.categories(course: course, noting: cycle.cache), columns] : [columns],
                    covers: [Cover(Assessment.table, scopes: [["course_id": course]])]
                )
            }
        )
        let lacking = cycle.cache.coursesLackingCategories()
        try await run.read(lacking.map { ReadGroup([lists.categories(course: $0, noting: cycle.cache)]) })
    }

    // MARK: Cells

    private func readAttempts(_ rosters: [String: Roster]) async throws {
        guard run.compares("assessment_responses") else { return }
        let books = try await cycle.gradebooks(of: courses)
        let submissions = SubmissionBook()
        try await run.read(
            courses.flatMap { course -> [ReadGroup] in
                guard let roster = rosters[course], let book = books[course] else { return [] }
                let walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
                return book.columns.filter { $0.kind == .attempts && !$0.isTotal }.map {
                    ReadGroup([lists.attempts(walk, column: $0, since: nil, anonymous: [], noting: submissions)])
                }
            }
        )
    }

    private func readGrades(_ rosters: [String: Roster]) async throws {
        guard run.compares("grades") else { return }
        let books = try await cycle.gradebooks(of: courses)
        for course in courses {
            guard let roster = rosters[course], let book = books[course] else { continue }
            let ids = book.columns.map(\.assessmentID)
            var walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
            walk.stored = try await context.facts.cells(ofColumns: ids)
            if run.isSelected("assessment_responses") {
                walk.submissions = try await context.facts.attempts(ofColumns: ids).submissions
            }
            // Without marks every column is read in full.
            try await run.read(context.columnGroups(lists, walk, book.columns, marks: [:]))
        }
    }

    private func readProgress(_ rosters: [String: Roster]) async throws {
        guard run.compares("progress"), lists.has(.reviewStatus) else { return }
        try await run.read(
            courses.compactMap { course in
                rosters[course].map {
                    ReadGroup(
                        [lists.reviewStatus(roster: $0)],
                        covers: [Cover(Progress.table, scopes: scopes(course))]
                    )
                }
            }
        )
    }

    /// Cells of members are asked for one by one, as in any run; cells and progress of people who are on no roster go with the
    /// membership, which is asked for.
    private func verifyCells(_ rosters: [String: Roster]) async throws {
        let absent = await cycle.takeAbsent()
        var members: [AbsentRow] = []
        var strangers: Set<BlackboardMapping.Cell> = []
        let ids = Set(absent.compactMap { $0.key["assessment_id"] })
        let placed = try await run.facts.courses(ofAssessments: ids.sorted())
        for row in absent {
            guard let learner = row.key["learner_id"], let course = row.key["course_id"] else { continue }
            let asked = row.key["assessment_id"].flatMap { placed[$0] } ?? cycle.catalogue.asked(for: course)
            if let member = rosters[asked]?[learner], (member.child ?? asked) == course {
                members.append(row)
            } else {
                strangers.insert(BlackboardMapping.Cell(assessment: asked, learner: learner))
            }
        }
        try await run.noteAbsent(members.filter { $0.table == Grade.table.name }, of: Grade.table)
        try await cycle.verifyAbsences()
        let left = Set(absent).subtracting(members)
        // A set has another order in every process, and the requests of a run shall not.
        let ordered = strangers.sorted { ($0.assessment, $0.learner) < ($1.assessment, $1.learner) }
        try await run.read(
            ordered.map { stranger in
                let (asked, learner) = (stranger.assessment, stranger.learner)
                let rows = left.filter { $0.key["learner_id"] == learner }
                return ReadGroup([
                    lists.membership(course: asked, learner: learner) {
                        [Grade.table, Progress.table].map { table in
                            let keys = rows.filter { $0.table == table.name }
                                .map { row in table.key.map { row.key[$0] ?? "" } }
                            return .gone(GoneRows(table, columns: table.key, keys: keys))
                        }
                    }
                ])
            }
        )
    }
}
