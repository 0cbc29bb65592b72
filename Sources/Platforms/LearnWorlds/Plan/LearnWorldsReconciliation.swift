import Records
import Transformer

/// Holds a school against the warehouse: Sources/Platforms/LearnWorlds/README.md §6, last paragraph.
///
/// The first page of a list tells the platform's count; only lists that count otherwise than the warehouse are read on. With
/// `isFull` everything is read that a baseline reads.
struct LearnWorldsReconciliation<Run: ReconcileContext> {
    let makeLists: @Sendable () -> LearnWorldsLists
    let run: Run

    func read() async throws {
        // First, because its answer carries the platform's clock, by which records are judged.
        try await readCourses()
        let lists = makeLists()
        let deletions = DeletionDetection(lists: lists, run: run)
        try await deletions.decideCourses()
        let courses = try await courses()
        let steps = ReconciliationSteps(
            lists: lists,
            deletions: deletions,
            courses: courses,
            run: run
        )
        try await steps.read()
    }

    private func readCourses() async throws {
        guard run.extent.courses.isEmpty else {
            let lists = makeLists()
            try await run.read(run.extent.courses.map { ReadGroup([lists.record(ofCourse: $0)]) })
            let missing = run.extent.courses.filter { run.log.wasEmpty(.course, $0) }
            return try await run.noteAbsent(missing.map(Self.absence), of: Course.table)
        }
        let list = makeLists().courses()
        let stored = try await run.liveCount(of: Course.table)
        try await run.read([
            ReadGroup(
                [run.extent.isFull ? list : list.unlessCounting(stored)],
                publishesByPage: true,
                covers: [Cover(Course.table, isConfirmedOneByOne: true)]
            )
        ])
        guard run.extent.isFull, let there = run.log.listedCourses else { return }
        // Rows of courses that nobody knows: the platform is asked for each of these courses.
        var named: Set<String> = []
        for table in Table.all where table.name != Course.table.name && table.hasCourse {
            named.formUnion(try await run.facts.distinct("course_id", of: table, matching: [:]))
        }
        let unknown = named.subtracting(there).subtracting(try await run.facts.courseIDs())
        try await run.noteAbsent(unknown.sorted().map(Self.absence), of: Course.table)
    }

    private static func absence(_ course: String) -> AbsentRow {
        AbsentRow(table: Course.table.name, key: ["course_id": course])
    }

    /// The courses whose lists are compared: those that are there, as far as this run knows.
    private func courses() async throws -> [String] {
        guard run.extent.courses.isEmpty else {
            return run.extent.courses.filter { run.log.hasMet(.course, $0) }
        }
        let stored = run.log.presentCourses(among: try await run.facts.courseIDs())
        return (run.log.listedCourses ?? []).union(stored).sorted()
    }
}

extension Table {
    /// Whether its rows belong to courses by a column.
    fileprivate var hasCourse: Bool { columns.contains { $0.name == "course_id" } }
}

/// The steps behind the courses.
private struct ReconciliationSteps<Run: ReconcileContext> {
    let lists: LearnWorldsLists
    let deletions: DeletionDetection<Run>
    let courses: [String]
    let run: Run

    private var isFull: Bool { run.extent.isFull }
    private var isWholeSite: Bool { run.extent.courses.isEmpty }

    func read() async throws {
        if isFull { try await readContents(of: courses) }
        let active = try await readLearners()
        try await LearnWorldsPeopleReconciliation(
            lists: lists,
            deletions: deletions,
            courses: courses,
            active: active,
            run: run
        ).read()
        try await readCertificates()
        try await readGrades()
        if isFull, run.compares("assessment_responses") { try await readResponses() }
        if isFull { try await deletions.decideAssessments() }
        if isFull, isWholeSite, run.compares("events") { try await readLog() }
    }

    private func readContents(of courses: [String]) async throws {
        guard run.compares(anyOf: "course_units", "assessments") else { return }
        try await run.read(courses.map { deletions.contents($0).notingUnits(lists) })
        try await deletions.decideUnits()
    }

    /// - Returns: Learners on the list who ever logged in; only where it was read whole.
    private func readLearners() async throws -> Set<String> {
        guard run.compares("learners"), isWholeSite else { return [] }
        var list = lists.learners(queuingFor: nil)
        list.refine = { page in
            var parsed = page
            for case let batch as Batch<Learner> in page.batches {
                let active = batch.records.filter { $0.lastLoginAt != nil }
                parsed.notes.add(active.map { ActiveAccount(key: $0.learnerID) })
            }
            return parsed
        }
        let stored = try await run.liveCount(of: Learner.table)
        let slice = try await run.read([
            ReadGroup(
                [isFull ? list : list.unlessCounting(stored)],
                publishesByPage: true,
                covers: [Cover(Learner.table, isConfirmedOneByOne: true)]
            )
        ])
        try await deletions.decideLearners()
        return Set(slice.notes.all(ActiveAccount.self).keys)
    }

    private func readCertificates() async throws {
        guard run.compares("certificates") else { return }
        let stored = try await run.liveCounts(of: Certificate.table, by: "course_id")
        try await run.read(
            courses.map { course in
                deletions.certificates(course, since: nil).unless(isFull, counting: stored[course] ?? 0)
            }
        )
        try await deletions.decideCertificates()
    }

    private func readGrades() async throws {
        guard run.compares("grades") else { return }
        let stored = try await run.liveCounts(of: Grade.table, by: "course_id")
        let slice = try await run.read(
            courses.map { course in
                var group = deletions.grades(course, since: nil, isWhole: true)
                group.reads[0].refine = { page in
                    var parsed = page
                    // A stub stands in for an assessment that the warehouse lacks: its contents tell what it is.
                    let ids = parsed.batches.compactMap { $0 as? Batch<Assessment> }
                        .flatMap { $0.records.map(\.assessmentID) }
                    if try await run.facts.courses(ofAssessments: ids).count < Set(ids).count {
                        parsed.notes.add(CourseLackingAssessments(key: course))
                    }
                    return parsed
                }
                return group.notingUnits(lists).unless(isFull, counting: stored[course] ?? 0)
            }
        )
        if !isFull {
            let lacking = slice.notes.all(CourseLackingAssessments.self).keys.sorted()
            try await run.read(lacking.map { ReadGroup([lists.contents(course: $0, run)]) })
        }
        try await deletions.decideGrades()
    }

    /// The responses of every unit that has any, by the warehouse's grades and responses.
    private func readResponses() async throws {
        let matching = isWholeSite ? [:] : ["course_id": courses]
        let compared = run.log.notes(ComparedUnit.self)
        var used = Set(compared.filter(\.value.isUsed).keys)
        for table in [AssessmentResponse.table, Grade.table] {
            used.formUnion(try await run.facts.distinct("assessment_id", of: table, matching: matching))
        }
        let stored = try await run.facts.courses(ofAssessments: Array(used))
        let known = stored.merging(compared.compactMapValues(\.course)) { $1 }
        let parts = used.filter { known[$0] != nil }.sorted()
        for chunk in parts.chunks(of: 500) {
            try await run.read(
                chunk.map { unit in
                    ReadGroup(
                        [lists.responses(unit: unit, course: known[unit], run, isWhole: true)],
                        publishesByPage: true,
                        covers: [Cover(AssessmentResponse.table, scopes: [["assessment_id": unit]])]
                    )
                }
            )
        }
        try await deletions.decideResponses()
    }

    /// The whole event log; of what it lacks nothing follows, since the platform forgets.
    private func readLog() async throws {
        let end = run.serverNow
        var stretch = EventStretch(after: lists.options.eventsSince.map { end.advanced(by: .zero - $0) })
        while true {
            let list = lists.wholeLog(stretch, before: end.advanced(by: .seconds(1)))
            let slice = try await run.read([ReadGroup([list], publishesByPage: true)])
            guard slice.isComplete else { return }
            try await SurplusEvents(run: run).drop(from: slice.stretch)
            guard let next = slice.stretch.next else { return }
            stretch = next
        }
    }
}

extension ReadGroup {
    /// The group, its lists left after their first page where they count as many items as `stored`.
    fileprivate func unless(_ isFull: Bool, counting stored: Int) -> ReadGroup {
        guard !isFull else { return self }
        var group = self
        group.reads = reads.map { $0.unlessCounting(stored) }
        return group
    }

    /// The group, whose pages note the units that they name.
    ///
    /// - Parameter lists: Tells which units of a learner's progress are assessments that were begun.
    func notingUnits(_ lists: LearnWorldsLists) -> ReadGroup {
        var group = self
        group.reads = reads.map { list in
            var list = list
            let refine = list.refine
            list.refine = { page in
                var parsed = try await refine?(page) ?? page
                for batch in page.batches {
                    if let assessments = batch as? Batch<Assessment> {
                        parsed.notes.add(
                            assessments.records.map { ComparedUnit(key: $0.assessmentID, course: $0.courseID) }
                        )
                    } else if let grades = batch as? Batch<Grade> {
                        parsed.notes.add(grades.records.map { ComparedUnit(key: $0.assessmentID, isUsed: true) })
                    } else if let units = batch as? Batch<UnitProgress> {
                        let touched = lists.touchedAssessments(units.records)
                        parsed.notes.add(touched.map { ComparedUnit(key: $0, isUsed: true) })
                    }
                }
                return parsed
            }
            return list
        }
        return group
    }
}
