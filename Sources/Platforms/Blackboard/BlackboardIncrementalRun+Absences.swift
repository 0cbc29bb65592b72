import Extractor
import Records
import Synchronization

extension BlackboardIncrementalRun {
    /// Above so many missing cells of one column it is read once more, instead of each cell.
    private static var cellsAskedSingly: Int { 10 }

    /// Asks the platform about rows that whole lists lacked: only its own answer about a row says that it is gone.
    func verifyAbsences() async throws {
        let absent = await takeAbsent()
        guard !absent.isEmpty else { return }
        guard hasAllowance else { return try await reopen(absent) }
        undecided.add(absent)
        let byTable = Dictionary(grouping: absent, by: \.table)
        try await verifyLists(byTable)
        try await verifyEnrollments(byTable[Enrollment.table.name] ?? [])
        try await verifyColumns(byTable[Assessment.table.name] ?? [])
        try await verifyCells(byTable[Grade.table.name] ?? [])
        try await run.settle()
    }

    /// The rows that whole lists lacked since the last call, of every table.
    func takeAbsent() async -> [AbsentRow] {
        var rows: [AbsentRow] = []
        for table in Table.all { rows += await run.absentRows(of: table) }
        return rows
    }

    /// What people left behind who left a course and joined it anew: cells that no new grade has taken the place of.
    func endFormerMemberships() async throws {
        for (course, learner) in context.activity.takeRejoined() {
            let rows = try await run.facts.rows(
                of: Grade.table,
                columns: ["assessment_id"],
                matching: ["course_id": [course], "learner_id": [learner]]
            )
            let left = rows.compactMap { $0["assessment_id"] }.filter { assessment in
                !context.activity.hasChanged(BlackboardMapping.Cell(assessment: assessment, learner: learner))
            }
            guard !left.isEmpty else { continue }
            await run.apply([
                .gone(
                    GoneRows(
                        Grade.table,
                        columns: ["course_id", "learner_id", "assessment_id"],
                        keys: left.map { [course, learner, $0] },
                        isGuarded: false
                    )
                )
            ])
        }
    }

    private func verifyEnrollments(_ rows: [AbsentRow]) async throws {
        let keys = rows.compactMap { row in
            row.key["course_id"].flatMap { course in row.key["learner_id"].map { (course: course, learner: $0) } }
        }
        // Read under another parent, or moved to another child: that row says what became of it.
        .filter { !context.activity.hasMembership(course: $0.course, learner: $0.learner) }
        let stored = try await storedMemberships(of: keys.map(\.learner).uniqued())
        let isApart = context.disabledAreApart
        let groups = keys.compactMap { key -> ReadGroup? in
            let place = BlackboardMapping.Cell(assessment: key.course, learner: key.learner)
            guard let (asked, status) = stored[place],
                !context.activity.hasMoved(learner: key.learner, in: asked, from: key.course)
            else { return nil }
            // Where disabled memberships are listed apart, their absence from the list of all says nothing.
            if isApart, status == "ended", !context.activity.hasWholeRoster(asked) { return nil }
            return membershipGroup(asked: asked, course: key.course, learner: key.learner)
        }
        try await run.read(groups)
    }

    /// Asks for a stored membership by itself.
    ///
    /// - Parameters:
    ///   - asked: The course whose list holds the membership.
    ///   - course: The course under which the membership is stored: `asked`, or one merged into it.
    func membershipGroup(asked: String, course: String, learner: String) -> ReadGroup {
        ReadGroup([
            lists.membership(course: asked, learner: learner) {
                [.gone(GoneRows(Enrollment.table, columns: ["course_id", "learner_id"], keys: [[course, learner]]))]
            }
        ])
    }

    /// The course that is asked for each stored membership of some learners, and its status.
    func storedMemberships(
        of learners: [String]
    ) async throws -> [BlackboardMapping.Cell: (asked: String, status: String?)] {
        var found: [BlackboardMapping.Cell: (asked: String, status: String?)] = [:]
        for chunk in learners.chunks(of: 1_000) {
            let rows = try await run.facts.rows(
                of: Enrollment.table,
                columns: ["course_id", "learner_id", "parent_course_id", "status"],
                matching: ["learner_id": chunk]
            )
            for row in rows {
                guard let course = row["course_id"], let learner = row["learner_id"] else { continue }
                let place = BlackboardMapping.Cell(assessment: course, learner: learner)
                found[place] = (row["parent_course_id"] ?? course, row["status"])
            }
        }
        return found
    }

    private func verifyColumns(_ rows: [AbsentRow]) async throws {
        let ids = rows.compactMap { $0.key["assessment_id"] }
        guard !ids.isEmpty else { return }
        let courses = try await run.facts.courses(ofAssessments: ids)
        let books = try await context.facts.gradebooks(of: Array(Set(courses.values)))
        let groups = ids.compactMap { id -> ReadGroup? in
            guard let course = courses[id],
                let column = books[course]?.columns.first(where: { $0.assessmentID == id })
            else { return nil }
            return ReadGroup([
                lists.column(column, course: course, noting: cache) {
                    [.gone(GoneRows(Assessment.table, "assessment_id", [id]))]
                }
            ])
        }
        try await run.read(groups)
    }

    /// Cells of people who are still in the course: a missing one was emptied, if the platform says so.
    private func verifyCells(_ rows: [AbsentRow]) async throws {
        let byColumn = Dictionary(grouping: rows) { $0.key["assessment_id"] ?? "" }
        let ids = byColumn.keys.sorted()
        guard !ids.isEmpty else { return }
        let filled = try await filledCells(ofColumns: ids)
        let courses = try await run.facts.courses(ofAssessments: ids)
        let asked = Array(Set(courses.values))
        let books = try await gradebooks(of: asked)
        let rosters = try await context.facts.rosters(of: asked)
        var groups: [ReadGroup] = []
        var many: [(walk: BlackboardMapping.GradeWalk, column: GradebookColumn, learners: [String])] = []
        for id in ids {
            guard let course = courses[id], let roster = rosters[course], let book = books[course],
                let column = book.columns.first(where: { $0.assessmentID == id })
            else { continue }
            let learners = (byColumn[id] ?? []).compactMap { $0.key["learner_id"] }.filter { learner in
                isListed(roster[learner])
                    && filled.contains(BlackboardMapping.Cell(assessment: id, learner: learner))
            }.uniqued()
            let walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
            // Of disabled memberships only the cell itself tells: a list may leave them out.
            let (listed, disabled) = learners.reduce(into: ([String](), [String]())) { parts, learner in
                if roster[learner]?.status == "ended" { parts.1.append(learner) } else { parts.0.append(learner) }
            }
            let isMany = listed.count > Self.cellsAskedSingly
            if isMany { many.append((walk, column, listed)) }
            groups += (disabled + (isMany ? [] : listed)).map { learner in
                ReadGroup([lists.grade(walk, column: column, learner: learner)])
            }
        }
        try await run.read(groups)
        try await verifyManyCells(many)
    }

    /// Whether a list of a column's grades shows the member's: disabled ones only to some accounts.
    private func isListed(_ member: Roster.Member?) -> Bool {
        guard let member else { return false }
        return member.status != "ended" || lists.showsDisabledGrades
    }

    /// Columns that lack many cells are read once more, unless a few of the cells, asked by themselves, are there: the
    /// list is then not to be believed, and what it lacks stays as it is.
    private func verifyManyCells(
        _ columns: [(walk: BlackboardMapping.GradeWalk, column: GradebookColumn, learners: [String])]
    ) async throws {
        for (walk, column, learners) in columns {
            let sample = Set([0, learners.count / 3, learners.count / 2, learners.count - 1]).map { learners[$0] }
            let answers = try await run.read(
                sample.sorted().map { ReadGroup([lists.grade(walk, column: column, learner: $0)]) }
            )
            guard answers.isComplete else { continue }
            guard answers.notes.all(FilledCell.self).isEmpty else {
                run.say("a list of grades lacks cells that the platform has: nothing was emptied by it")
                continue
            }
            try await run.read([ReadGroup([lists.cells(walk, column: column, missing: learners)])])
        }
    }

    /// Stored cells of some columns in which there is something.
    private func filledCells(ofColumns ids: [String]) async throws -> Set<BlackboardMapping.Cell> {
        let rows = try await run.facts.rows(
            of: Grade.table,
            columns: ["assessment_id", "learner_id", "status", "exempt"],
            matching: ["assessment_id": ids]
        )
        return Set(
            rows.compactMap { row in
                guard let assessment = row["assessment_id"], let learner = row["learner_id"],
                    row["status"] != "not_graded" || row["exempt"] == "true"
                else { return nil }
                return BlackboardMapping.Cell(assessment: assessment, learner: learner)
            }
        )
    }
}
