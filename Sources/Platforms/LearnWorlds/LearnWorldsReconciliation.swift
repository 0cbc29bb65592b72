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
        let catalogue = Catalogue()
        // First, because its answer carries the platform's clock, by which records are judged.
        try await readCourses(catalogue)
        let lists = makeLists()
        let vanished = LearnWorldsVanished(lists: lists, catalogue: catalogue, run: run)
        try await vanished.decideCourses()
        let courses = try await courses(catalogue, lists.book)
        let steps = ReconciliationSteps(
            lists: lists,
            catalogue: catalogue,
            vanished: vanished,
            courses: courses,
            run: run
        )
        try await steps.read()
    }

    private func readCourses(_ catalogue: Catalogue) async throws {
        guard run.extent.courses.isEmpty else {
            let lists = makeLists()
            try await run.read(run.extent.courses.map { ReadGroup([lists.record(ofCourse: $0)]) })
            let missing = run.extent.courses.filter { lists.book.wasEmpty(.course, $0) }
            return try await run.noteAbsent(missing.map(Self.absence), of: Course.table)
        }
        let list = makeLists().courses(noting: catalogue)
        let stored = try await run.liveCount(of: Course.table)
        try await run.read([
            ReadGroup(
                [run.extent.isFull ? list : list.unlessCounting(stored)],
                publishesByPage: true,
                covers: [Cover(Course.table, isConfirmedOneByOne: true)]
            )
        ])
        guard run.extent.isFull, let there = catalogue.whole else { return }
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
    private func courses(_ catalogue: Catalogue, _ book: ReadBook) async throws -> [String] {
        guard run.extent.courses.isEmpty else {
            return run.extent.courses.filter { book.hasRead(.course, $0) && !book.wasEmpty(.course, $0) }
        }
        let stored = catalogue.present(among: try await run.facts.courseIDs())
        return (catalogue.whole ?? []).union(stored).sorted()
    }
}

extension Table {
    /// Whether its rows belong to courses by a column.
    fileprivate var hasCourse: Bool { columns.contains { $0.name == "course_id" } }
}

/// The steps behind the courses.
private struct ReconciliationSteps<Run: ReconcileContext> {
    let lists: LearnWorldsLists
    let catalogue: Catalogue
    let vanished: LearnWorldsVanished<Run>
    let courses: [String]
    let run: Run
    private let units = UnitBook()

    private var isFull: Bool { run.extent.isFull }
    private var isWholeSite: Bool { run.extent.courses.isEmpty }

    func read() async throws {
        if isFull { try await readContents(of: courses) }
        let active = try await readLearners()
        try await LearnWorldsPeopleReconciliation(
            lists: lists,
            vanished: vanished,
            courses: courses,
            active: active,
            units: units,
            run: run
        ).read()
        try await readCertificates()
        try await readGrades()
        if isFull, run.compares("assessment_responses") { try await readResponses() }
        if isFull { try await vanished.decideAssessments() }
        if isFull, isWholeSite, run.compares("events") { try await readLog() }
    }

    private func readContents(of courses: [String]) async throws {
        guard run.compares(anyOf: "course_units", "assessments") else { return }
        try await run.read(courses.map { units.reading(vanished.contents($0), lists) })
        try await vanished.decideUnits()
    }

    /// - Returns: Learners on the list who ever logged in; only where it was read whole.
    private func readLearners() async throws -> Set<String> {
        guard run.compares("learners"), isWholeSite else { return [] }
        let active = Noted<String>()
        var list = lists.learners(queuingFor: nil)
        list.refine = { parsed in
            for case let batch as Batch<Learner> in parsed.batches {
                active.add(batch.records.filter { $0.lastLoginAt != nil }.map(\.learnerID))
            }
            return parsed
        }
        let stored = try await run.liveCount(of: Learner.table)
        try await run.read([
            ReadGroup(
                [isFull ? list : list.unlessCounting(stored)],
                publishesByPage: true,
                covers: [Cover(Learner.table, isConfirmedOneByOne: true)]
            )
        ])
        try await vanished.decideLearners()
        return active.all
    }

    private func readCertificates() async throws {
        guard run.compares("certificates") else { return }
        let stored = try await run.liveCounts(of: Certificate.table, by: "course_id")
        try await run.read(
            courses.map { course in
                vanished.certificates(course, since: nil).unless(isFull, counting: stored[course] ?? 0)
            }
        )
        try await vanished.decideCertificates()
    }

    private func readGrades() async throws {
        guard run.compares("grades") else { return }
        let stored = try await run.liveCounts(of: Grade.table, by: "course_id")
        let incomplete = Noted<String>()
        try await run.read(
            courses.map { course in
                var group = vanished.grades(course, since: nil, isWhole: true)
                group.reads[0].refine = { parsed in
                    // A stub stands in for an assessment that the warehouse lacks: its contents tell what it is.
                    let ids = parsed.batches.compactMap { $0 as? Batch<Assessment> }
                        .flatMap { $0.records.map(\.assessmentID) }
                    if try await run.facts.courses(ofAssessments: ids).count < Set(ids).count {
                        incomplete.add([course])
                    }
                    return parsed
                }
                return units.reading(group, lists).unless(isFull, counting: stored[course] ?? 0)
            }
        )
        if !isFull { try await run.read(incomplete.all.sorted().map { ReadGroup([lists.contents(course: $0, run)]) }) }
        try await vanished.decideGrades()
    }

    /// The responses of every unit that has any, by the warehouse's grades and responses.
    private func readResponses() async throws {
        let matching = isWholeSite ? [:] : ["course_id": courses]
        var used = units.used
        for table in [AssessmentResponse.table, Grade.table] {
            used.formUnion(try await run.facts.distinct("assessment_id", of: table, matching: matching))
        }
        let stored = try await run.facts.courses(ofAssessments: Array(used))
        let known = stored.merging(units.courses) { $1 }
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
        try await vanished.decideResponses()
    }

    /// The whole event log; of what it lacks nothing follows, since the platform forgets.
    private func readLog() async throws {
        let end = run.serverNow
        var stretch = EventStretch(after: lists.options.eventsSince.map { end.advanced(by: .zero - $0) })
        while true {
            let list = lists.wholeLog(stretch, before: end.advanced(by: .seconds(1)))
            guard try await run.read([ReadGroup([list], publishesByPage: true)]).isComplete else { return }
            try await SurplusEvents(run: run).drop(from: stretch)
            guard let next = stretch.next else { return }
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
}
