import Records
import Transformer

/// Says what a baseline of a site will cost: the formula of the connector guide, section 4.
///
/// The platform states no totals. The end of a long list is found by asking at rising offsets and halving; of the courses
/// whose lists were never read some are looked at, spread over all. What the warehouse holds is not asked for again.
struct BlackboardPlan<Probe: BaselineProbe> {
    let desk: BlackboardDesk<Probe>

    private var probe: Probe { desk.run }

    /// Courses whose members and columns are looked at.
    private static var courseSample: Int { 40 }
    /// Pages of the courses that are read one after the other before the end is looked for.
    private static var coursePages: Int { 10 }

    func forecast() async throws -> Forecast {
        var forecast = Forecast()
        let early = desk.lists(terms: TermBook(), preview: PreviewUsers())
        _ = try await probe.look(at: early.version())
        forecast.add(1, to: "courses")
        let lists = desk.lists(terms: TermBook(), preview: PreviewUsers())
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
    private func pages(of list: ListRead, size: Int) async throws -> Int {
        guard let first = try await probe.look(at: list), !first.isLast else { return 1 }
        return try await Sampling.last { page in
            guard page > 1 else { return true }
            let offset = [("offset", String((page - 1) * size)), ("limit", "1")]
            return try await probe.look(at: list, page: 1, asking: offset)?.items ?? 0 > 0
        }
    }

    /// The courses whose own lists are read: those without a parent.
    private struct Courses {
        var ids: [String] = []
        /// How many there are; more than `ids` where only a part of the list was read.
        var total = 0.0
        var isWhole = true
    }

    private func lookAtCourses(_ lists: BlackboardLists, _ forecast: inout Forecast) async throws -> Courses {
        let list = lists.courses(noting: CourseCatalogue())
        let size = lists.pageSize("courses")
        func page(_ number: Int) async throws -> Glance? {
            try await probe.look(at: list, page: 1, asking: [("offset", String((number - 1) * size))])
        }
        var (pages, read, isWhole) = (1, 0, false)
        var listed: [Course] = []
        while read < Self.coursePages, !isWhole, let glance = try await page(read + 1) {
            listed += glance.records(Course.self)
            (read, isWhole) = (read + 1, glance.isLast)
        }
        pages = max(read, 1)
        if !isWhole {
            pages = max(pages, try await Sampling.last { try await page($0)?.items ?? 0 > 0 })
            for number in Sampling.spread(Array((read + 1)..<(pages + 1)), 3) {
                guard let glance = try await page(number) else { continue }
                listed += glance.records(Course.self)
                read += 1
            }
        }
        forecast.add(pages, to: "courses")
        var courses = Courses()
        let asked = listed.filter { $0.parentCourseID == nil }
        courses.ids = asked.map(\.courseID).uniqued()
        courses.isWhole = isWhole
        courses.total = Double(courses.ids.count) * Double(pages) / Double(max(read, 1))
        return courses
    }

    // MARK: Courses

    /// What decides the cost of a course.
    private struct Size {
        var members: Int
        var columns: Int
        var attemptColumns: Int
    }

    private func lookIntoCourses(
        _ courses: Courses,
        _ lists: BlackboardLists,
        _ forecast: inout Forecast
    ) async throws {
        let marks = try await probe.facts.watermarks("enrollments")
        let known = courses.ids.filter { marks[$0]?.integer("members") != nil }
        for chunk in known.chunks(of: 100) {
            let rosters = try await desk.facts.rosters(of: chunk)
            let books = try await desk.facts.gradebooks(of: chunk)
            for course in chunk {
                let columns = books[course]?.columns ?? []
                let size = Size(
                    members: rosters[course]?.count ?? 0,
                    columns: columns.count,
                    attemptColumns: columns.count { $0.kind == .attempts && !$0.isTotal }
                )
                add(size, weight: 1, lists, "as the warehouse has it", &forecast)
            }
        }
        let knownIDs = Set(known)
        let unknown = courses.ids.filter { !knownIDs.contains($0) }
        let chosen = Sampling.spread(unknown, Self.courseSample)
        guard !chosen.isEmpty else { return }
        let weight = max(courses.total - Double(known.count), 0) / Double(chosen.count)
        let reason = "from \(chosen.count) of about \(Int(courses.total.rounded())) courses"
        for course in chosen {
            let columns = try await columns(of: course, lists)
            let size = Size(
                members: try await members(of: course, lists),
                columns: columns.count,
                attemptColumns: columns.count { $0.grading == "attempt" && $0.scope != "course" }
            )
            add(size, weight: weight, lists, reason, &forecast)
        }
    }

    private func members(of course: String, _ lists: BlackboardLists) async throws -> Int {
        let list = lists.memberships(course: course, withUsers: false) { _ in [] }
        guard let glance = try await probe.look(at: list) else { return 0 }
        let count = glance.records(Enrollment.self).count
        guard !glance.isLast else { return count }
        let size = lists.pageSize("memberships")
        return try await pages(of: list, size: size) * size - size / 2
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
        let byColumn = GradeCost.byColumn(size.columns, members: size.members, pageSize: 100)
        let readsByLearner =
            switch desk.options.gradeOrientation {
            case .column: false
            case .learner: true
            case .auto: byColumn > size.members
            }
        add(readsByLearner ? Double(size.members) : Double(byColumn), to: "grades")
        if lists.has(.reviewStatus) { add(pages(size.members, lists.pageSize("progress")), to: "progress") }
        add(Double(size.attemptColumns), to: "assessment_responses")
    }

    private func columns(of course: String, _ lists: BlackboardLists) async throws -> [Assessment] {
        try await probe.look(at: lists.columns(course: course, noting: GradebookShelf()))?.records(Assessment.self) ?? []
    }
}
