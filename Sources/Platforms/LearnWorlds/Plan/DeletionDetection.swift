import Records

/// Finds out what is deleted: asks for what lists lacked, as ``LearnWorldsEvidence`` says, and marks what is proved.
struct DeletionDetection<Run: RunContext>: Sendable {
    let lists: LearnWorldsLists
    let run: Run

    var log: ReadLog { run.log }

    /// Accounts that this run found to be gone.
    var learners: Set<String> { Set(log.notes(GoneAccount.self).keys) }

    // MARK: What is missing

    /// The rows of a table that complete lists lacked since the last call; those of vanished learners and courses, which
    /// follow them, are left out.
    func takeAbsent(_ table: Table) async -> Set<AbsentRow> {
        let rows = Set(await run.absentRows(of: table))
        let isOwn = Self.tablesOfPeople.contains { $0.name == table.name }
        let vanished = isOwn ? learners.union(log.notes(OrphanLists.self).keys) : learners
        let courses = Set(rows.compactMap { $0.key["course_id"] })
        let present = Set(log.presentCourses(among: courses))
        return rows.filter { row in
            row.key["learner_id"].map { !vanished.contains($0) } ?? true
                && row.key["course_id"].map(present.contains) ?? true
        }
    }

    /// What is missing from a second reading, too.
    ///
    /// - Parameter groups: Reads the lists again, with their covers.
    func confirmed(_ rows: Set<AbsentRow>, of table: Table, by groups: [ReadGroup]) async throws -> Set<AbsentRow> {
        guard !rows.isEmpty else { return [] }
        try await run.read(groups)
        return rows.intersection(await takeAbsent(table))
    }

    /// Whether rows may be asked for one by one: not where more are missing than may be deleted.
    ///
    /// - Parameter missing: All rows of the table that may be gone, those that have to be asked for among them.
    func mayAsk(about rows: some Collection<AbsentRow>, missing: Set<AbsentRow>, of table: Table) async throws -> Bool {
        guard !rows.isEmpty else { return false }
        try await run.noteAbsent(Array(missing), of: table, isConfirmedOneByOne: true)
        return await takeAbsent(table).isSuperset(of: rows)
    }

    /// Marks rows by their key.
    func mark(_ rows: some Collection<AbsentRow>, of table: Table, isGuarded: Bool = true) async {
        let keys = rows.map { row in table.key.map { row.key[$0] ?? "" } }
        await mark(GoneRows(table, columns: table.key, keys: keys, isGuarded: isGuarded))
    }

    func mark(_ rows: GoneRows) async {
        guard !rows.keys.isEmpty else { return }
        await run.apply([.gone(rows)])
    }

    // MARK: Courses and accounts

    private func isGone(_ id: String, _ list: LearnWorldsList, _ path: String) -> Bool {
        let isMissing = log.result(of: list.rawValue, id)?.isEmpty
        return LearnWorldsEvidence.verdict(onObjectOf: lists.isProven(path), isMissing: isMissing) == .gone
    }

    /// Courses that the list lacks and that are not there when asked for.
    func decideCourses() async throws {
        let absent = await run.absentRows(of: Course.table).map { $0[\Course.courseID] }.sorted()
        guard !absent.isEmpty else { return }
        if !lists.isProven("/v2/courses/{id}") {
            let missing = Set(absent)
            guard let present = try await run.facts.courseIDs().first(where: { !missing.contains($0) }) else { return }
            try await run.read([ReadGroup([lists.course(present)])])
            guard lists.isProven("/v2/courses/{id}") else { return }
        }
        try await run.read(absent.map { ReadGroup([lists.course($0)]) })
        let gone = absent.filter { isGone($0, .course, "/v2/courses/{id}") }
        await mark(GoneRows(Course.table, "course_id", gone))
    }

    /// Accounts that the list lacks and that are not there when asked for.
    ///
    /// - Parameter orphans: Learners with rows here and no account here, whom the list lacks, too: somebody who came back for a
    ///   while, and of whom no list speaks any more. Their account is stored if it is there; if it is not, and their own
    ///   lists are empty, the rows of these go.
    func decideLearners(orphans: [String] = []) async throws {
        let absent = await takeAbsent(Learner.table).compactMap { $0.key["learner_id"] }.sorted()
        guard !(absent.isEmpty && orphans.isEmpty) else { return }
        if !lists.isProven("/v2/users/{id}") {
            let live = try await run.facts.distinct("learner_id", of: Learner.table, matching: [:])
            guard let present = live.subtracting(absent).min() else { return }
            try await run.read([ReadGroup([lists.account(present)])])
            guard lists.isProven("/v2/users/{id}") else { return }
        }
        try await run.read(
            absent.map { ReadGroup([lists.account($0)]) } + orphans.map { ReadGroup([lists.learner($0)]) }
        )
        let gone = absent.filter { isGone($0, .learner, "/v2/users/{id}") }
        for learner in gone { log.add(GoneAccount(key: learner)) }
        await mark(GoneRows(Learner.table, "learner_id", gone))
        let left = try await withoutLists(among: orphans.filter { isGone($0, .learner, "/v2/users/{id}") })
        for learner in left { log.add(OrphanLists(key: learner)) }
        await markLists(of: left)
    }

    /// Rows that stand in lists of a learner's own, beside the accounts.
    private static var tablesOfPeople: [Table] { [Enrollment.table, Progress.table, UnitProgress.table] }

    // MARK: Contents

    /// A course's contents, which hold all its units.
    func contents(_ course: String, answers: [PendingEntry] = []) -> ReadGroup {
        let tables = [(CourseUnit.table, "course_units"), (Assessment.table, "assessments")]
        return ReadGroup(
            [lists.contents(course: course, run)],
            answers: answers,
            covers: tables.filter { run.isSelected($0.1) }.map { Cover($0.0, scopes: [["course_id": course]]) }
        )
    }

    func decideUnits() async throws {
        let rows = await takeAbsent(CourseUnit.table).filter { row in
            let isEmpty = log.hasEmptyContents(row[\CourseUnit.courseID])
            return LearnWorldsEvidence.verdict(onRowOf: isEmpty) == .readAgain
        }
        let courses = Set(rows.map { $0[\CourseUnit.courseID] }).sorted()
        let gone = try await confirmed(rows, of: CourseUnit.table, by: courses.map { contents($0) })
        await mark(gone, of: CourseUnit.table)
    }

    /// Assessments that contents lack and that no grade names any more; asked once the grades are decided.
    func decideAssessments() async throws {
        let rows = await takeAbsent(Assessment.table)
        let ids = rows.map { $0[\Assessment.assessmentID] }
        guard !ids.isEmpty else { return }
        let named = try await assessmentsNamedByGrades(among: ids)
        let courses = try await run.facts.courses(ofAssessments: ids)
        let present = Set(log.presentCourses(among: Set(courses.values)))
        let candidates = rows.filter { row in
            let id = row[\Assessment.assessmentID]
            guard let course = courses[id] else { return false }
            return LearnWorldsEvidence.verdict(
                onAssessmentNamed: named.contains(id),
                isCourseThere: present.contains(course),
                isListEmpty: log.hasEmptyContents(course)
            ) == .readAgain
        }
        let again = Set(candidates.compactMap { courses[$0[\Assessment.assessmentID]] }).sorted()
        let gone = try await confirmed(candidates, of: Assessment.table, by: again.map { contents($0) })
        await mark(gone, of: Assessment.table)
    }

    /// Those of some assessments that a grade names which this run has not found to be gone.
    private func assessmentsNamedByGrades(among ids: [String]) async throws -> Set<String> {
        let key = Grade.table.key
        let grades = try await run.facts.rows(of: Grade.table, columns: key, matching: ["assessment_id": ids])
        let (goneGrades, goneLearners) = (log.notes(GoneGrade.self), learners)
        return Set(
            grades.filter { key in
                goneGrades[AbsentRow(table: Grade.table.name, key: key)] == nil
                    && !goneLearners.contains(key["learner_id"] ?? "")
            }.compactMap { $0["assessment_id"] }
        )
    }
}
