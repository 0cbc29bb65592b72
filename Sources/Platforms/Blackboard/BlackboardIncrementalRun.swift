import Extractor
import Records

/// One cycle over the courses: who was where, then what changed there, then what was not read for long.
struct BlackboardIncrementalRun<Run: RunContext> {
    let context: BlackboardContext<Run>
    let lists: BlackboardLists
    let catalogue: CourseCatalogue
    /// When the courses were last gone over.
    let lastCycle: Timestamp?
    let cache = GradebookCache()
    /// Rows that were missed and asked about; what became of them is decided when the run ends.
    let undecided = AbsentRows()

    var run: Run { context.run }

    var log: GradebookLogProbe<Run> { GradebookLogProbe(context: context, lists: lists, cache: cache) }

    /// Courses whose lists are read between two looks at the warehouse.
    private static var chunk: Int { 100 }

    /// Calls kept back for what a cycle asks at its end, such as the proof that a membership is gone.
    private static var keptBack: Int { 20 }

    /// How many partitions the day's quota, refilled evenly, still allows; `nil` without a quota.
    ///
    /// A full sweep was asked for, and takes what the day has left.
    private var budget: Int? { isSweep ? nil : run.allowance.map { max(0, $0 - Self.keptBack) } }

    var isSweep: Bool { context.sweepAge != nil }

    /// Whether the day's quota, refilled evenly, allows another call.
    var hasAllowance: Bool { budget.map { $0 > 0 } ?? true }

    /// As many of the partitions as the quota allows; the others wait for the next cycle.
    func affordable<Partition>(_ partitions: [Partition]) -> [Partition] {
        Array(partitions.prefix(budget ?? partitions.count))
    }

    func read() async throws {
        do {
            try await readParts()
        } catch {
            // Deletions are decided at the end alone: what was missed so far has to be missed again.
            try? await reopen(undecided.takeAll() + takeAbsent())
            throw error
        }
    }

    private func readParts() async throws {
        // Courses, people and terms that their lists lacked.
        try await verifyAbsences()
        try await readReturnedCourses()
        try await loadEntering()
        // What an earlier cycle has left open was found by it, and needs no new look.
        try await readActive()
        try await log.prepare()
        let live = try await coursesToVisit()
        for chunk in live.chunks(of: Self.chunk) {
            guard hasAllowance else { break }
            try await readMemberships(chunk)
            try await run.settle()
            try await context.readChildren(
                of: chunk.flatMap { course in
                    context.activity.memberships(of: course).compactMap { row in
                        row["course_id"].map { (asked: course, course: $0) }
                    }
                },
                lists,
                catalogue
            )
            await queueUngated(chunk)
            if log.isOpen, run.isSelected("grades") { try await log.queueNamed(affordable(chunk)) }
            try await readActive()
        }
        try await verifyAbsences()
        if hasAllowance {
            try await readAged()
            try await verifyAbsences()
        }
        try await verifyMembershipsOfMissingAccounts()
        try await endFormerMemberships()
    }

    /// Where no gate is wanted, the columns of every live course are asked, whoever was there.
    private func queueUngated(_ courses: [String]) async {
        guard context.options.gradeGate == .none, run.isSelected("grades") else { return }
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
        let live = catalogue.all.filter { $0.parent == nil && $0.isLive(at: now, within: context.options.liveDays) }
            .map(\.id).filter { !context.activity.isBack($0) }
        let marks = try await run.facts.watermarks("enrollments", partitions: live)
        return live.sorted { left, right in
            let (first, second) = (marks[left]?.time("read_at"), marks[right]?.time("read_at"))
            let order = ((first?.microseconds ?? .min), (second?.microseconds ?? .min))
            return order.0 == order.1 ? left < right : order.0 < order.1
        }
    }

    /// - Parameter isWhole: Whether large courses are read whole too, and disabled memberships where they are listed apart.
    func readMemberships(_ courses: [String], isWhole: Bool = false) async throws {
        let courses = affordable(courses)
        let marks = try await run.facts.watermarks("enrollments", partitions: courses)
        let withUsers = run.isSelected("learners") && run.connectorState[BlackboardRules.usersRefused] != nil
        let groups = courses.map { course in
            let isDue =
                isSweep
                && context.isDue(marks[course]?.time(BlackboardLists.verifiedAt), within: context.options.coldMaxAge)
            var group = memberships(course, marks[course], withUsers: withUsers, isWhole: isWhole || isDue)
            (group.isSampled, group.isUnknown) = (true, marks[course] == nil)
            return group
        }
        try await run.read(groups)
        await context.keepPreviewUsers(lists.preview)
    }

    /// A full list where that is one request, else what was modified and who has come by.
    func memberships(_ course: String, _ mark: MarkPosition?, withUsers: Bool, isWhole: Bool) -> ReadGroup {
        let members = mark?.integer("members") ?? 0
        let canFilter =
            lists.has(.modifiedMemberships) && lists.accepts("modified", of: "memberships")
            && lists.accepts("lastAccessed", of: "memberships")
        guard members > Int64(lists.fullListRows), canFilter, !isWhole, let mark,
            let modified = mark.time("read_at"), let accessed = mark.time("access_after")
        else {
            let isApart = context.disabledAreApart
            let verified = isApart && !isWhole ? mark?.time(BlackboardLists.verifiedAt) : nil
            var reads = [
                lists.memberships(course: course, withUsers: withUsers) { outcome in
                    guard outcome.isComplete else { return [] }
                    return [MembershipMark.full(course, outcome, verified: isApart && !isWhole ? .some(verified) : nil)]
                }
            ]
            if isApart, isWhole {
                context.activity.note(wholeRoster: course)
                reads.append(lists.memberships(course: course, .disabled, withUsers: withUsers) { _ in [] })
            }
            reads[0].cost = .pages(ofRows: lists.pageSize("memberships"))
            let covers = [
                Cover(
                    Enrollment.table,
                    scopes: [["course_id": course], ["parent_course_id": course]],
                    isConfirmedOneByOne: isSweep
                )
            ]
            return ReadGroup(reads, covers: covers, instead: insteadOfMissing(course))
        }
        let began = run.serverNow
        let changed = lists.memberships(course: course, .modified(since: modified), withUsers: withUsers) { _ in [] }
        let seen = lists.memberships(course: course, .accessed(since: accessed), withUsers: withUsers) { outcome in
            outcome.isComplete ? [MembershipMark.filtered(course, mark, at: began)] : []
        }
        return ReadGroup([changed, seen], instead: insteadOfMissing(course))
    }

    /// Queues columns that have to be read whole, whatever their mark says.
    func queueWhole(_ columns: [GradebookColumn], course: String) async {
        let now = run.serverNow
        await run.apply(
            columns.map { column in
                context.activity.note(whole: column.assessmentID)
                let partition = BlackboardFollowUps.partition(course: course, assessment: column.assessmentID)
                return .queue(
                    PendingEntry(
                        stream: "grades",
                        partition: partition,
                        reason: PendingEntry.whole,
                        dueAt: now
                    )
                )
            }
        )
    }

    /// A course without a list of its own is asked for itself: only its own answer says that it is gone.
    func insteadOfMissing(
        _ course: String,
        answers: [PendingEntry] = []
    ) -> @Sendable (ExtractorError) -> Replacement? {
        { error in
            guard error.status == 404 else { return nil }
            return [ReadGroup([lists.course(course, insteadOf: error) { goneCourse(course) }], answers: answers)]
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

    func readColumnLists() async throws {
        guard run.isSelected("assessments") else { return }
        try await run.drain(["assessments"]) { entries in
            guard hasAllowance else { return [] }
            let entries = affordable(entries)
            let marks = try await run.facts.watermarks("assessments", partitions: entries.map(\.partition))
            return entries.map { entry in
                let course = entry.partition
                cache.restore(course, from: marks[course])
                // A category's new title shows in the list of categories alone.
                let verified = marks[course]?.time(BlackboardLists.verifiedAt)
                let isWhole =
                    entry.reason == BlackboardFollowUps.age || entry.isWhole || verified == nil
                    || isSweep && context.isDue(verified, within: context.options.coldMaxAge)
                let columns = lists.columns(course: course, noting: cache)
                var group = ReadGroup(
                    isWhole ? [lists.categories(course: course, noting: cache), columns] : [columns],
                    answers: [entry],
                    covers: [
                        Cover(Assessment.table, scopes: [["course_id": course]], isConfirmedOneByOne: isSweep)
                    ],
                    instead: insteadOfMissing(course, answers: [entry])
                )
                (group.isSampled, group.isUnknown) = (true, marks[course] == nil)
                return group
            }
        }
        let lacking = cache.coursesLackingCategories()
        try await run.read(lacking.map { ReadGroup([lists.categories(course: $0, noting: cache)]) })
    }

    private func readProgress() async throws {
        guard run.isSelected("progress"), lists.has(.reviewStatus) else { return }
        try await run.drain(["progress"]) { entries in
            guard hasAllowance else { return [] }
            let entries = affordable(entries)
            let rosters = try await context.facts.rosters(of: entries.map(\.partition))
            return entries.compactMap { entry in
                rosters[entry.partition].map { roster in
                    ReadGroup(
                        [lists.reviewStatus(roster: roster)],
                        answers: [entry],
                        instead: insteadOfMissing(entry.partition, answers: [entry])
                    )
                }
            }
        }
    }
}
