import Records

/// Completions and the awards that come of them.
extension MatrixIncremental {
    /// One call for all completions since the watermark, where it is due; then what its answer and the rosters ask for.
    func readCertificates() async throws {
        let mark = try await run.facts.watermark("certificates", "") ?? MarkPosition()
        let readAt = mark[.readAt]
        let oldest = (readAt ?? run.startedAt).advanced(by: .zero - options.completedOverlap).startOfDay
        let since = min(mark[.completedAfter].flatMap(Timestamp.init(isoDate:)) ?? oldest, oldest)
        let completed = run.log.notes(NewCompletion.self).mapValues(\.oldest)
        // A completion from before the window shows late: a class restored, a date set by hand.
        await queueAwards(ofClasses: completed.filter { $0.value < since }.map(\.key).sorted())
        if let sweep, sweep.isDue(mark[.fullAt], within: sweep.maxAge, now: run.serverNow) {
            try await readAllCompletions(mark)
            try await readUnknownCompletions(besides: Set(completed.keys))
        } else if isDue(readAt, every: Self.hour) || completed.contains(where: { $0.value >= since }) {
            try await run.read([makeLists().completions(after: since, mark: mark, run)])
            try await readUnknownCompletions(besides: Set(completed.keys))
        }
        try await drainAwards()
        try await MatrixAwards(makeLists: makeLists, run: run).decide()
    }

    /// The awards that the queue holds, by class or by learner in one.
    func drainAwards() async throws {
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

    /// All completions, as a baseline reads them.
    private func readAllCompletions(_ mark: MarkPosition) async throws {
        let months = try await run.facts.monthlyCounts(of: Progress.table, column: "completed_at")
        let windows = CompletionWindow.plan(
            months,
            limit: options.completionsWindow,
            overlap: options.completedOverlap
        )
        // Of a part of the classes, each by itself: a window would hold the whole site.
        let groups =
            run.scope.isEverything
            ? [makeLists().completions(inAll: windows, run)]
            : try await classesWithAwards().map {
                makeLists().completions(course: $0, learner: nil, answers: [], coversClass: true, run)
            }
        guard try await run.read(groups).isComplete else { return }
        var position = mark
        let date = run.startedAt.advanced(by: .zero - options.completedOverlap).dateText
        position[.completedAfter] = max(date, mark[.completedAfter] ?? date)
        position[.readAt] = run.startedAt
        position[.fullAt] = run.startedAt
        await run.apply([
            .watermark(stream: "certificates", partition: "", position: position, asOf: run.startedAt)
        ])
        // Awards that none of the windows has are doubtful: what the platform says of each decides.
        try await MatrixAwards(makeLists: makeLists, run: run).ask()
    }

    private static var hour: Duration { .seconds(3_600) }

    func queueAwards(ofClasses courses: [String]) async {
        let now = run.serverNow
        await run.apply(
            courses.map { course in
                .queue(PendingEntry(stream: "certificates", partition: course, reason: "completion", dueAt: now))
            }
        )
    }

    /// Reads the classes of completions that the warehouse does not have; once for each, whatever the roster says.
    ///
    /// - Parameter decided: Classes whose new completions have been looked into.
    /// - Returns: All whose new completions have been looked into now.
    @discardableResult
    func readUnknownCompletions(besides decided: Set<String>) async throws -> Set<String> {
        let unknown = run.log.notes(UnknownCompletions.self).mapValues(\.learners)
            .filter { run.log.result(of: ReadLog.Matrix.roster, $0.key) == nil }
        guard !unknown.isEmpty else { return decided }
        let stored = try await run.facts.rows(
            of: Course.self,
            [\.courseID],
            where: [.any(\.courseID, of: unknown.keys)]
        )
        let read = run.log.notes(MatrixClass.self).keys.filter(run.scope.contains)
        let known = Set(stored.map { $0[\.courseID] }).union(read)
        let marks = try await run.facts.watermarks(MatrixLists.Mark.chased, partitions: Array(unknown.keys))
        let now = run.serverNow
        var changes: [StateChange] = []
        for (course, learners) in unknown.sorted(by: { $0.key < $1.key }) where known.contains(course) {
            var position = marks[course] ?? MarkPosition()
            let chased = Set(position[.chased])
            guard !learners.isSubset(of: chased) else { continue }
            position[.chased] = chased.union(learners).sorted()
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
        let completed = Set(run.log.notes(NewCompletion.self).keys)
        await queueAwards(ofClasses: completed.subtracting(decided).filter { unknown[$0] == nil }.sorted())
        return completed
    }
}
