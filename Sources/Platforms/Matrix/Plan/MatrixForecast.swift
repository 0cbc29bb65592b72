import Records
import Transformer

/// Says what a baseline of a site will cost: the formula of Sources/Platforms/Matrix/README.md §4.
///
/// The platform states no totals. The last page of a walk is found by asking for rising page numbers and halving; of the
/// classes some rosters are looked at, spread over all, to tell how many have learners and how many completed. What the
/// warehouse holds is not asked for again.
struct MatrixForecast<Probe: BaselineProbe> {
    let lists: MatrixLists
    let probe: Probe

    /// Rosters that are looked at.
    private static var classSample: Int { 24 }
    /// Pages of the classes that are read one after the other before the end is looked for.
    private static var classPages: Int { 10 }
    private static var pageRows: Int { 100 }

    func forecast() async throws -> Forecast {
        var forecast = Forecast()
        let stream =
            probe.isSelected("courses") ? "courses" : probe.isSelected("learners") ? "learners" : "organizations"
        forecast.add(1, to: stream)
        _ = try await probe.look(at: lists.version(stream: stream))
        if probe.isSelected("learners") { try await lookAtUsers(&forecast) }
        if probe.isSelected("courses") { try await lookAtClasses(&forecast) }
        if probe.isSelected("organizations") {
            forecast.add(try await pages(of: lists.organizations()) + 1, to: "organizations")
        }
        return forecast
    }

    // MARK: Walks

    /// Pages with something on them.
    private func pages(of list: ListRead, known: [Int: PageSample] = [:]) async throws -> Int {
        try await Sampling.last { page in
            if let pageSample = known[page] { return pageSample.items > 0 }
            return try await probe.look(at: list, page: page)?.items ?? 0 > 0
        }
    }

    private func lookAtUsers(_ forecast: inout Forecast) async throws {
        let list = lists.users(keepsLogins: true)
        var first: [Int: PageSample] = [:]
        first[1] = try await probe.look(at: list)
        let pages = try await pages(of: list, known: first)
        forecast.add(pages + 1, to: "learners")
        guard probe.isSelected("events") else { return }
        // Sessions are asked for a hundred people at a time, of those who logged in lately.
        var logins: [String: MarkPosition] = [:]
        let sample = Sampling.spread(Array(1..<(pages + 1)), 5)
        for page in sample {
            let pageSample = page == 1 ? first[1] : try await probe.look(at: list, page: page)
            for case .watermark(MatrixLists.Mark.logins, let learner, let position, _) in pageSample?.parsed.changes
                ?? []
            {
                logins[learner] = position
            }
        }
        let due = MatrixSessionPlan.due(logins: logins, read: [:], now: probe.serverNow).count
        let all = Double(due) * Double(pages) / Double(max(sample.count, 1))
        forecast.add(
            (all / Double(lists.options.batch)).rounded(.up),
            to: "events",
            isExact: sample.count == pages,
            "from the logins on \(sample.count) of \(pages) pages of users"
        )
    }

    // MARK: Classes

    /// The classes, as far as they were read.
    private struct Classes {
        /// Those in scope.
        var ids: [String] = []
        /// How many are in scope.
        var total = 0
        var isCounted = true
        var reason: String { "from \(ids.count) of about \(total) classes in scope" }
    }

    private func lookAtClasses(_ forecast: inout Forecast) async throws {
        let classes = try await walkClasses(&forecast)
        func add(_ calls: Int, to stream: String) {
            guard probe.isSelected(stream) else { return }
            forecast.add(Double(calls), to: stream, isExact: classes.isCounted, classes.reason)
        }
        // Roster and teachers; assignments.
        add(2 * classes.total, to: "enrollments")
        add(classes.total, to: "assessments")
        guard probe.isSelected(anyOf: "grades", "certificates"), probe.isSelected("enrollments") else { return }
        let rosters = try await lookAtRosters(classes)
        if probe.isSelected("grades") {
            forecast.add(
                rosters.withLearners,
                to: "grades",
                isExact: rosters.isWhole,
                "one call for each class with a learner, \(rosters.reason)"
            )
        }
        if probe.isSelected("certificates"), !probe.scope.isEverything {
            forecast.add(
                rosters.withCompletions,
                to: "certificates",
                isExact: rosters.isWhole,
                "one call for each class in scope that somebody has completed, \(rosters.reason)"
            )
        } else if probe.isSelected("certificates") {
            let months = rosters.months.sorted { $0.key < $1.key }.map {
                (month: $0.key, rows: Int($0.value.rounded()))
            }
            let windows = CompletionWindow.plan(
                months,
                limit: lists.options.completionsWindow,
                overlap: lists.options.completedOverlap
            )
            forecast.add(
                Double(windows.count),
                to: "certificates",
                isExact: rosters.isWhole,
                "windows of at most \(lists.options.completionsWindow) completions, \(rosters.reason)"
            )
        }
    }

    private func walkClasses(_ forecast: inout Forecast) async throws -> Classes {
        let list = lists.classes(onlyActive: false, keepsTotals: false)
        var (pageSamples, isWhole): ([Int: PageSample], Bool) = ([:], false)
        for page in 1...Self.classPages {
            guard let pageSample = try await probe.look(at: list, page: page), pageSample.items > 0 else {
                isWhole = true
                break
            }
            pageSamples[page] = pageSample
        }
        let pages = isWhole ? pageSamples.count : try await pages(of: list, known: pageSamples)
        forecast.add(pages + 1, to: "courses")
        if pages > 0, pageSamples[pages] == nil { pageSamples[pages] = try await probe.look(at: list, page: pages) }
        let ids = pageSamples.sorted { $0.key < $1.key }.flatMap { $0.value.records(Course.self).map(\.courseID) }
            .uniqued()
        guard !isWhole else { return Classes(ids: ids, total: ids.count) }
        let all = (pages - 1) * Self.pageRows + (pageSamples[pages]?.items ?? 0)
        guard !probe.scope.isEverything else { return Classes(ids: ids, total: max(all, ids.count)) }
        let listed = pageSamples.values.reduce(0) { $0 + $1.items }
        return Classes(ids: ids, total: max(ids.count * all / max(listed, 1), ids.count), isCounted: false)
    }

    /// What the rosters tell.
    private struct Rosters {
        var withLearners = 0.0
        var withCompletions = 0.0
        /// Completions by the month they fall into.
        var months: [Timestamp: Double] = [:]
        var isWhole = false
        var reason = ""
    }

    private func lookAtRosters(_ classes: Classes) async throws -> Rosters {
        var rosters = Rosters()
        let read = Set(try await probe.facts.watermarks("enrollments").keys)
        let known = classes.ids.filter(read.contains)
        if known.count == classes.total {
            let taught = try await probe.facts.distinct(\Enrollment.courseID, where: [.any(\.role, of: ["learner"])])
            rosters.withLearners = Double(known.count(where: taught.contains))
            let completed = try await probe.facts.distinct(\Progress.courseID, where: [.any(\.status, of: ["completed"])])
            rosters.withCompletions = Double(known.count(where: completed.contains))
            for (month, rows) in try await probe.facts.monthlyCounts(of: Progress.table, column: "completed_at") {
                rosters.months[month] = Double(rows)
            }
            rosters.reason = "as the warehouse has them"
            return rosters
        }
        let chosen = Sampling.spread(classes.ids, Self.classSample)
        guard !chosen.isEmpty else { return rosters }
        let weight = Double(classes.total) / Double(chosen.count)
        for course in chosen {
            let group = lists.group(.roster, of: MatrixClassFacts(course: course), probe)
            guard let list = group.reads.first, let pageSample = try await probe.look(at: list) else { continue }
            if pageSample.items > 0 { rosters.withLearners += weight }
            let progress = pageSample.records(Progress.self)
            if progress.contains(where: { $0.status == "completed" }) { rosters.withCompletions += weight }
            for progress in progress {
                guard let time = progress.completedAt else { continue }
                rosters.months[time.startOfMonth, default: 0] += weight
            }
        }
        rosters.isWhole = classes.isCounted && chosen.count == classes.total
        rosters.reason = "from \(chosen.count) of \(classes.total) rosters"
        return rosters
    }
}

extension Timestamp {
    /// Midnight UTC of the first day of the same month.
    fileprivate var startOfMonth: Timestamp {
        startOfDay.advanced(by: .seconds(-86_400 * (date.day - 1)))
    }
}
