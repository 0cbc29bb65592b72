import Records

/// Reads what changed: the incremental plan of the connector guide, section 5.
///
/// The API has no change feed and one filter, by the date of completion. So every part of the site is read again by its
/// age, a few at a time, and hints bring some forward: logins, changed class records, completions.
struct MatrixIncremental<Run: RunContext> {
    let makeLists: @Sendable () -> MatrixLists
    let options: MatrixOptions
    let book: MatrixBook
    /// Of a sweep: how old a reading may be to count.
    var maxAge: Duration?
    let run: Run

    func read() async throws {
        try await walk()
        try await checkAbsent()
        try await run.settle()
        try await dropPeriods()
        if run.isSelected(anyOf: "enrollments", "assessments") {
            try await MatrixSchedule(lists: makeLists(), run: run).queueDue()
            try await readClasses()
            try await run.settle()
        }
        await keepLoginsWithoutClasses()
        if run.isSelected("certificates") { try await readCertificates() }
        if run.isSelected("events") { try await readSessions() }
        try await MatrixSecondLook(makeLists: makeLists, run: run).read()
    }

    // MARK: Users, classes, organizations

    private func walk() async throws {
        let lists = makeLists()
        let isFirst = try await walkUsers(lists)
        try await walkClasses(makeLists(), withUsers: isFirst)
        guard run.isSelected("organizations") else { return }
        let mark = try await run.facts.watermark("organizations", "")
        guard isDue(mark?.time("walked_at"), every: Self.day) else { return }
        try await run.read([
            ReadGroup(
                [makeLists().organizations()],
                publishesByPage: true,
                covers: [Cover(Organization.table)]
            )
        ])
    }

    private static var day: Duration { .seconds(86_400) }

    /// Walks of so many calls are made in every run.
    private static var smallWalk: Int { 10 }

    /// - Returns: Whether the users are walked in this run, or would be.
    private func walkUsers(_ lists: MatrixLists) async throws -> Bool {
        let stream = run.isSelected("learners") ? "learners" : "courses"
        let mark = try await run.facts.watermark(stream, "")
        let calls = mark?.text("calls").flatMap { Int($0) } ?? 0
        guard calls <= Self.smallWalk || isDue(mark?.time("walked_at"), every: options.usersMaxAge) else {
            return false
        }
        guard run.isSelected("learners") else { return true }
        try await run.read([
            ReadGroup([lists.users(keepsLogins: false)], publishesByPage: true, covers: [Cover(Learner.table)])
        ])
        return true
    }

    private func walkClasses(_ lists: MatrixLists, withUsers: Bool) async throws {
        guard run.isSelected("courses") else { return }
        let mark = try await run.facts.watermark("courses", "")
        let isFull = isDue(mark?.time("full_at"), every: Self.day)
        guard isFull || withUsers else { return }
        let list = lists.classes(
            onlyActive: !isFull,
            previous: mark,
            keepsTotals: run.isSelected("assessments")
        )
        let scopes = isFull ? [] : [["status": "active"], ["status": "draft"]]
        try await run.read([
            ReadGroup([list], publishesByPage: true, covers: [Cover(Course.table, scopes: scopes)])
        ])
    }

    /// Whether something that is done once in a while is due; a schedule that comes a moment early does not put it off.
    ///
    /// Before the first answer only our own clock is known: where it is behind what the platform's has shown, it says
    /// nothing, and asking is safe.
    private func isDue(_ last: Timestamp?, every interval: Duration) -> Bool {
        guard let last else { return true }
        let interval = min(interval, maxAge ?? interval)
        let age = run.serverNow.since(last)
        return age >= interval - interval / 20 || age < .zero - Self.clockDoubt
    }

    private static var clockDoubt: Duration { .seconds(300) }

    // MARK: What the walks lacked

    /// Asks by id for users and classes that a whole walk lacked, and walks the organizations once more.
    private func checkAbsent() async throws {
        let absent = await run.takeAbsent()
        func ids(_ table: Table, _ column: String) -> [String] {
            absent.filter { $0.table == table.name }.compactMap { $0.key[column] }
        }
        let deletions = MatrixDeletions(run: run)
        let learners = try await withoutLatelyFound(ids(Learner.table, "learner_id"))
        try await run.read(chunks(learners).map { makeLists().users($0) })
        await deletions.learners(learners.filter { book.isGone($0, by: .usersWithIDs) })
        await noteFound(learners.filter { book.isThere($0, by: .usersWithIDs) })

        let courses = ids(Course.table, "course_id")
        let keepsTotals = run.isSelected("assessments")
        try await run.read(chunks(courses).map { makeLists().classes($0, keepsTotals: keepsTotals) })
        await deletions.courses(courses.filter { book.isGone($0, by: .classesWithIDs) })

        let organizations = ids(Organization.table, "organization_id")
        guard !organizations.isEmpty else { return }
        try await run.read([
            ReadGroup([makeLists().organizations()], publishesByPage: true, covers: [Cover(Organization.table)])
        ])
        let stillAbsent = Set(await run.takeAbsent().compactMap { $0.key["organization_id"] })
        await deletions.organizations(organizations.filter(stillAbsent.contains))
    }

    private func chunks(_ ids: [String]) -> [[String]] {
        stride(from: 0, to: ids.count, by: options.batch).map {
            Array(ids[$0..<min($0 + options.batch, ids.count)])
        }
    }

    /// Some sites leave archived users out of the walk: who was found by id is not asked for again within a day.
    private func withoutLatelyFound(_ learners: [String]) async throws -> [String] {
        guard !learners.isEmpty else { return [] }
        let marks = try await run.facts.watermarks(MatrixLists.Mark.outside, partitions: learners)
        return learners.filter { isDue(marks[$0]?.time("seen_at"), every: Self.day) }
    }

    private func noteFound(_ learners: [String]) async {
        let now = run.serverNow
        var position = MarkPosition()
        position.set("seen_at", now)
        await run.apply(
            learners.map {
                .watermark(stream: MatrixLists.Mark.outside, partition: $0, position: position, asOf: now)
            }
        )
    }

    /// Grading periods that a changed class record has no longer.
    private func dropPeriods() async throws {
        let changed = book.takeChangedClasses().compactMap(book.classRecord)
        guard run.isSelected("assessments"), !changed.isEmpty else { return }
        let stored = try await Self.periods(of: changed.map(\.id), run)
        let gone = changed.flatMap { item in (stored[item.id] ?? []).subtracting(item.periodIDs) }
        await MatrixDeletions(run: run).assessments(gone.sorted(), isGuarded: false)
    }

    /// The assessments that stand for grading periods, by class.
    static func periods(
        of courses: [String],
        _ run: Run
    ) async throws -> [String: Set<String>] {
        let rows = try await run.facts.rows(
            of: Assessment.table,
            columns: ["assessment_id", "course_id"],
            matching: ["course_id": courses, "scope": ["grading_period"]]
        )
        var periods: [String: Set<String>] = [:]
        for row in rows { periods[row["course_id"] ?? "", default: []].insert(row["assessment_id"] ?? "") }
        return periods
    }

    // MARK: Classes

    /// Reads the classes that are due: by age first, the longest unread before the others, then on hints.
    private func readClasses() async throws {
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
            guard !isHint || budget.allows(calls: 2, at: run.serverNow) else { return nil }
            var wanted: MatrixClassLists = []
            if answers.contains(where: { $0.stream == "enrollments" }) { wanted.insert(.roster) }
            if answers.contains(where: { $0.stream == "assessments" }) { wanted.insert(.setup) }
            if !run.isSelected("assessments"), answers.contains(where: { $0.reason == "class_changed" }) {
                wanted.insert(.setup)
            }
            var group = lists.group(wanted, of: facts, answers: answers, run)
            // A completion asks for awards, an unknown assignment for its list.
            group.isTelling = wanted.contains(.roster)
            return group
        }
    }

    private func facts(of courses: [String]) async throws -> [String: MatrixClassFacts] {
        let stored = try await run.facts.rows(
            of: Course.table,
            columns: ["course_id"],
            matching: ["course_id": courses]
        )
        var known: [String: MatrixClassFacts] = [:]
        for course in courses where book.classRecord(course) != nil { known[course] = MatrixClassFacts(course: course) }
        for row in stored {
            guard let course = row["course_id"], !book.isGone(course, by: .classesWithIDs) else { continue }
            known[course] = MatrixClassFacts(course: course)
        }
        let ids = known.keys.sorted()
        let marks = try await run.facts.watermarks("enrollments", partitions: ids)
        let setups = try await run.facts.watermarks("assessments", partitions: ids)
        let assessments = try await run.facts.rows(
            of: Assessment.table,
            columns: ["assessment_id", "course_id", "scope"],
            matching: ["course_id": ids, "scope": ["assessment", "grading_period"]]
        )
        let learners = try await run.facts.rows(
            of: Enrollment.table,
            columns: ["course_id", "learner_id"],
            matching: ["course_id": ids, "role": ["learner"]]
        )
        for course in ids {
            known[course]?.mark = marks[course] ?? MarkPosition()
            known[course]?.unlisted = Set(setups[course]?.list("unlisted") ?? [])
            if let record = book.classRecord(course) { known[course]?.periods = Set(record.periodIDs) }
        }
        for row in assessments {
            guard let course = row["course_id"], let id = row["assessment_id"] else { continue }
            if row["scope"] == "assessment" {
                known[course]?.assignments.insert(id)
            } else if book.classRecord(course) == nil {
                known[course]?.periods.insert(id)
            }
        }
        for row in learners { known[row["course_id"] ?? ""]?.learners.insert(row["learner_id"] ?? "") }
        return known
    }

    // MARK: Certificates

    /// One call for all completions since the watermark, where it is due; then what its answer and the rosters ask for.
    private func readCertificates() async throws {
        let mark = try await run.facts.watermark("certificates", "") ?? MarkPosition()
        let readAt = mark.time("read_at")
        let oldest = (readAt ?? run.startedAt).advanced(by: .zero - options.completedOverlap).startOfDay
        let since = min(mark.text("completed_after").flatMap(Timestamp.init(isoDate:)) ?? oldest, oldest)
        let completed = book.takeNewCompletions()
        // A completion from before the window shows late: a class restored, a date set by hand.
        await queueAwards(ofClasses: completed.filter { $0.value < since }.map(\.key).sorted())
        if isDue(readAt, every: Self.hour) || completed.contains(where: { $0.value >= since }) {
            try await run.read([makeLists().completions(after: since, mark: mark, run)])
            try await readUnknownCompletions()
        }
        try await run.drain(["certificates"]) { entries in
            let lists = makeLists()
            return entries.map { entry in
                let partition = AwardPartition(text: entry.partition)
                return lists.completions(
                    course: partition.course,
                    learner: partition.learner,
                    answers: [entry],
                    run
                )
            }
        }
    }

    private static var hour: Duration { .seconds(3_600) }

    private func queueAwards(ofClasses courses: [String]) async {
        let now = run.serverNow
        await run.apply(
            courses.map { course in
                .queue(PendingEntry(stream: "certificates", partition: course, reason: "completion", dueAt: now))
            }
        )
    }

    /// Reads the classes of completions that the warehouse does not have; once for each, whatever the roster says.
    private func readUnknownCompletions() async throws {
        let unknown = book.takeUnknownCompletions().filter { book.length(.roster, of: $0.key) == nil }
        guard !unknown.isEmpty else { return }
        let stored = try await run.facts.rows(
            of: Course.table,
            columns: ["course_id"],
            matching: ["course_id": Array(unknown.keys)]
        )
        let known = Set(stored.compactMap { $0["course_id"] }).union(book.classes.map(\.id))
        let marks = try await run.facts.watermarks(MatrixLists.Mark.chased, partitions: Array(unknown.keys))
        let now = run.serverNow
        var changes: [StateChange] = []
        for (course, learners) in unknown.sorted(by: { $0.key < $1.key }) where known.contains(course) {
            var position = marks[course] ?? MarkPosition()
            let chased = Set(position.list("learners"))
            guard !learners.isSubset(of: chased) else { continue }
            position.set("learners", list: chased.union(learners).sorted())
            changes.append(
                .queue(PendingEntry(stream: "enrollments", partition: course, reason: "completion", dueAt: now))
            )
            changes.append(
                .watermark(stream: MatrixLists.Mark.chased, partition: course, position: position, asOf: now)
            )
        }
        await run.apply(changes)
        try await readClasses()
        try await run.settle()
        // What these rosters show, the call has answered already; older ones are asked for by class.
        let late = book.takeNewCompletions().keys.filter { unknown[$0] == nil }
        await queueAwards(ofClasses: late.sorted())
    }

    // MARK: Sessions

    /// Where no class is ever read, the logins make nothing hot: their marks need not wait for it.
    private func keepLoginsWithoutClasses() async {
        let streams = Matrix.kinds[0].completed(run.settings.streams)
        guard !streams.contains("enrollments") else { return }
        let now = run.serverNow
        await run.apply(book.takeLogins().compactMap { MatrixLists.mark($0, asOf: now) })
    }

    /// Once a day, the sessions of those who logged in meanwhile.
    private func readSessions() async throws {
        let mark = try await run.facts.watermark("events", "") ?? MarkPosition()
        guard isDue(mark.time("read_at"), every: Self.day) else { return }
        let logins = try await run.facts.watermarks(MatrixLists.Mark.logins)
        let read = try await run.facts.watermarks("events")
        let due = MatrixSessionPlan.due(logins: logins, read: read, now: run.serverNow)
        let lists = makeLists()
        let isRead = try await run.read(
            MatrixSessionPlan.batches(due, of: options.batch).map { batch in
                lists.sessions(batch, known: Set(batch.keys.filter { read[$0] != nil }), run)
            }
        )
        guard isRead else { return }
        var position = mark
        position.set("read_at", run.serverNow)
        await run.apply([.watermark(stream: "events", partition: "", position: position, asOf: run.serverNow)])
    }
}
