import Records

/// Reads what changed: the cycle of Sources/Platforms/Blackboard/README.md §5.
///
/// Cheap lists say where somebody was active, and only there columns are asked for grades. The order is that of use, so
/// that a spent quota leaves the useful part done.
struct BlackboardIncremental<Run: RunContext> {
    let context: BlackboardContext<Run>

    private var run: Run { context.run }

    func read() async throws {
        context.recallNames()
        let terms = try await context.facts.terms()
        let preview = try await context.facts.previewUsers()
        let catalogue = try await context.facts.catalogue()
        let mark = try await run.facts.watermark("courses", "")
        let (last, verified) = (mark?.time("modified_after"), mark?.time(BlackboardLists.verifiedAt))
        let previous = context.hasNewScope ? nil : last
        // First what needs no filter or cannot be left out: its answer carries the platform's clock, by which everything
        // else is due.
        let early = context.lists(terms: terms, preview: preview)
        let isWhole = context.sweepAge == .zero
        // Of a scope that the site is asked by, a sweep's list lacks courses that have just left it: their change says so.
        let mayLeave =
            previous != nil && early.courseQueries(asksChanges: false) != early.courseQueries(asksChanges: true)
        if isWhole, !mayLeave {
            try await context.readVersion(early)
        } else {
            let changed = early.courses(since: previous, verified: verified, noting: catalogue)
            try await context.readCourses(ReadGroup([changed], publishesByPage: true), early)
        }
        let lists = context.lists(terms: terms, preview: preview)
        try await context.readVersion(lists)
        try await readTerms(lists, catalogue, since: previous)
        // After the terms, which name them.
        if isWhole || context.isDue(verified, within: context.options.coldMaxAge) {
            try await context.readCourses(wholeCourses(lists, catalogue), lists)
        }
        try await readLearners(lists)
        await context.keepPreviewUsers(preview)
        let cycle = BlackboardIncrementalRun(context: context, lists: lists, catalogue: catalogue, lastCycle: last)
        try await cycle.read()
    }

    /// All courses; those that are stored and not among them are looked into.
    private func wholeCourses(_ lists: BlackboardLists, _ catalogue: CourseCatalogue) -> ReadGroup {
        ReadGroup(
            [lists.courses(noting: catalogue)],
            publishesByPage: true,
            covers: [Cover(Course.table, isConfirmedOneByOne: true)]
        )
    }

    /// The terms, once a day or when a course names an unknown one.
    ///
    /// Courses that were read while their term was unknown, or known otherwise, are read once more.
    private func readTerms(
        _ lists: BlackboardLists,
        _ catalogue: CourseCatalogue,
        since previous: Timestamp?
    ) async throws {
        let readAt = try await run.facts.watermark("terms", "")?.time("read_at")
        guard context.asksTerms else { return }
        let isDue = context.isDue(readAt, within: min(context.options.coldMaxAge, .seconds(86_400)))
        let terms = lists.terms
        guard isDue || catalogue.termsNamed.contains(where: { terms[$0] == nil }) else { return }
        let read = lists.allTerms().refined(context.facts.addingCourses(of: terms, unless: catalogue.isRead))
        let covers = [Cover(Term.table, isConfirmedOneByOne: true)]
        guard try await run.read([ReadGroup([read], covers: covers)]).isComplete else { return }
        // A term that opens, closes or gets another name may bring courses into scope that nobody has touched.
        let scope = run.scope.scope
        let mayEnter = (scope.availability ?? scope.term) != nil && !terms.changed.isEmpty
        guard mayEnter || !terms.changed.isDisjoint(with: catalogue.termsNamed) else { return }
        // The mark stands where the first reading has put it.
        let verified = try await run.facts.watermark("courses", "")?.time(BlackboardLists.verifiedAt)
        try await context.readCourses(
            ReadGroup(
                [lists.courses(since: mayEnter ? nil : previous, verified: verified, noting: catalogue)],
                publishesByPage: true
            ),
            lists
        )
    }

    /// Accounts that were modified, and those that have logged in since.
    private func readLearners(_ lists: BlackboardLists) async throws {
        guard run.isSelected("learners") else { return }
        let wasRefused = run.connectorState[BlackboardRules.usersRefused] != nil
        if wasRefused {
            // The right may have been given since: a sweep asks, and once a day an increment.
            let askedAt = run.connectorState[BlackboardRules.usersAskedAt].flatMap { Timestamp(decimalSeconds: $0) }
            guard context.sweepAge != nil || context.isDue(askedAt, within: .seconds(86_400)) else { return }
            run.connectorState[BlackboardRules.usersAskedAt] = run.serverNow.decimalSeconds
            run.connectorState[BlackboardRules.usersRefused] = nil
        }
        let position = try await run.facts.watermark("learners", "") ?? MarkPosition()
        let login = position.time("login_after")
        let verified = position.time(BlackboardLists.verifiedAt)
        let filter: BlackboardLists.UserFilter =
            if !context.isDue(verified, within: context.options.coldMaxAge),
                let since = position.time("modified_after"),
                lists.has(.modifiedUsers),
                lists.accepts("modified", of: BlackboardLists.users)
            {
                .modified(since: since)
            } else {
                .all
            }
        let isWhole = if case .all = filter { !wasRefused } else { false }
        let isRead = try await run.read([
            ReadGroup(
                [
                    lists.learners(filter, isCompared: isWhole) { time in
                        var next = MarkPosition()
                        next.set("modified_after", time)
                        next.set("login_after", isWhole ? time : login)
                        next.set(BlackboardLists.verifiedAt, isWhole ? time : verified)
                        return next
                    }
                    .refined(context.facts.checkingIdentities())
                ],
                publishesByPage: true,
                covers: isWhole ? [Cover(Learner.table, isConfirmedOneByOne: true)] : []
            )
        ]).isComplete
        guard isRead, case .modified = filter, context.options.tracksLastLogin, lists.has(.lastLogin),
            lists.accepts("lastLogin", of: BlackboardLists.users)
        else { return }
        let since = login ?? position.time("modified_after") ?? run.startedAt
        let modified = try await run.facts.watermark("learners", "")?.time("modified_after")
        try await run.read([
            ReadGroup(
                [
                    lists.learners(.loggedIn(since: since)) { time in
                        var next = MarkPosition()
                        next.set("modified_after", modified)
                        next.set("login_after", time)
                        next.set(BlackboardLists.verifiedAt, verified)
                        return next
                    }
                    .refined(context.facts.checkingIdentities())
                ],
                publishesByPage: true
            )
        ])
    }
}
