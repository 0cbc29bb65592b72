import Extractor
import Records

/// One cycle over the courses: who was where, then what changed there, then what was not read for long.
struct BlackboardCycle<Run: RunContext> {
    let desk: BlackboardDesk<Run>
    let lists: BlackboardLists
    let catalogue: CourseCatalogue
    /// When the courses were last gone over.
    let lastCycle: Timestamp?
    let shelf = GradebookShelf()

    var run: Run { desk.run }

    /// Courses whose lists are read between two looks at the warehouse.
    private static var chunk: Int { 100 }

    /// Calls kept back for what a cycle asks at its end, such as the proof that a membership is gone.
    private static var keptBack: Int { 20 }

    /// How many partitions the day's quota, refilled evenly, still allows; `nil` without a quota.
    private var budget: Int? { run.allowance.map { max(0, $0 - Self.keptBack) } }

    /// Whether the day's quota, refilled evenly, allows another call.
    var hasAllowance: Bool { budget.map { $0 > 0 } ?? true }

    /// As many of the partitions as the quota allows; the others wait for the next cycle.
    func affordable<Partition>(_ partitions: [Partition]) -> [Partition] {
        Array(partitions.prefix(budget ?? partitions.count))
    }

    func read() async throws {
        // What an earlier cycle has left open was found by it, and needs no new look.
        try await readActive()
        let live = try await coursesToVisit()
        for chunk in live.chunks(of: Self.chunk) {
            guard hasAllowance else { break }
            try await readMemberships(chunk)
            try await run.settle()
            await queueUngated(chunk)
            try await readActive()
        }
        try await verifyAbsences()
        if hasAllowance {
            try await queueAged()
            try await readActive()
            try await verifyAbsences()
        }
        try await endFormerMemberships()
    }

    /// Where no gate is wanted, the columns of every live course are asked, whoever was there.
    private func queueUngated(_ courses: [String]) async {
        guard desk.options.gradeGate == .none, run.isSelected("grades") else { return }
        let now = run.serverNow
        await run.apply(
            courses.map {
                .queue(PendingEntry(stream: "grades", partition: $0, reason: BlackboardFollowUps.active, dueAt: now))
            }
        )
    }

    // MARK: Who was where

    /// The live courses, least recently visited first.
    private func coursesToVisit() async throws -> [String] {
        guard run.isSelected("enrollments") else { return [] }
        let now = run.serverNow
        let live = catalogue.all.filter { $0.parent == nil && $0.isLive(at: now, within: desk.options.liveDays) }
            .map(\.id)
        let marks = try await run.facts.watermarks("enrollments", partitions: live)
        return live.sorted { left, right in
            let (first, second) = (marks[left]?.time("read_at"), marks[right]?.time("read_at"))
            let order = ((first?.microseconds ?? .min), (second?.microseconds ?? .min))
            return order.0 == order.1 ? left < right : order.0 < order.1
        }
    }

    func readMemberships(_ courses: [String]) async throws {
        let courses = affordable(courses)
        let marks = try await run.facts.watermarks("enrollments", partitions: courses)
        let withUsers = run.isSelected("learners") && run.memory[BlackboardRules.usersRefused] != nil
        try await run.read(
            courses.map { course in
                var group = memberships(course, marks[course], withUsers: withUsers)
                (group.isTelling, group.isNews) = (true, marks[course] == nil)
                return group
            }
        )
        await desk.keepPreviewUsers(lists.preview)
    }

    /// A full list where that is one request, else what was modified and who has come by.
    func memberships(
        _ course: String,
        _ mark: MarkPosition?,
        withUsers: Bool,
        answers: [PendingEntry] = []
    ) -> ReadGroup {
        let members = mark?.integer("members") ?? 0
        let canFilter =
            lists.has(.modifiedMemberships) && lists.accepts("modified", of: "memberships")
            && lists.accepts("lastAccessed", of: "memberships")
        guard members > Int64(lists.fullListRows), canFilter, answers.isEmpty, let mark,
            let modified = mark.time("read_at"), let accessed = mark.time("access_after")
        else {
            var read = lists.memberships(course: course, withUsers: withUsers) { outcome in
                outcome.isComplete ? [MembershipMark.full(course, outcome)] : []
            }
            read.cost = .pages(ofRows: lists.pageSize("memberships"))
            let covers = [
                Cover(Enrollment.table, scopes: [["course_id": course], ["parent_course_id": course]])
            ]
            return ReadGroup([read], answers: answers, covers: covers, instead: insteadOfMissing(course))
        }
        let began = run.serverNow
        let changed = lists.memberships(course: course, .modified(since: modified), withUsers: withUsers) { _ in [] }
        let seen = lists.memberships(course: course, .accessed(since: accessed), withUsers: withUsers) { outcome in
            outcome.isComplete ? [MembershipMark.filtered(course, mark, at: began)] : []
        }
        return ReadGroup([changed, seen], instead: insteadOfMissing(course))
    }

    /// A course without memberships is asked for itself: only its own answer says that it is gone.
    private func insteadOfMissing(_ course: String) -> @Sendable (ExtractorError) -> [ReadGroup]? {
        { [lists] error in
            guard error.status == 404 else { return nil }
            return [
                ReadGroup([
                    lists.course(course) {
                        let children = [Assessment.table, Enrollment.table, Progress.table, Grade.table]
                        let gone = ([Course.table] + children).map { table in
                            StateChange.gone(GoneRows(table, columns: ["course_id"], keys: [[course]]))
                        }
                        return gone
                    }
                ])
            ]
        }
    }

    // MARK: What changed there

    /// Reads the gradebooks and the progress of the courses that the queue names.
    func readActive() async throws {
        try await readColumnLists()
        try await readGrades()
        try await run.settle()
        // Totals that moved are in the queue now, and columns that explain them may follow.
        try await readGrades()
        try await run.settle()
        try await readProgress()
        try await run.settle()
    }

    private func readColumnLists() async throws {
        guard run.isSelected("assessments") else { return }
        try await run.drain(["assessments"]) { entries in
            guard hasAllowance else { return [] }
            let entries = affordable(entries)
            let marks = try await run.facts.watermarks("assessments", partitions: entries.map(\.partition))
            return entries.map { entry in
                let course = entry.partition
                shelf.restore(course, from: marks[course])
                var group = ReadGroup(
                    [lists.columns(course: course, noting: shelf)],
                    answers: [entry],
                    covers: [Cover(Assessment.table, scopes: [["course_id": course]])]
                )
                (group.isTelling, group.isNews) = (true, marks[course] == nil)
                return group
            }
        }
        let lacking = shelf.coursesLackingCategories()
        try await run.read(lacking.map { ReadGroup([lists.categories(course: $0, noting: shelf)]) })
    }

    private func readProgress() async throws {
        guard run.isSelected("progress"), lists.has(.reviewStatus) else { return }
        try await run.drain(["progress"]) { entries in
            guard hasAllowance else { return [] }
            let entries = affordable(entries)
            let rosters = try await desk.facts.rosters(of: entries.map(\.partition))
            return entries.compactMap { entry in
                rosters[entry.partition].map { ReadGroup([lists.reviewStatus(roster: $0)], answers: [entry]) }
            }
        }
    }
}
