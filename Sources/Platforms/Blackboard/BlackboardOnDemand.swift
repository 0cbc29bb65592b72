import Extractor
import Records

/// Pulls some learners and some courses, with all their streams and nothing else.
///
/// A learner costs the account, the list of memberships and for each course the grades in all columns and the review
/// status; a course its record, the members with their accounts, the columns, the grades the cheaper way round and the
/// review status. Attempts, where they are on, cost one more for each column that takes them.
struct BlackboardOnDemand<Run: RunContext> {
    let context: BlackboardContext<Run>

    private var run: Run { context.run }

    func read(_ demand: OnDemand) async throws {
        context.recallNames()
        let preview = try await context.facts.previewUsers()
        let catalogue = try await context.facts.catalogue()
        // The first answer brings the platform's clock, by which records are judged.
        let early = context.lists(terms: try await context.facts.terms(), preview: preview)
        let courses = try await knownCourses(demand.courses, catalogue, early)
        let learners = try await knownLearners(demand.learners, early)
        let lists = context.lists(terms: early.terms, preview: preview)
        try await readCourses(courses, lists)
        try await readLearners(learners, catalogue, lists)
        await context.keepPreviewUsers(preview)
    }

    // MARK: Courses

    /// Reads the records of courses; those that are not there are noted.
    ///
    /// - Returns: The courses that are asked for their lists: of a merged course, its parent.
    private func knownCourses(
        _ ids: [String],
        _ catalogue: CourseCatalogue,
        _ lists: BlackboardLists
    ) async throws -> [String] {
        let missing = NamedRecords()
        func read(_ ids: [String]) async throws {
            try await run.read(
                ids.map { id in
                    let list = lists.course(id, noting: catalogue) {
                        missing.note(NamedRecord(.course, id))
                        return []
                    }
                    return ReadGroup([list])
                }
            )
        }
        try await read(ids)
        for record in missing.all { run.noteUnknown(record) }
        let found = run.restrictedToScope(ids.filter { !missing.contains(NamedRecord(.course, $0)) })
        if context.asksTerms,
            found.contains(where: { id in catalogue[id]?.termID.map { lists.terms[$0] == nil } ?? false })
        {
            // A term that nobody has met yet gives the course its dates.
            try await run.read([ReadGroup([lists.allTerms()])])
            try await read(found)
        }
        return found.map(catalogue.asked(for:)).uniqued()
    }

    /// All lists of some courses.
    func readCourses(_ courses: [String], _ lists: BlackboardLists) async throws {
        guard !courses.isEmpty else { return }
        if run.isSelected("enrollments") {
            try await run.read(
                courses.map { course in
                    ReadGroup([
                        lists.memberships(course: course, withUsers: run.isSelected("learners")) { outcome in
                            outcome.isComplete ? [MembershipMark.full(course, outcome)] : []
                        }
                    ])
                }
            )
            try await run.settle()
        }
        let cache = GradebookCache()
        if run.isSelected("assessments") {
            let marks = try await run.facts.watermarks("assessments", partitions: courses)
            for course in courses { cache.restore(course, from: marks[course]) }
            try await run.read(courses.map { ReadGroup([lists.columns(course: $0, noting: cache)]) })
            let lacking = cache.coursesLackingCategories()
            try await run.read(lacking.map { ReadGroup([lists.categories(course: $0, noting: cache)]) })
        }
        let rosters = try await context.facts.rosters(of: courses)
        for course in courses {
            guard let roster = rosters[course] else { continue }
            if run.isSelected("grades"), let book = cache.gradebook(course) {
                try await readGrades(roster, book, lists)
            }
        }
        if run.isSelected("progress"), lists.has(.reviewStatus) {
            try await run.read(courses.compactMap { rosters[$0] }.map { ReadGroup([lists.reviewStatus(roster: $0)]) })
        }
        try await run.settle()
    }

    /// The grades of a course, the cheaper way round.
    private func readGrades(_ roster: Roster, _ book: Gradebook, _ lists: BlackboardLists) async throws {
        let ids = book.columns.map(\.assessmentID)
        var walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
        walk.stored = try await context.facts.cells(ofColumns: ids)
        walk.submissions = try await readAttempts(walk, learner: nil, lists)
        let marks = try await run.facts.watermarks("grades", partitions: ids)
        let known = walk
        guard GradeCost.byColumn(ids.count, members: roster.count, pageSize: 100) <= roster.count else {
            try await run.read(roster.members.keys.sorted().map { ReadGroup([lists.grades(known, learner: $0)]) })
            return
        }
        try await run.read(
            book.columns.map { column in
                let mark = ColumnMark(marks[column.assessmentID])
                context.activity.note(polled: column)
                return ReadGroup([lists.grades(known, column: column, since: mark, isFull: true)])
            }
        )
    }

    /// The attempts at all columns that take them, of one learner or of all.
    ///
    /// - Returns: When learners last handed in; `nil` where attempts are not read.
    private func readAttempts(
        _ walk: BlackboardMapping.GradeWalk,
        learner: String?,
        _ lists: BlackboardLists
    ) async throws -> SubmissionBook? {
        guard run.isSelected("assessment_responses") else { return nil }
        let columns = walk.gradebook.columns.filter { $0.kind == .attempts && !$0.isTotal }
        let stored = try await context.facts.attempts(ofColumns: columns.map(\.assessmentID))
        try await run.read(
            columns.map { column in
                ReadGroup([
                    lists.attempts(
                        walk,
                        column: column,
                        since: nil,
                        learner: learner,
                        anonymous: stored.anonymous[column.assessmentID] ?? [],
                        noting: stored.submissions
                    )
                ])
            }
        )
        return stored.submissions
    }

    // MARK: Learners

    private func knownLearners(_ ids: [String], _ lists: BlackboardLists) async throws -> [String] {
        // Where accounts are not shown, only the memberships tell of a learner.
        guard run.connectorState[BlackboardRules.usersRefused] == nil else { return ids }
        let missing = NamedRecords()
        try await run.read(
            ids.map { id in ReadGroup([lists.learner(id) { missing.note(NamedRecord(.learner, id)) }]) }
        )
        for record in missing.all { run.noteUnknown(record) }
        return ids.filter { !missing.contains(NamedRecord(.learner, $0)) }
    }

    private func readLearners(
        _ learners: [String],
        _ catalogue: CourseCatalogue,
        _ lists: BlackboardLists
    ) async throws {
        guard run.isSelected("enrollments"), !learners.isEmpty else { return }
        let slice = try await run.read(learners.map { ReadGroup([lists.memberships(learner: $0, catalogue)]) })
        try await run.settle()
        let places = slice.notes.all(LearnerPlaces.self)
        let asked = Set(places.values.flatMap(\.courses)).sorted()
        let cache = GradebookCache()
        let books = try await gradebooks(of: asked, cache, lists)
        let rosters = try await context.facts.rosters(of: asked)
        for learner in learners {
            let courses = (places[learner]?.courses ?? []).sorted()
            var groups: [ReadGroup] = []
            for course in courses {
                guard let roster = rosters[course] else { continue }
                groups += try await group(of: learner, roster, books[course] ?? Gradebook(course: course), lists)
            }
            try await run.read(groups)
        }
        try await run.settle()
    }

    /// The columns of the courses as they are stored; those of a course that has none here are read first, so that nobody
    /// sees a grade without its assessment.
    private func gradebooks(
        of courses: [String],
        _ cache: GradebookCache,
        _ lists: BlackboardLists
    ) async throws -> [String: Gradebook] {
        guard run.isSelected("grades") else { return [:] }
        let stored = try await context.facts.gradebooks(of: courses).filter { !$0.value.columns.isEmpty }
        let lacking = courses.filter { stored[$0] == nil }
        try await run.read(
            lacking.map {
                ReadGroup([lists.categories(course: $0, noting: cache), lists.columns(course: $0, noting: cache)])
            }
        )
        return lacking.reduce(into: stored) { books, course in books[course] = cache.gradebook(course) }
    }

    private func group(
        of learner: String,
        _ roster: Roster,
        _ book: Gradebook,
        _ lists: BlackboardLists
    ) async throws -> [ReadGroup] {
        var reads: [ListRead] = []
        if run.isSelected("grades") {
            let cells = try await context.facts.cells(ofColumns: book.columns.map(\.assessmentID))
            var walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
            walk.stored = cells.filter { $0.learner == learner }
            walk.submissions = try await readAttempts(walk, learner: learner, lists)
            reads.append(lists.grades(walk, learner: learner))
        }
        if run.isSelected("progress"), lists.has(.reviewStatus) {
            reads.append(lists.reviewStatus(roster: roster, learner: learner))
        }
        return reads.isEmpty ? [] : [ReadGroup(reads)]
    }
}
