import Records

/// Reads what changed: the incremental plan of Sources/Platforms/LearnWorlds/README.md §5; a sweep reads the rest as
/// well.
///
/// The event log says who, a pull for each learner says what, and what the pulls show says which grades and responses.
/// Beside that every run reads the parts whole whose turn it is, and what vanished from them is looked into.
struct LearnWorldsIncremental<Run: RunContext> {
    let makeLists: @Sendable () -> LearnWorldsLists
    /// Of a sweep: how old a verification may be to count.
    let sweepAge: Duration?
    let run: Run

    func read() async throws {
        // First, because its answer carries the platform's clock, which bounds the window of the log.
        try await run.read([
            ReadGroup(
                [makeLists().courses()],
                publishesByPage: true,
                covers: [Cover(Course.table, isConfirmedOneByOne: true)]
            )
        ])
        let lists = makeLists()
        try await LearnWorldsIncrementalRun(
            lists: lists,
            schedule: LearnWorldsSchedule(options: lists.options, sweepAge: sweepAge, run: run),
            deletions: DeletionDetection(lists: lists, run: run),
            run: run
        ).read()
    }
}

/// The steps of an increment, in the order in which one shows what the next has to read.
struct LearnWorldsIncrementalRun<Run: RunContext> {
    let lists: LearnWorldsLists
    let schedule: LearnWorldsSchedule<Run>
    let deletions: DeletionDetection<Run>
    let run: Run

    var isSweep: Bool { schedule.sweepAge != nil }

    func read() async throws {
        try await lookForCourses()
        let isLogRefused = try await readEvents()
        try await run.settle()
        if isLogRefused {
            sayWithoutLog()
        } else {
            try await checkYesterday()
            try await readWholeLog()
        }
        try await publishInSweep()
        let courses = try await presentCourses()
        try await loadEntering()
        try await readContents(courses)
        let knowsEverybody = try await readLearners(all: isLogRefused)
        try await publishInSweep()
        try await queueExpiredEnrollments()
        try await run.settle()
        try await compareRosters(courses, all: isLogRefused)
        try await readPeople(knowsEverybody: knowsEverybody)
        try await run.settle()
        // An account or an enrollment that came back with these lists may ask for the other ones.
        try await readQueuedPeople(knowsEverybody: knowsEverybody)
        try await reviewPeople()
        try await run.settle()
        if isLogRefused { await queueCertificates(allCourses(courses)) }
        try await readCertificates(courses)
        try await readGrades(courses)
        try await run.settle()
        try await publishInSweep()
        try await readResponses()
        try await deletions.decideAssessments()
    }

    /// What came back to the platform is there in the warehouse too before its parts are looked for.
    private func publishInSweep() async throws {
        if isSweep { try await run.publish() }
    }

    // MARK: Courses

    /// Courses that the list lacks: looked into by every sweep, by increments once a day.
    private func lookForCourses() async throws {
        guard run.isSelected("courses") else { return }
        let now = run.serverNow
        var position = try await run.facts.watermark("courses", "") ?? MarkPosition()
        let last = position[.vanishedAt] ?? position[.baselineAt]
        guard isSweep || last.map({ now.since($0) >= .seconds(86_400) }) ?? true else {
            // They are still absent when their day has come.
            _ = await run.absentRows(of: Course.table)
            return
        }
        try await deletions.decideCourses()
        position[.vanishedAt] = now
        await run.apply([.watermark(stream: "courses", partition: "", position: position, asOf: now)])
    }

    /// The courses to look through where no log says in which of them something happened: those that are still there, and
    /// those that this run is the first to meet.
    func allCourses(_ present: [String: Timestamp?]) -> [String] {
        Set(present.keys).union(run.log.listedCourses ?? []).filter(run.scope.contains).sorted()
    }

    /// The courses that are still there, with when they were made.
    private func presentCourses() async throws -> [String: Timestamp?] {
        let rows = try await run.facts.rows(of: Course.self, [\.courseID, \.createdAt])
        var made: [String: Timestamp?] = [:]
        for row in rows { made[row[\.courseID]] = .some(row[\.createdAt]) }
        let present = Set(run.log.presentCourses(among: made.keys))
        return made.filter { present.contains($0.key) }
    }
}
