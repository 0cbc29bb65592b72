import Records

/// Decides which classes a run reads: those whose age is up, and those that hints make hot.
struct MatrixSchedule<Run: RunContext> {
    let lists: MatrixLists
    /// Of `sync --full`.
    var sweep: MatrixSweep?
    let run: Run

    private var options: MatrixOptions { lists.options }

    /// - Parameter logins: Those that this run has read.
    func queueDue(_ logins: [MatrixLogin]) async throws {
        let (active, archived) = try await classes()
        let marks = try await run.facts.watermarks("enrollments")
        if run.isSelected("enrollments") { try await queueHints(logins, active: active, marks) }
        try await queueByAge(active: active, archived: archived, marks)
    }

    /// The classes there are, as the warehouse and this run know them.
    private func classes() async throws -> (active: Set<String>, archived: Set<String>) {
        let rows = try await run.facts.rows(of: Course.self, [\.courseID, \.status])
        var (active, archived): (Set<String>, Set<String>) = ([], [])
        for row in rows where !run.log.isGone(row[\.courseID], by: .classesWithIDs) {
            if row[\.status] == "archived" { archived.insert(row[\.courseID]) } else { active.insert(row[\.courseID]) }
        }
        for item in run.log.notes(MatrixClass.self).values where run.scope.contains(item.id) {
            active.remove(item.id)
            archived.remove(item.id)
            if item.isArchived { archived.insert(item.id) } else { active.insert(item.id) }
        }
        return (active, archived)
    }

    // MARK: By age

    private func queueByAge(
        active: Set<String>,
        archived: Set<String>,
        _ marks: [String: MarkPosition]
    ) async throws {
        let schedule = RefreshSchedule(state: run.connectorState, now: run.startedAt)
        let former = FormerShares(marks[""] ?? MarkPosition())
        func queue(
            _ stream: String,
            _ courses: Set<String>,
            _ marks: [String: MarkPosition],
            _ bound: Duration,
            sharedAs list: String?
        ) async throws {
            // A class that fails is tried again when its queue entry says so, and takes no place from the others.
            let failed = try await run.facts.failedPartitions(stream)
            let tried = sweep == nil ? courses.subtracting(failed) : courses
            let readAt = Dictionary(uniqueKeysWithValues: tried.map { ($0, marks[$0]?[.readAt]) })
            var due: [String] = []
            if let list { due = schedule.takeShare(of: list, readAt, within: bound, former: former.share(of: list)) }
            if let sweep { due = (due + schedule.parts(olderThan: sweep.age(ofBound: bound), readAt)).uniqued() }
            await run.apply(
                due.map { course in
                    // The longest unread comes first: work is taken up in the order of its due times.
                    let dueAt = marks[course]?[.readAt] ?? Timestamp(microsecondsSinceEpoch: 0)
                    return .queue(
                        PendingEntry(
                            stream: stream,
                            partition: course,
                            reason: "age",
                            dueAt: min(dueAt, run.startedAt),
                            attempts: failed.contains(course) ? 1 : 0
                        )
                    )
                }
            )
        }
        if run.isSelected("enrollments") {
            try await queue("enrollments", active, marks, options.classMaxAge, sharedAs: FormerShares.active)
            try await queue("enrollments", archived, marks, options.archivedMaxAge, sharedAs: FormerShares.archived)
        }
        if run.isSelected("assessments") {
            let setups = try await run.facts.watermarks("assessments")
            try await queue("assessments", active, setups, options.assignmentsMaxAge, sharedAs: FormerShares.setups)
            // No age brings these up: of an archived class only a sweep reads them again.
            if sweep != nil { try await queue("assessments", archived, setups, options.archivedMaxAge, sharedAs: nil) }
        }
    }

    // MARK: By logins

    /// Makes hot the active classes of everybody whose logins have moved since the users were walked before.
    ///
    /// The marks of the logins go with the queue entries that follow from them.
    private func queueHints(
        _ logins: [MatrixLogin],
        active: Set<String>,
        _ marks: [String: MarkPosition]
    ) async throws {
        let now = run.serverNow
        let known = try await run.facts.watermarks(MatrixLists.Mark.logins)
        let moved = logins.filter { Self.hasMoved($0, since: known[$0.learner]) }
        guard !moved.isEmpty else { return }
        var hints: [String: Timestamp] = [:]
        let times = Dictionary(moved.map { ($0.learner, min($0.lastAt ?? now, now)) }) { $1 }
        for learners in times.keys.sorted().chunks(of: 5_000) {
            let rows = try await run.facts.rows(
                of: Enrollment.self,
                [\.courseID, \.learnerID, \.status],
                where: [.any(\.learnerID, of: learners)]
            )
            for row in rows where row[\.status] != "ended" {
                let course = row[\.courseID]
                guard active.contains(course), let time = times[row[\.learnerID]] else { continue }
                hints[course] = max(hints[course] ?? time, time)
            }
        }
        var changes = moved.compactMap { MatrixLists.mark($0, asOf: now) }
        for (course, hint) in hints.sorted(by: { $0.key < $1.key }) {
            var position = marks[course] ?? MarkPosition()
            if let due = Self.dueTime(of: hint, position, options, doubt: run.clockDoubt, now: now) {
                changes.append(
                    .queue(
                        PendingEntry(
                            stream: "enrollments",
                            partition: course,
                            reason: MatrixLists.loginHint,
                            dueAt: due
                        )
                    )
                )
            }
            guard let readAt = position[.readAt] else { continue }
            position[.hintAt] = max(hint, position[.hintAt] ?? hint)
            changes.append(.watermark(stream: "enrollments", partition: course, position: position, asOf: readAt))
        }
        await run.apply(changes)
    }

    /// Whether somebody has logged in since the mark was made.
    static func hasMoved(_ login: MatrixLogin, since mark: MarkPosition?) -> Bool {
        if login.count ?? 0 > mark?[.logins] ?? 0 { return true }
        guard let last = login.lastAt else { return false }
        return mark?[.loginAt].map { last > $0 } ?? true
    }

    /// When a class is read because somebody of it logged in at `hint`; `nil` where it was read late enough.
    ///
    /// A login is known to the minute, so one in the minute of the last reading may have come after it. One from before
    /// may be the beginning of a session that went on.
    ///
    /// - Parameter doubt: How far off the clock may be that `position` was written by.
    static func dueTime(
        of hint: Timestamp,
        _ position: MarkPosition,
        _ options: MatrixOptions,
        doubt: Duration = .zero,
        now: Timestamp
    ) -> Timestamp? {
        guard let readAt = position[.readAt]?.advanced(by: .zero - doubt) else { return now }
        let minute = Timestamp(microsecondsSinceEpoch: readAt.microseconds - readAt.microseconds % 60_000_000)
        if hint >= minute {
            return max(now, position[.pullAt]?.advanced(by: options.classMinAge) ?? now)
        }
        let settled = hint.advanced(by: options.settleAgain)
        return settled > readAt ? max(settled, now) : nil
    }
}

/// Where the shares of classes were kept before ``RefreshSchedule``: one moment and three fractions in the watermark of all
/// enrollments, or of all assessments where no enrollments are read.
struct FormerShares: Sendable {
    static let active = "enrollments_active"
    static let archived = "enrollments_archived"
    static let setups = "assessments_active"

    private let since: Timestamp?
    private let carries: [Int64]

    init(_ position: MarkPosition) {
        since = position[.sharedAt] ?? position[.baselineAt]
        carries = (position[.carry] ?? "").split(separator: " ").compactMap { Int64($0) }
    }

    func share(of list: String) -> RefreshSchedule.Share {
        let index = [Self.active, Self.archived, Self.setups].firstIndex(of: list) ?? 0
        return RefreshSchedule.Share(since: since, carry: index < carries.count ? carries[index] : 0)
    }
}
