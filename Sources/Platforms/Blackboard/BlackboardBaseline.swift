import Records

/// Reads a whole site once: the baseline plan of Sources/Platforms/Blackboard/README.md §4.
///
/// A day's quota may not be enough. So what dashboards need first comes first (enrollments, progress and course totals of
/// every course, the newest terms before the older ones), single columns after that; each step is skipped once it is done.
struct BlackboardBaseline<Run: RunContext> {
    let context: BlackboardContext<Run>

    private var run: Run { context.run }

    /// Courses whose lists are read between two looks at the warehouse.
    private static var chunk: Int { 100 }

    /// The first call counts for the courses, and lists of single courses may name them again: their stream ends last.
    func read() async throws {
        try await run.reading(["courses"]) { try await readInOrder() }
    }

    private func readInOrder() async throws {
        context.recallNames()
        let preview = try await context.facts.previewUsers()
        // The release first: its answer brings the platform's clock, by which records are judged.
        let early = context.lists(terms: TermBook(), preview: preview)
        run.connectorState[BlackboardRules.usersRefused] = nil
        try await context.readVersion(early)
        var hasTerms = false
        if context.asksTerms {
            hasTerms = try await run.read([ReadGroup([context.lists(terms: TermBook(), preview: preview).allTerms()])]).isComplete
            try await run.publish()
        }
        let lists = context.lists(terms: try await context.facts.terms(), preview: preview)
        let known = try await context.facts.catalogue()
        // Terms that can be read only now name the categories of all courses.
        if run.isSelected("courses") || hasTerms {
            try await context.readCourses(ReadGroup([lists.courses(noting: known)], publishesByPage: true), lists)
        }
        if run.isSelected("learners") {
            let users = lists.learners(.all) { time in
                var position = MarkPosition()
                position.set("modified_after", time)
                position.set("login_after", time)
                position.set(BlackboardLists.verifiedAt, time)
                return position
            }
            try await run.read([ReadGroup([users], publishesByPage: true)])
            // By the platform's clock, which the answers before have brought.
            run.connectorState[BlackboardRules.usersAskedAt] = run.serverNow.decimalSeconds
            await context.keepPreviewUsers(preview)
        }
        try await run.publish()
        let catalogue = try await context.facts.catalogue()
        let order = BlackboardOrder.ordered(catalogue.all.filter { $0.parent == nil }, now: run.serverNow)
        try await run.reading(["grades", "assessment_responses"]) {
            try await run.reading(["enrollments", "assessments", "progress"]) {
                for chunk in order.chunks(of: Self.chunk) { try await readFirst(chunk, lists, catalogue) }
            }
            for chunk in order.chunks(of: Self.chunk) { try await readColumns(chunk, lists) }
        }
        guard context.options.gradeGate == .logs else { return }
        try await run.publish()
        try await GradebookLogProbe(context: context, lists: lists, cache: GradebookCache()).prepare()
    }

    // MARK: First pass: who is in each course, its columns, its totals and the progress

    private func readFirst(
        _ courses: [String],
        _ lists: BlackboardLists,
        _ catalogue: CourseCatalogue
    ) async throws {
        let withUsers = run.isSelected("learners") && run.connectorState[BlackboardRules.usersRefused] != nil
        if run.isSelected("enrollments") {
            try await readRosters(courses, lists, withUsers: withUsers)
            await context.keepPreviewUsers(lists.preview)
            if !run.scope.isEverything {
                try await run.publish()
                let rosters = try await context.facts.rosters(of: courses)
                let places = rosters.values.flatMap { roster in
                    roster.members.keys.map { (asked: roster.course, course: roster.place(of: $0).course) }
                }
                try await context.readChildren(of: places, lists, catalogue)
            }
        }
        if run.isSelected("assessments") {
            let cache = GradebookCache()
            try await run.read(
                courses.map {
                    ReadGroup([lists.categories(course: $0, noting: cache), lists.columns(course: $0, noting: cache)])
                }
            )
        }
        guard run.isSelected(anyOf: "grades", "progress") else { return }
        try await run.publish()
        let rosters = try await context.facts.rosters(of: courses)
        if run.isSelected("grades") {
            let books = try await context.facts.gradebooks(of: courses)
            let marks = try await run.facts.watermarks("grades", partitions: courses.map(BlackboardMapping.totalID))
            let groups = courses.flatMap { course -> [ReadGroup] in
                guard let roster = rosters[course], let book = books[course], !readsByLearner(book, roster),
                    let total = book.total
                else { return [] }
                let walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
                return context.columnGroups(lists, walk, [total], marks: marks)
            }
            try await run.read(groups)
        }
        if run.isSelected("progress"), lists.has(.reviewStatus) {
            try await run.read(courses.compactMap { rosters[$0] }.map { ReadGroup([lists.reviewStatus(roster: $0)]) })
        }
    }

    /// The memberships of some courses; the first ones are asked both ways where it is unknown how the site lists them.
    private func readRosters(_ courses: [String], _ lists: BlackboardLists, withUsers: Bool) async throws {
        let isKnown = context.options.disabledMemberships != .auto || run.connectorState[RosterCheck.stateName] != nil
        let first = isKnown ? [] : courses.prefix(RosterCheck.courses)
        let slice = try await run.read(
            first.map { rosterGroup($0, lists, withUsers: withUsers, isApart: true, isChecked: true) }
        )
        if !isKnown {
            let isApart = slice.notes.all(RosterCheck.self).values.contains(where: \.isLacking)
            let place: BlackboardOptionKeys.DisabledMemberships = isApart ? .apart : .listed
            run.connectorState[RosterCheck.stateName] = place.rawValue
        }
        let isApart = context.disabledAreApart
        try await run.read(
            courses.dropFirst(first.count).map { rosterGroup($0, lists, withUsers: withUsers, isApart: isApart) }
        )
    }

    private func rosterGroup(
        _ course: String,
        _ lists: BlackboardLists,
        withUsers: Bool,
        isApart: Bool,
        isChecked: Bool = false
    ) -> ReadGroup {
        var reads = [
            lists.memberships(course: course, withUsers: withUsers, isChecked: isChecked) { outcome in
                outcome.isComplete ? [MembershipMark.full(course, outcome)] : []
            }
        ]
        if isApart {
            reads.append(lists.memberships(course: course, .disabled, withUsers: withUsers, isChecked: isChecked) { _ in [] })
        }
        return ReadGroup(reads)
    }

    // MARK: Second pass: single columns

    private func readColumns(_ courses: [String], _ lists: BlackboardLists) async throws {
        guard run.isSelected("grades") else { return }
        let rosters = try await context.facts.rosters(of: courses)
        let books = try await context.facts.gradebooks(of: courses)
        let ids = books.values.flatMap { $0.columns.map(\.assessmentID) }
        let marks = try await run.facts.watermarks("grades", partitions: ids)
        var submissions: SubmissionBook?
        if run.isSelected("assessment_responses") {
            try await readAttempts(courses, rosters, books, lists)
            submissions = try await context.facts.attempts(ofColumns: ids).submissions
        }
        var done: Set<String> = []
        for course in courses {
            guard let roster = rosters[course], let book = books[course] else { continue }
            var walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
            walk.submissions = submissions
            guard readsByLearner(book, roster) else { continue }
            let unread = book.columns.filter { marks[$0.assessmentID] == nil }
            guard run.connectorState[Self.comparedWays] == nil, roster.count > 0 else {
                try await context.readByLearner(lists, walk, unread, marks: marks)
                continue
            }
            try await readBothWays(walk, unread, marks, lists)
            done.insert(course)
        }
        try await run.read(
            courses.flatMap { course -> [ReadGroup] in
                guard let roster = rosters[course], let book = books[course], !readsByLearner(book, roster),
                    !done.contains(course)
                else { return [] }
                var walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
                walk.submissions = submissions
                // The first pass has left the total to a reading by learner, which has turned out to be of no use.
                let isTotalLeft = context.prefersByLearner(book.columns.count, roster)
                let columns = book.columns.filter { isTotalLeft || !$0.isTotal }
                return context.columnGroups(lists, walk, columns, marks: marks)
            }
        )
    }

    /// Under this name the connector's state holds that lists of one learner were compared with those of one column.
    static var comparedWays: String { "by_learner_compared" }

    /// Reads a course both ways: whether a learner's list has every column is not documented.
    private func readBothWays(
        _ walk: BlackboardMapping.GradeWalk,
        _ columns: [GradebookColumn],
        _ marks: [String: MarkPosition],
        _ lists: BlackboardLists
    ) async throws {
        let byLearner = try await context.readByLearner(lists, walk, columns, marks: marks, notesCells: true)
        let byColumn = try await run.read(
            walk.gradebook.columns.map { column in
                ReadGroup([
                    lists.grades(walk, column: column, since: ColumnMark(nil), isFull: true, notesCells: true)
                ])
            }
        )
        let known = byLearner.notes.all(SeenCell.self)
        if !byColumn.notes.all(SeenCell.self).keys.allSatisfy({ known[$0] != nil }) {
            run.connectorState[BlackboardLists.byLearnerLacks] = "yes"
            run.say("lists of one learner's grades lack columns: grades are read by column")
        }
        if byColumn.isComplete { run.connectorState[Self.comparedWays] = "yes" }
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
        let isRead = try await run.read(groups).isComplete
        try await run.publish()
        guard !isRead else { return }
        // Attempts come with their column's grades: whose could not be read, an increment asks for both.
        let columns = books.values.flatMap { book in
            book.columns.filter { $0.kind == .attempts && !$0.isTotal }.map { (book.course, $0.assessmentID) }
        }
        let marks = try await run.facts.watermarks("assessment_responses", partitions: columns.map(\.1))
        for (course, assessment) in columns where marks[assessment] == nil && rosters[course] != nil {
            let partition = BlackboardFollowUps.partition(course: course, assessment: assessment)
            await context.queue(PendingEntry.whole, partition, attempts: 1)
        }
    }

    private func readsByLearner(_ book: Gradebook, _ roster: Roster) -> Bool {
        context.readsByLearner(book.columns.count, roster)
    }
}

/// What the two ways to read a course's grades cost in requests.
enum GradeCost {
    static func byColumn(_ columns: Int, members: Int, pageSize: Int) -> Int {
        columns * max(1, (members + pageSize - 1) / pageSize)
    }
}

extension BlackboardOptionKeys.GradeOrientation {
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
