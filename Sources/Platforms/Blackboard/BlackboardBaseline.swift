import Records

/// Reads a whole site once: the baseline plan of the connector guide, section 4.
///
/// A day's quota may not be enough. So what dashboards need first comes first (enrollments, progress and course totals of
/// every course, the newest terms before the older ones), single columns after that; each step is skipped once it is done.
struct BlackboardBaseline<Run: RunContext> {
    let desk: BlackboardDesk<Run>

    private var run: Run { desk.run }

    /// Courses whose lists are read between two looks at the warehouse.
    private static var chunk: Int { 100 }

    func read() async throws {
        let preview = try await desk.facts.previewUsers()
        // The release first: its answer brings the platform's clock, by which records are judged.
        let early = desk.lists(terms: TermBook(), preview: preview)
        run.memory[BlackboardRules.usersRefused] = nil
        try await desk.readVersion(early)
        try await run.read([ReadGroup([desk.lists(terms: TermBook(), preview: preview).allTerms()])])
        try await run.publish()
        let lists = desk.lists(terms: try await desk.facts.terms(), preview: preview)
        let known = try await desk.facts.catalogue()
        try await run.read([ReadGroup([lists.courses(noting: known)], publishesByPage: true)])
        if run.isSelected("learners") {
            let users = lists.learners(.all) { time in
                var position = MarkPosition()
                position.set("modified_after", time)
                position.set("login_after", time)
                return position
            }
            try await run.read([ReadGroup([users], publishesByPage: true)])
            await desk.keepPreviewUsers(preview)
        }
        try await run.publish()
        let courses = try await desk.facts.catalogue().all.filter { $0.parent == nil }
        let order = BlackboardOrder.ordered(courses, now: run.serverNow)
        for chunk in order.chunks(of: Self.chunk) { try await readFirst(chunk, lists) }
        for chunk in order.chunks(of: Self.chunk) { try await readColumns(chunk, lists) }
    }

    // MARK: First pass: who is in each course, its columns, its totals and the progress

    private func readFirst(_ courses: [String], _ lists: BlackboardLists) async throws {
        let withUsers = run.isSelected("learners") && run.memory[BlackboardRules.usersRefused] != nil
        if run.isSelected("enrollments") {
            try await run.read(
                courses.map { course in
                    ReadGroup([
                        lists.memberships(course: course, withUsers: withUsers) { outcome in
                            outcome.isComplete ? [MembershipMark.full(course, outcome)] : []
                        }
                    ])
                }
            )
            await desk.keepPreviewUsers(lists.preview)
        }
        if run.isSelected("assessments") {
            let shelf = GradebookShelf()
            try await run.read(
                courses.map {
                    ReadGroup([lists.categories(course: $0, noting: shelf), lists.columns(course: $0, noting: shelf)])
                }
            )
        }
        guard run.isSelected(anyOf: "grades", "progress") else { return }
        try await run.publish()
        let rosters = try await desk.facts.rosters(of: courses)
        if run.isSelected("grades") {
            let books = try await desk.facts.gradebooks(of: courses)
            let marks = try await run.facts.watermarks("grades", partitions: courses.map(BlackboardMapping.totalID))
            let groups = courses.flatMap { course -> [ReadGroup] in
                guard let roster = rosters[course], let book = books[course], !readsByLearner(book, roster),
                    let total = book.total
                else { return [] }
                let walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
                return desk.columnGroups(lists, walk, [total], marks: marks)
            }
            try await run.read(groups)
        }
        if run.isSelected("progress"), lists.has(.reviewStatus) {
            try await run.read(courses.compactMap { rosters[$0] }.map { ReadGroup([lists.reviewStatus(roster: $0)]) })
        }
    }

    // MARK: Second pass: single columns

    private func readColumns(_ courses: [String], _ lists: BlackboardLists) async throws {
        guard run.isSelected("grades") else { return }
        let rosters = try await desk.facts.rosters(of: courses)
        let books = try await desk.facts.gradebooks(of: courses)
        let ids = books.values.flatMap { $0.columns.map(\.assessmentID) }
        let marks = try await run.facts.watermarks("grades", partitions: ids)
        var submissions: SubmissionBook?
        if run.isSelected("assessment_responses") {
            try await readAttempts(courses, rosters, books, lists)
            submissions = try await desk.facts.attempts(ofColumns: ids).submissions
        }
        for course in courses {
            guard let roster = rosters[course], let book = books[course] else { continue }
            var walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
            walk.submissions = submissions
            guard readsByLearner(book, roster) else { continue }
            try await readByLearner(walk, marks, lists)
        }
        try await run.read(
            courses.flatMap { course -> [ReadGroup] in
                guard let roster = rosters[course], let book = books[course], !readsByLearner(book, roster) else {
                    return []
                }
                var walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
                walk.submissions = submissions
                return desk.columnGroups(lists, walk, book.columns.filter { !$0.isTotal }, marks: marks)
            }
        )
    }

    private func readAttempts(
        _ courses: [String],
        _ rosters: [String: Roster],
        _ books: [String: Gradebook],
        _ lists: BlackboardLists
    ) async throws {
        let book = SubmissionBook()
        let groups = courses.flatMap { course -> [ReadGroup] in
            guard let roster = rosters[course], let gradebook = books[course] else { return [] }
            let walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: gradebook)
            return gradebook.columns.filter { $0.kind == .attempts && !$0.isTotal }.map {
                ReadGroup([lists.attempts(walk, column: $0, since: nil, anonymous: [], noting: book)])
            }
        }
        try await run.read(groups)
        try await run.publish()
    }

    /// Whether asking each learner costs fewer requests than asking each column.
    private func readsByLearner(_ book: Gradebook, _ roster: Roster) -> Bool {
        desk.options.gradeOrientation.readsByLearner(columns: book.columns.count, members: roster.count)
    }

    private func readByLearner(
        _ walk: BlackboardMapping.GradeWalk,
        _ marks: [String: MarkPosition],
        _ lists: BlackboardLists
    ) async throws {
        let course = walk.roster.course
        let began = run.serverNow
        let isRead = try await run.read(
            walk.roster.members.keys.sorted().map { ReadGroup([lists.grades(walk, learner: $0)]) }
        )
        guard isRead else { return }
        await run.apply(
            walk.gradebook.columns.filter { marks[$0.assessmentID] == nil }.map { column in
                .watermark(
                    stream: "grades",
                    partition: column.assessmentID,
                    position: ColumnMark.readByLearner(nil, course: course, at: began),
                    asOf: began
                )
            }
        )
    }
}

/// What the two ways to read a course's grades cost in requests.
enum GradeCost {
    static func byColumn(_ columns: Int, members: Int, pageSize: Int) -> Int {
        columns * max(1, (members + pageSize - 1) / pageSize)
    }
}

extension BlackboardOptions.GradeOrientation {
    /// Whether asking each learner of a course costs fewer requests than asking each column, or is wanted anyway.
    func readsByLearner(columns: Int, members: Int) -> Bool {
        switch self {
        case .column: false
        case .learner: true
        case .auto: GradeCost.byColumn(columns, members: members, pageSize: 100) > members
        }
    }
}

/// In which order a baseline goes over the courses.
enum BlackboardOrder {
    /// Courses in the order of their use: those that began last first, those still to come after them.
    static func ordered(_ courses: [CatalogueEntry], now: Timestamp) -> [String] {
        func start(_ course: CatalogueEntry) -> Int64 {
            let start = (course.startsAt ?? course.createdAt)?.microseconds ?? 0
            return start > now.microseconds ? now.microseconds - start : start
        }
        return courses.sorted { (start($0), $1.id) > (start($1), $0.id) }.map(\.id)
    }
}
