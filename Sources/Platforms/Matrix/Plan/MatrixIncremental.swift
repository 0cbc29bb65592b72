import Records

/// Reads what changed: the incremental plan of Sources/Platforms/Matrix/README.md §5.
///
/// The API has no change feed and one filter, by the date of completion. So every part of the site is read again by its
/// age, a few at a time, and hints bring some forward: logins, changed class records, completions.
struct MatrixIncremental<Run: RunContext> {
    let makeLists: @Sendable () -> MatrixLists
    let options: MatrixOptions
    /// Of `sync --full`: what else is read.
    let sweep: MatrixSweep?
    let run: Run

    init(
        makeLists: @escaping @Sendable () -> MatrixLists,
        options: MatrixOptions,
        sweep: MatrixSweep?,
        run: Run
    ) {
        (self.makeLists, self.options, self.sweep, self.run) = (makeLists, options, sweep, run)
    }

    func read() async throws {
        var logins = try await walk()
        logins.merge(try await checkAbsent()) { $1 }
        try await run.settle()
        try await dropPeriods()
        if run.isSelected(anyOf: "enrollments", "assessments") {
            try await MatrixSchedule(lists: makeLists(), sweep: sweep, run: run).queueDue(Array(logins.values))
            try await queueEntering()
            try await readClasses()
            try await run.settle()
            // An assessment that came back with these lists may ask for its class's gradebook.
            try await readClasses()
            try await run.settle()
        }
        await keepLoginsWithoutClasses(logins)
        if run.isSelected("certificates") { try await readCertificates() }
        if run.isSelected("events") { try await readSessions() }
        try await AbsenceConfirmation(makeLists: makeLists, isSweep: sweep != nil, run: run).read()
    }

    // MARK: Users, classes, organizations

    /// - Returns: The logins of everybody who was listed.
    private func walk() async throws -> [String: MatrixLogin] {
        let (areUsersDue, logins) = try await walkUsers(makeLists())
        try await walkClasses(makeLists(), withUsers: areUsersDue)
        try await walkOrganizations()
        return logins
    }

    private func walkOrganizations() async throws {
        guard run.isSelected("organizations") else { return }
        let mark = try await run.facts.watermark("organizations", "")
        guard isDue(mark?[.walkedAt], every: Self.day) else { return }
        try await run.read([
            ReadGroup(
                [makeLists().organizations()],
                publishesByPage: true,
                covers: [Cover(Organization.table)]
            )
        ])
    }

    static var day: Duration { .seconds(86_400) }

    /// Walks of so many calls are made in every run.
    private static var smallWalk: Int { 10 }

    /// - Returns: Whether the users are walked in this run, or would be; and their logins.
    private func walkUsers(_ lists: MatrixLists) async throws -> (isDue: Bool, logins: [String: MatrixLogin]) {
        let stream = run.isSelected("learners") ? "learners" : "courses"
        let mark = try await run.facts.watermark(stream, "")
        let calls = mark?[.calls].flatMap { Int($0) } ?? 0
        guard calls <= Self.smallWalk || isDue(mark?[.walkedAt], every: options.usersMaxAge) else {
            return (false, [:])
        }
        guard run.isSelected("learners") else { return (true, [:]) }
        let slice = try await run.read([
            ReadGroup([lists.users(keepsLogins: false)], publishesByPage: true, covers: [Cover(Learner.table)])
        ])
        return (true, slice.notes.all(MatrixLogin.self))
    }

    private func walkClasses(_ lists: MatrixLists, withUsers: Bool) async throws {
        guard run.isSelected("courses") else { return }
        let mark = try await run.facts.watermark("courses", "")
        let isFull = isDue(mark?[.fullAt], every: Self.day) || hasNewScope
        guard isFull || withUsers else { return }
        let list = lists.classes(
            onlyActive: !isFull,
            previous: mark,
            keepsTotals: run.isSelected("assessments")
        )
        let scopes = isFull ? [] : [["status": "active"], ["status": "draft"]]
        let isRead = try await run.read([
            ReadGroup([list], publishesByPage: true, covers: [Cover(Course.table, scopes: scopes)])
        ]).isComplete
        if isFull, isRead { noteScope() }
    }

    /// Whether something that is done once in a while is due; a schedule that comes a moment early does not put it off.
    ///
    /// Before the first answer only our own clock is known: where it is behind what the platform's has shown, it says
    /// nothing, and asking is safe.
    func isDue(_ last: Timestamp?, every interval: Duration) -> Bool {
        guard let last else { return true }
        var interval = interval
        if let sweep {
            interval = min(interval, sweep.walkAge)
            if interval == .zero { return true }
        }
        let age = run.serverNow.since(last)
        return age >= interval - interval / 20 || age < .zero - Self.clockDoubt
    }

    private static var clockDoubt: Duration { .seconds(300) }

    // MARK: What the walks lacked

    /// Asks by id for users and classes that a whole walk lacked, and walks the organizations once more.
    ///
    /// - Returns: The logins of those users who are there.
    private func checkAbsent() async throws -> [String: MatrixLogin] {
        func ids(_ table: Table, _ column: String) async -> [String] {
            await run.absentRows(of: table).compactMap { $0.key[column] }.sorted()
        }
        let deletions = MatrixDeletions(run: run)
        let learners = try await withoutLatelyFound(await ids(Learner.table, "learner_id"))
        let found = try await run.read(chunks(learners).map { makeLists().users($0) })
        let logins = found.notes.all(MatrixLogin.self)
        await deletions.learners(learners.filter { run.log.isGone($0, by: .usersWithIDs) })
        await noteFound(learners.filter { run.log.isThere($0, by: .usersWithIDs) })

        let courses = await ids(Course.table, "course_id")
        let keepsTotals = run.isSelected("assessments")
        try await run.read(chunks(courses).map { makeLists().classes($0, keepsTotals: keepsTotals) })
        await deletions.courses(courses.filter { run.log.isGone($0, by: .classesWithIDs) })

        let organizations = await ids(Organization.table, "organization_id")
        guard !organizations.isEmpty else { return logins }
        try await run.read([
            ReadGroup([makeLists().organizations()], publishesByPage: true, covers: [Cover(Organization.table)])
        ])
        let stillAbsent = Set(await ids(Organization.table, "organization_id"))
        await deletions.organizations(organizations.filter(stillAbsent.contains))
        return logins
    }

    func chunks(_ ids: [String]) -> [[String]] {
        ids.chunks(of: options.batch)
    }

    /// Some sites leave archived users out of the walk: who was found by id is not asked for again within a day.
    private func withoutLatelyFound(_ learners: [String]) async throws -> [String] {
        guard !learners.isEmpty, sweep == nil else { return learners }
        let marks = try await run.facts.watermarks(MatrixLists.Mark.outside, partitions: learners)
        return learners.filter { isDue(marks[$0]?[.seenAt], every: Self.day) }
    }

    private func noteFound(_ learners: [String]) async {
        let now = run.serverNow
        var position = MarkPosition()
        position[.seenAt] = now
        await run.apply(
            learners.map {
                .watermark(stream: MatrixLists.Mark.outside, partition: $0, position: position, asOf: now)
            }
        )
    }

    /// Grading periods that a changed class record has no longer.
    func dropPeriods() async throws {
        let changed = run.log.notes(ChangedClass.self).keys.compactMap(run.log.classRecord)
        guard run.isSelected("assessments"), !changed.isEmpty else { return }
        let stored = try await Self.periods(of: changed.map(\.id), run)
        let gone = changed.flatMap { PeriodEvidence.gone(stored: stored[$0.id] ?? [], named: $0.periodIDs) }
        await MatrixDeletions(run: run).periods(gone.sorted())
    }

    /// The assessments that stand for grading periods, by class.
    static func periods(
        of courses: [String],
        _ run: Run
    ) async throws -> [String: Set<String>] {
        let rows = try await run.facts.rows(
            of: Assessment.self,
            [\.assessmentID, \.courseID],
            where: [.any(\.courseID, of: courses), .any(\.scope, of: ["grading_period"])]
        )
        var periods: [String: Set<String>] = [:]
        for row in rows { periods[row[\.courseID] ?? "", default: []].insert(row[\.assessmentID]) }
        return periods
    }

    // MARK: Classes

    /// Reads the classes that are due: by age first, the longest unread before the others, then on hints.
    func readClasses() async throws {
        let budget = HintBudget(
            time: options.runTime,
            from: run.serverNow,
            callsPerSecond: run.settings.requestsPerSecond
        )
        try await run.drain(["enrollments", "assessments"]) { entries in
            try await groups(for: entries, budget)
        }
    }

    /// Classes whose facts are held at once.
    private func groups(for entries: [PendingEntry], _ budget: HintBudget) async throws -> [ReadGroup] {
        let byCourse = Dictionary(grouping: entries, by: \.partition)
        let order = entries.map(\.partition).uniqued()
        let known = try await facts(of: order)
        let lists = makeLists()
        return order.compactMap { course in
            let answers = byCourse[course] ?? []
            guard let facts = known[course] else {
                // The class is gone: there is nothing to ask.
                return ReadGroup([], answers: answers)
            }
            let isHint = answers.allSatisfy { HintBudget.hints.contains($0.reason) }
            guard !isHint || mayFollowHint(budget) else { return nil }
            var wanted: MatrixClassLists = []
            if answers.contains(where: { $0.stream == "enrollments" }) { wanted.insert(.roster) }
            if answers.contains(where: { $0.stream == "assessments" }) { wanted.insert(.setup) }
            if !run.isSelected("assessments"),
                answers.contains(where: { $0.reason == MatrixFollowUps<Run>.changed || $0.isWhole })
            {
                wanted.insert(.setup)
            }
            var group = lists.group(wanted, of: facts, answers: answers, run)
            // A completion asks for awards, an unknown assignment for its list.
            group.isSampled = wanted.contains(.roster)
            return group
        }
    }

    /// Whether there is time for another class that only a hint asks for; counts it, where there is.
    private func mayFollowHint(_ budget: HintBudget) -> Bool {
        let now = run.serverNow
        let planned = run.log.note(PlannedHints.self, now)?.calls ?? 0
        guard budget.allows(calls: Self.callsOfHint, behind: planned, at: now) else { return false }
        run.log.add(PlannedHints(key: now, calls: Self.callsOfHint))
        return true
    }

    /// Roster and gradebook.
    private static var callsOfHint: Int { 2 }

    func facts(of courses: [String]) async throws -> [String: MatrixClassFacts] {
        let stored = try await run.facts.rows(
            of: Course.self,
            [\.courseID],
            where: [.any(\.courseID, of: courses)]
        )
        var known: [String: MatrixClassFacts] = [:]
        for course in courses where run.log.classRecord(course) != nil {
            known[course] = MatrixClassFacts(course: course)
        }
        for course in stored.map({ $0[\.courseID] }) where !run.log.isGone(course, by: .classesWithIDs) {
            known[course] = MatrixClassFacts(course: course)
        }
        let ids = known.keys.sorted()
        let marks = try await run.facts.watermarks("enrollments", partitions: ids)
        let setups = try await run.facts.watermarks("assessments", partitions: ids)
        let assessments = try await run.facts.rows(
            of: Assessment.self,
            [\.assessmentID, \.courseID, \.scope],
            where: [.any(\.courseID, of: ids), .any(\.scope, of: ["assessment", "grading_period"])]
        )
        let learners = try await run.facts.rows(
            of: Enrollment.self,
            [\.courseID, \.learnerID],
            where: [.any(\.courseID, of: ids), .any(\.role, of: ["learner"])]
        )
        for course in ids {
            known[course]?.mark = marks[course] ?? MarkPosition()
            known[course]?.unlisted = Set(setups[course]?[.unlisted] ?? [])
            if let periods = run.log.classRecord(course)?.periodIDs { known[course]?.periods = Set(periods) }
        }
        for row in assessments {
            guard let course = row[\.courseID] else { continue }
            let id = row[\.assessmentID]
            if row[\.scope] == "assessment" {
                known[course]?.assignments.insert(id)
            } else if run.log.classRecord(course)?.periodIDs == nil {
                known[course]?.periods.insert(id)
            }
        }
        for row in learners { known[row[\.courseID]]?.learners.insert(row[\.learnerID]) }
        return known
    }
}
