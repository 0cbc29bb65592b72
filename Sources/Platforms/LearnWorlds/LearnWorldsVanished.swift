import Records
import Synchronization

/// Decides what is deleted: the table of Sources/Platforms/LearnWorlds/README.md §6.
///
/// That a list lacks a row is only a reason to look closer. Courses and accounts are asked for one by one; enrollments need
/// two lists that agree; everything else must be missing from a second reading in the same run. An answer with nothing
/// in it proves nothing by itself.
final class LearnWorldsVanished<Run: RunContext>: Sendable {
    private struct State {
        var courses: Set<String> = []
        var learners: Set<String> = []
        /// Without an account here or there: what they had in lists of their own is gone.
        var strays: Set<String> = []
        var goneGrades: Set<AbsentRow> = []
    }

    let lists: LearnWorldsLists
    let catalogue: Catalogue
    let run: Run
    private let state = Mutex(State())
    private let peopleState = Mutex(AbsentPeople())

    var book: ReadBook { lists.book }

    init(lists: LearnWorldsLists, catalogue: Catalogue, run: Run) {
        self.lists = lists
        self.catalogue = catalogue
        self.run = run
    }

    /// Accounts that this run found to be gone.
    var learners: Set<String> { state.withLock { $0.learners } }

    /// What is missing of people, while their lists are being read.
    func withPeople<Value: Sendable>(_ body: (inout AbsentPeople) -> Value) -> Value {
        peopleState.withLock { body(&$0) }
    }

    // MARK: What is missing

    /// The rows of a table that complete lists lacked since the last call; those of vanished learners and courses, which
    /// follow them, are left out.
    func takeAbsent(_ table: Table) async -> Set<AbsentRow> {
        let rows = Set(await run.absentRows(of: table))
        let isOwn = Self.tablesOfPeople.contains { $0.name == table.name }
        let vanished = state.withLock { isOwn ? $0.learners.union($0.strays) : $0.learners }
        let courses = Set(rows.compactMap { $0.key["course_id"] })
        let present = Set(catalogue.present(among: Array(courses)))
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
        let gone = absent.filter { book.wasEmpty(.course, $0) }
        state.withLock { $0.courses.formUnion(gone) }
        await mark(GoneRows(Course.table, "course_id", gone))
    }

    /// Accounts that the list lacks and that are not there when asked for.
    ///
    /// - Parameter strays: Learners with rows here and no account here, whom the list lacks, too: somebody who came back for a
    ///   while, and of whom no list speaks any more. Their account is stored if it is there; if it is not, and their own
    ///   lists are empty, the rows of these go.
    func decideLearners(strays: [String] = []) async throws {
        let absent = await takeAbsent(Learner.table).compactMap { $0.key["learner_id"] }.sorted()
        guard !(absent.isEmpty && strays.isEmpty) else { return }
        if !lists.isProven("/v2/users/{id}") {
            let live = try await run.facts.distinct("learner_id", of: Learner.table, matching: [:])
            guard let present = live.subtracting(absent).min() else { return }
            try await run.read([ReadGroup([lists.account(present)])])
            guard lists.isProven("/v2/users/{id}") else { return }
        }
        try await run.read(
            absent.map { ReadGroup([lists.account($0)]) } + strays.map { ReadGroup([lists.learner($0)]) }
        )
        let gone = absent.filter { book.wasEmpty(.learner, $0) }
        state.withLock { $0.learners.formUnion(gone) }
        await mark(GoneRows(Learner.table, "learner_id", gone))
        let left = try await withoutLists(among: strays.filter { book.wasEmpty(.learner, $0) })
        state.withLock { $0.strays.formUnion(left) }
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
        let rows = await takeAbsent(CourseUnit.table)
            .filter { !book.wasEmpty(.contents, $0.key["course_id"] ?? "") }
        let courses = Set(rows.compactMap { $0.key["course_id"] }).sorted()
        let gone = try await confirmed(rows, of: CourseUnit.table, by: courses.map { contents($0) })
        await mark(gone, of: CourseUnit.table)
    }

    /// Assessments that contents lack and that no grade names any more; asked once the grades are decided.
    func decideAssessments() async throws {
        let rows = await takeAbsent(Assessment.table)
        let ids = rows.compactMap { $0.key["assessment_id"] }
        guard !ids.isEmpty else { return }
        let grades = try await run.facts.rows(
            of: Grade.table,
            columns: Grade.table.key,
            matching: ["assessment_id": ids]
        )
        let (goneGrades, goneLearners) = state.withLock { ($0.goneGrades, $0.learners) }
        let named = grades.filter { key in
            !goneGrades.contains(AbsentRow(table: Grade.table.name, key: key))
                && !goneLearners.contains(key["learner_id"] ?? "")
        }.compactMap { $0["assessment_id"] }
        let unnamed = Set(ids).subtracting(named)
        let courses = try await run.facts.courses(ofAssessments: Array(unnamed))
        let present = Set(catalogue.present(among: Array(Set(courses.values))))
        let candidates = rows.filter { row in
            guard let id = row.key["assessment_id"], unnamed.contains(id), let course = courses[id] else {
                return false
            }
            return present.contains(course) && !book.wasEmpty(.contents, course)
        }
        let again = Set(candidates.compactMap { courses[$0.key["assessment_id"] ?? ""] }).sorted()
        let gone = try await confirmed(candidates, of: Assessment.table, by: again.map { contents($0) })
        await mark(gone, of: Assessment.table)
    }

    func noteGone(grades: Set<AbsentRow>) {
        state.withLock { $0.goneGrades.formUnion(grades) }
    }
}
