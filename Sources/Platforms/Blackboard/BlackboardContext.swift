import Extractor
import Records

/// What the plans of a run share: settings, facts, and the lists with what the run has learnt so far.
struct BlackboardContext<Run: RunContext>: Sendable {
    let settings: SourceSettings
    let options: BlackboardOptions
    let origin: APIOrigin
    let activity: CourseActivity
    /// Of a full sweep: how old a reading may be to count.
    var sweepAge: Duration?
    let run: Run

    var facts: BlackboardFacts<Run> { BlackboardFacts(run: run, activity: activity) }

    /// The lists, whose records are judged by the platform's clock as it stands now.
    func lists(terms: TermBook, preview: PreviewUsers) -> BlackboardLists {
        var lists = BlackboardLists(
            options: options,
            mapping: BlackboardMapping(settings: settings, options: options, now: run.serverNow),
            connectorState: run.connectorState,
            origin: origin,
            terms: terms,
            preview: preview,
            scope: run.scope
        )
        lists.overlap = lists.overlap + run.clockDoubt
        return lists
    }

    /// Whether the terms are asked for: where they are kept here, and where the scope of courses names them.
    var asksTerms: Bool { run.isSelected("terms") || run.scope.scope.term != nil }

    /// Whether the courses were last read whole for another scope: what came into it since is unknown.
    var hasNewScope: Bool { (run.connectorState[BlackboardLists.scopeRead] ?? "") != run.scope.scope.text }

    /// Whether disabled memberships have to be asked for by themselves.
    var disabledAreApart: Bool {
        switch options.disabledMemberships {
        case .listed: false
        case .apart: true
        case .auto: run.connectorState[RosterCheck.stateName] == BlackboardOptionKeys.DisabledMemberships.apart.rawValue
        }
    }

    /// Reads the site's release, once a day.
    func readVersion(_ lists: BlackboardLists) async throws {
        let readAt = run.connectorState[Self.versionReadAt].flatMap { Timestamp(decimalSeconds: $0) }
        if let readAt, run.mode == .incremental, sweepAge != .zero || readAt >= run.startedAt,
            run.serverNow.since(readAt) < .seconds(86_400)
        {
            return
        }
        let before = run.connectorState["version"]
        if try await run.read([ReadGroup([lists.version()])]).isComplete {
            run.connectorState[Self.versionReadAt] = run.serverNow.decimalSeconds
        }
        do { try BlackboardVersion.requireNoReturn(from: before, to: run.connectorState["version"]) } catch {
            run.connectorState["version"] = before
            run.connectorState[Self.versionReadAt] = nil
            throw error
        }
    }

    private static var versionReadAt: String { "version_read_at" }

    /// Keeps the ids of preview users that this run was the first to meet.
    func keepPreviewUsers(_ preview: PreviewUsers) async {
        guard let mark = preview.mark(asOf: run.serverNow) else { return }
        await run.apply([mark])
    }

    /// A column not read whole since then is read whole when it is read: a sweep wants all of it, and an increment has to
    /// come by before the bound is passed.
    private var wholeBoundary: Timestamp {
        let age = sweepAge ?? max(.zero, options.coldMaxAge - options.columnMaxAge)
        return run.serverNow.advanced(by: .zero - age)
    }

    /// Whether something last read whole at `time` has to be by now; what this run has read has not.
    func isDue(_ time: Timestamp?, within bound: Duration) -> Bool {
        guard let time else { return true }
        guard time < run.startedAt.advanced(by: .seconds(-1)) else { return false }
        return time <= run.serverNow.advanced(by: .zero - bound)
    }

    /// Whether asking each learner costs fewer requests than asking each of so many columns.
    func readsByLearner(_ columns: Int, _ roster: Roster) -> Bool {
        // A site whose lists of one learner lack columns is read by column, whatever is wanted.
        run.connectorState[BlackboardLists.byLearnerLacks] == nil && prefersByLearner(columns, roster)
    }

    /// The same as long as lists of one learner are taken to be complete.
    func prefersByLearner(_ columns: Int, _ roster: Roster) -> Bool {
        options.gradeOrientation.readsByLearner(columns: columns, members: roster.count)
    }

    /// Reads all grades of a course learner by learner; what each list lacks is looked into outside of a baseline.
    ///
    /// - Parameters:
    ///   - columns: Those whose marks say afterwards that every cell was read.
    ///   - notesCells: Whether the lists note which cells they hold.
    @discardableResult
    func readByLearner(
        _ lists: BlackboardLists,
        _ walk: BlackboardMapping.GradeWalk,
        _ columns: [GradebookColumn],
        marks: [String: MarkPosition],
        notesCells: Bool = false
    ) async throws -> ReadSlice {
        let course = walk.roster.course
        let began = run.serverNow
        let groups = walk.roster.members.keys.sorted().map { learner in
            let scope = ["course_id": walk.roster.place(of: learner).course, "learner_id": learner]
            return ReadGroup(
                [lists.grades(walk, learner: learner, notesCells: notesCells)],
                covers: run.mode == .baseline ? [] : [Cover(Grade.table, scopes: [scope])]
            )
        }
        let slice = try await run.read(groups)
        guard slice.isComplete else {
            // Whose list a baseline could not read, an increment asks for by column.
            if run.mode == .baseline { await queue(BlackboardFollowUps.entering, course, attempts: 1) }
            return slice
        }
        for column in columns where run.mode != .baseline { activity.note(polled: column) }
        await run.apply(
            columns.map { column in
                .watermark(
                    stream: "grades",
                    partition: column.assessmentID,
                    position: ColumnMark.readByLearner(marks[column.assessmentID], course: course, at: began),
                    asOf: began
                )
            }
        )
        return slice
    }

    /// Queues a course's grades, or those of one column.
    ///
    /// - Parameter attempts: Above zero where they could not be read.
    func queue(_ reason: String, _ partition: String, attempts: Int) async {
        await run.apply([
            .queue(
                PendingEntry(
                    stream: "grades",
                    partition: partition,
                    reason: reason,
                    dueAt: run.serverNow,
                    attempts: attempts
                )
            )
        ])
    }

    /// The groups that read grades of one course by column, each column by itself: a refused one keeps no other back.
    func columnGroups(
        _ lists: BlackboardLists,
        _ walk: BlackboardMapping.GradeWalk,
        _ columns: [GradebookColumn],
        marks: [String: MarkPosition],
        answers: [String: [PendingEntry]] = [:],
        whole: Set<String> = []
    ) -> [ReadGroup] {
        let boundary = wholeBoundary
        return columns.map { column in
            let mark = ColumnMark(marks[column.assessmentID])
            let isFull =
                run.mode == .baseline || column.kind == .calculated || whole.contains(column.assessmentID)
                || mark.isFullDue(before: boundary)
            activity.note(polled: column)
            if !isFull, options.gradeProbe == .lastChanged {
                return ReadGroup(
                    lists.probedGrades(walk, column: column, since: mark, log: run.log),
                    answers: answers[column.assessmentID] ?? []
                )
            }
            var group = ReadGroup(
                [lists.grades(walk, column: column, since: mark, isFull: isFull)],
                answers: answers[column.assessmentID] ?? [],
                covers: isFull && run.mode == .incremental
                    ? [Cover(Grade.table, scopes: [["assessment_id": column.assessmentID]])] : []
            )
            // A total that no other column explains has all columns of its course read.
            group.isSampled = true
            // What a baseline cannot read waits for an increment.
            if run.mode == .baseline { group.reads[0].waitsInQueue = true }
            return group
        }
    }
}
