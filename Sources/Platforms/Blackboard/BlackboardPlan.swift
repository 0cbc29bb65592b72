import Records
import Transformer

/// Says what a baseline of a site will cost: the formula of Sources/Platforms/Blackboard/README.md §4.
///
/// The platform states no totals. The end of a long list is found by asking at rising offsets and halving; of the courses
/// whose lists were never read some are looked at, spread over all. What the warehouse holds is not asked for again.
struct BlackboardPlan<Probe: BaselineProbe> {
    let context: BlackboardContext<Probe>

    private var probe: Probe { context.run }

    /// Courses whose members and columns are looked at.
    private static var courseSample: Int { 30 }
    /// Courses that have disabled memberships and are asked whether the list of all shows them.
    private static var rosterLooks: Int { 2 }
    /// Of those with more members than a page holds grades, the ones whose columns are looked at.
    private static var gradeSample: Int { 5 }
    /// Pages of the courses that are read one after the other before the end is looked for.
    private static var coursePages: Int { 10 }

    func forecast() async throws -> Forecast {
        var forecast = Forecast()
        let early = context.lists(terms: TermBook(), preview: PreviewUsers())
        _ = try await probe.look(at: early.version())
        forecast.add(1, to: "courses")
        let lists = context.lists(terms: TermBook(), preview: PreviewUsers())
        if probe.isSelected("terms") {
            forecast.add(try await pages(of: lists.allTerms(), size: lists.pageSize("terms")), to: "terms")
        }
        let courses = try await lookAtCourses(lists, &forecast)
        if probe.isSelected("learners") {
            let users = lists.learners(.all) { _ in MarkPosition() }
            let pages = try await pages(of: users, size: lists.pageSize(BlackboardLists.users))
            // A site that refuses the list answers once, and shows the accounts with the memberships.
            forecast.add(max(pages, 1), to: "learners")
        }
        try await lookIntoCourses(courses, lists, &forecast)
        return forecast
    }

    // MARK: Long lists

    /// How many pages a list has; at least one.
    private func pages(of list: ListRead, size: Int, from first: PageSample? = nil) async throws -> Int {
        var pageSample = first
        if pageSample == nil { pageSample = try await probe.look(at: list) }
        guard let pageSample, !pageSample.isLast else { return 1 }
        return try await Sampling.last { page in
            guard page > 1 else { return true }
            let offset = [("offset", String((page - 1) * size)), ("limit", "1")]
            return try await probe.look(at: list, page: 1, asking: offset)?.items ?? 0 > 0
        }
    }

    /// The courses whose own lists are read: those without a parent.
    private struct Courses {
        var entries: [CatalogueEntry] = []
        /// How many there are; more than `entries` where only a part of the list was read.
        var total = 0.0

        var ids: [String] { entries.map(\.id).uniqued() }
    }

    private func lookAtCourses(_ lists: BlackboardLists, _ forecast: inout Forecast) async throws -> Courses {
        if lists.courseQueries(asksChanges: false) != [[]] {
            // A first look shows which filters the site refuses.
            _ = try await probe.look(at: lists.courses(noting: CourseCatalogue()), page: 1, asking: [("limit", "1")])
        }
        let queries = lists.courseQueries(asksChanges: false)
        var courses = Courses()
        for query in queries {
            let list = lists.courses(only: query, noting: CourseCatalogue())
            let (part, pages) = try await lookAtCourses(list, lists, atMost: max(Self.coursePages / queries.count, 1))
            forecast.add(pages, to: "courses")
            courses.entries += part.entries
            courses.total += part.total
        }
        return courses
    }

    /// One walk of the list of courses.
    ///
    /// - Parameter most: Pages that are read one after the other before the end is looked for.
    /// - Returns: Its courses, and the pages it has.
    private func lookAtCourses(
        _ list: ListRead,
        _ lists: BlackboardLists,
        atMost most: Int
    ) async throws -> (courses: Courses, pages: Int) {
        let size = lists.pageSize("courses")
        func page(_ number: Int) async throws -> PageSample? {
            try await probe.look(at: list, page: 1, asking: [("offset", String((number - 1) * size))])
        }
        var (pages, read, isWhole) = (1, 0, false)
        var listed: [Course] = []
        while read < most, !isWhole, let pageSample = try await page(read + 1) {
            listed += pageSample.records(Course.self)
            (read, isWhole) = (read + 1, pageSample.isLast)
        }
        pages = max(read, 1)
        if !isWhole {
            pages = max(pages, try await Sampling.last { try await page($0)?.items ?? 0 > 0 })
            for number in Sampling.spread(Array((read + 1)..<(pages + 1)), 3) {
                guard let pageSample = try await page(number) else { continue }
                listed += pageSample.records(Course.self)
                read += 1
            }
        }
        // A course with a parent is read through it.
        let asked = listed.filter { $0.parentCourseID == nil && probe.scope.contains($0.courseID) }
        var courses = Courses()
        courses.entries = asked.map(CatalogueEntry.init)
        courses.total = Double(courses.ids.count) * Double(pages) / Double(max(read, 1))
        return (courses, pages)
    }

    // MARK: Courses

    /// What decides the cost of a course.
    private struct Size {
        var members: Int
        var columns: Int
        var attemptColumns: Int
        /// Calls for the grades, column by column.
        var columnCalls: Double
    }

    private func lookIntoCourses(
        _ courses: Courses,
        _ lists: BlackboardLists,
        _ forecast: inout Forecast
    ) async throws {
        try await addDisabled(courses, lists, &forecast)
        let known = try await addKnown(courses.ids, lists, &forecast)
        let chosen = Sampling.spread(courses.ids.filter { !known.contains($0) }, Self.courseSample)
        guard !chosen.isEmpty else { return }
        let weight = max(courses.total - Double(known.count), 0) / Double(chosen.count)
        let reason = "from \(chosen.count) of about \(Int(courses.total.rounded())) courses"
        var sizes: [(course: String, size: Size, columns: [Assessment])] = []
        for course in chosen {
            let columns = try await columns(of: course, lists)
            let members = try await members(of: course, lists)
            let calls = GradeCost.byColumn(columns.count, members: members, pageSize: 100)
            let size = Size(
                members: members,
                columns: columns.count,
                attemptColumns: columns.count { $0.grading == "attempt" && $0.scope != "course" },
                columnCalls: Double(calls)
            )
            sizes.append((course, size, columns))
        }
        // A column has a row for each learner with something in it, which may be far from all.
        let large = Sampling.spread(sizes.filter { $0.size.members > 100 && !$0.columns.isEmpty }, Self.gradeSample)
        var (made, full) = (0.0, 0.0)
        for (course, size, columns) in large {
            let pages = try await pages(ofColumnsOf: course, columns, lists)
            made += pages
            full += Double((size.members + 99) / 100)
        }
        for (_, size, _) in sizes {
            var size = size
            if size.members > 100, full > 0 { size.columnCalls *= made / full }
            add(size, weight: weight, lists, reason, &forecast)
        }
        // The first course that is read by learner is read by column as well, to compare the two.
        let orientation = context.options.gradeOrientation
        let both = sizes.first { orientation.readsByLearner(columns: $0.size.columns, members: $0.size.members) }
        if probe.isSelected("grades"), let both, probe.connectorState[BlackboardBaseline<Probe>.comparedWays] == nil {
            forecast.add(about: both.size.columnCalls, to: "grades", reason)
        }
    }

    /// Adds the lists of disabled memberships, where the site keeps them apart or has still to show whether it does.
    private func addDisabled(
        _ courses: Courses,
        _ lists: BlackboardLists,
        _ forecast: inout Forecast
    ) async throws {
        guard probe.isSelected("enrollments") else { return }
        let isUnknown =
            context.options.disabledMemberships == .auto && probe.connectorState[RosterCheck.stateName] == nil
        guard isUnknown || context.disabledAreApart else { return }
        var areApart = context.disabledAreApart
        if isUnknown { areApart = try await showsDisabledApart(courses, lists) }
        let calls = areApart ? courses.total : min(Double(RosterCheck.courses), courses.total)
        forecast.add(about: calls, to: "enrollments", "disabled memberships, asked for by themselves")
    }

    /// Asks the courses both ways that the baseline will: where one shows disabled memberships apart, it asks all of them.
    private func showsDisabledApart(_ courses: Courses, _ lists: BlackboardLists) async throws -> Bool {
        var looks = 0
        for course in BlackboardOrder.ordered(courses.entries, now: probe.serverNow).prefix(RosterCheck.courses) {
            let apart = lists.memberships(course: course, .disabled, withUsers: false, isChecked: true) { _ in [] }
            guard let disabled = try await probe.look(at: apart), disabled.items > 0 else { continue }
            let all = lists.memberships(course: course, withUsers: false, isChecked: true) { _ in [] }
            looks += 1
            guard looks <= Self.rosterLooks else { return false }
            // A list of more pages may show them on a later one.
            guard let listed = try await probe.look(at: all), listed.isLast else { continue }
            var shown = disabled.parsed.notes
            shown.merge(listed.parsed.notes)
            if shown[RosterCheck.self, course]?.isLacking == true { return true }
        }
        return false
    }

    /// Adds the courses whose lists were read before.
    ///
    /// - Returns: Those.
    private func addKnown(
        _ courses: [String],
        _ lists: BlackboardLists,
        _ forecast: inout Forecast
    ) async throws -> Set<String> {
        let marks = try await probe.facts.watermarks("enrollments")
        let known = courses.filter { marks[$0]?.integer("members") != nil }
        let cells = known.isEmpty ? [:] : try await probe.facts.rowsLastRead("grades")
        for chunk in known.chunks(of: 100) {
            let rosters = try await context.facts.rosters(of: chunk)
            let books = try await context.facts.gradebooks(of: chunk)
            for course in chunk {
                let columns = books[course]?.columns ?? []
                let members = rosters[course]?.count ?? 0
                let calls = columns.map { column in
                    let part = BlackboardFollowUps.partition(course: course, assessment: column.assessmentID)
                    return max(1, ((cells[part] ?? members) + 99) / 100)
                }
                let size = Size(
                    members: members,
                    columns: columns.count,
                    attemptColumns: columns.count { $0.kind == .attempts && !$0.isTotal },
                    columnCalls: Double(calls.reduce(0, +))
                )
                add(size, weight: 1, lists, "as the warehouse has it", &forecast)
            }
        }
        return Set(known)
    }

    private func members(of course: String, _ lists: BlackboardLists) async throws -> Int {
        let list = lists.memberships(course: course, withUsers: false) { _ in [] }
        let size = lists.pageSize("memberships")
        var (count, page): (Int, Int) = (0, 0)
        var last: PageSample?
        while page < 3, last.map({ !$0.isLast }) ?? true {
            let offset = page == 0 ? [] : [("offset", String(page * size))]
            guard let pageSample = try await probe.look(at: list, page: 1, asking: offset) else { break }
            count += pageSample.records(Enrollment.self).count
            (page, last) = (page + 1, pageSample)
        }
        guard let last, !last.isLast else { return count }
        return try await pages(of: list, size: size, from: last) * size - size / 2
    }

    /// The pages that a column of a course has: half of one that is graded by hand and half of one that is calculated,
    /// where there are both.
    private func pages(
        ofColumnsOf course: String,
        _ columns: [Assessment],
        _ lists: BlackboardLists
    ) async throws -> Double {
        let walk = BlackboardMapping.GradeWalk(roster: Roster(course: course), gradebook: Gradebook(course: course))
        let calculated = columns.filter { $0.grading == "calculated" || $0.scope == "course" }
        let others = columns.filter { $0.grading != "calculated" && $0.scope != "course" }
        var sum = 0.0
        for (kind, share) in [calculated, others].map({ ($0, Double($0.count) / Double(columns.count)) }) {
            guard let column = kind.dropFirst(kind.count / 2).first else { continue }
            let id = column.scope == "course" ? GradebookColumn.finalGrade : column.assessmentID
            let list = lists.grades(
                walk,
                column: GradebookColumn(id: id, assessmentID: column.assessmentID),
                since: ColumnMark(nil),
                isFull: true
            )
            sum += share * Double(try await pages(of: list, size: lists.pageSize("grades")))
        }
        return sum
    }

    private func columns(of course: String, _ lists: BlackboardLists) async throws -> [Assessment] {
        try await probe.look(at: lists.columns(course: course, noting: GradebookCache()))?.records(Assessment.self)
            ?? []
    }

    private func add(
        _ size: Size,
        weight: Double,
        _ lists: BlackboardLists,
        _ reason: String,
        _ forecast: inout Forecast
    ) {
        func pages(_ rows: Int, _ size: Int) -> Double { Double(max(1, (rows + size - 1) / max(size, 1))) }
        func add(_ calls: Double, to stream: String) {
            guard probe.isSelected(stream) else { return }
            forecast.add(about: calls * weight, to: stream, reason)
        }
        add(pages(size.members, lists.pageSize("memberships")), to: "enrollments")
        add(pages(size.columns, lists.pageSize("columns")) + 1, to: "assessments")
        let readsByLearner = context.options.gradeOrientation.readsByLearner(
            columns: size.columns,
            members: size.members
        )
        add(readsByLearner ? Double(size.members) : size.columnCalls, to: "grades")
        if lists.has(.reviewStatus) { add(pages(size.members, lists.pageSize("progress")), to: "progress") }
        add(Double(size.attemptColumns), to: "assessment_responses")
    }
}
