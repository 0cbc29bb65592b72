import Records

extension BlackboardIncrementalRun {
    /// Reads what the queue holds: a course's entry becomes entries of its columns, which are then read.
    func readGrades() async throws {
        guard run.isSelected("grades") else { return }
        try await run.drain(["grades"]) { entries in
            guard hasAllowance else { return [] }
            let learners = entries.filter { BlackboardFollowUps.learner(of: $0.partition) != nil }
            let others = entries.filter { BlackboardFollowUps.learner(of: $0.partition) == nil }
            let (courses, columns) = others.reduce(into: ([PendingEntry](), [PendingEntry]())) { parts, entry in
                if BlackboardFollowUps.split(entry.partition).assessment == nil {
                    parts.0.append(entry)
                } else {
                    parts.1.append(entry)
                }
            }
            try await queueColumns(of: courses)
            let answered = courses.map { ReadGroup([], answers: [$0]) }
            return answered + (try await learnerGroups(for: affordable(learners)))
                + (try await columnGroups(for: affordable(columns)))
        }
    }

    /// Queues the columns of a course that are worth asking.
    private func queueColumns(of entries: [PendingEntry]) async throws {
        guard !entries.isEmpty else { return }
        let now = run.serverNow
        let books = try await gradebooks(of: entries.map(\.partition))
        let marks = try await run.facts.watermarks(
            "grades",
            partitions: books.values.flatMap { $0.columns.map(\.assessmentID) }
        )
        let stored = try await context.facts.gradebooks(of: entries.map(\.partition))
        let isLogOpen = log.isOpen
        var queue: [StateChange] = []
        for entry in entries {
            let course = entry.partition
            guard let book = books[course] else { continue }
            // Columns that are back: their cells are gone here, and older than the mark.
            let known = Set((stored[course]?.columns ?? []).map(\.assessmentID))
            await queueWhole(
                book.columns.filter { marks[$0.assessmentID] != nil && !known.contains($0.assessmentID) },
                course: course
            )
            if entry.isWhole {
                await queueWhole(book.columns, course: course)
                continue
            }
            let isTotal = entry.reason == BlackboardFollowUps.total
            if isTotal, !context.activity.hasUnexplainedTotal(course) { continue }
            for column in book.columns where !context.activity.isPolled(column.assessmentID) {
                let mark = ColumnMark(marks[column.assessmentID])
                guard
                    isTotal || entry.reason == BlackboardFollowUps.entering || context.options.gradeGate == .none
                        || column.kind == .calculated
                        || (isLogOpen ? mark.fullAt == nil : isHot(column, mark, at: now))
                else { continue }
                let partition = BlackboardFollowUps.partition(course: course, assessment: column.assessmentID)
                queue.append(
                    .queue(PendingEntry(stream: "grades", partition: partition, reason: entry.reason, dueAt: now))
                )
            }
        }
        await run.apply(queue)
    }

    private func isHot(_ column: GradebookColumn, _ mark: ColumnMark, at now: Timestamp) -> Bool {
        HotColumn.isHot(column, mark, at: now, before: context.options.hotBefore, after: context.options.hotAfter)
    }

    private func isWhole(_ entry: PendingEntry, _ column: GradebookColumn) -> Bool {
        entry.isWhole || context.activity.isWhole(column.assessmentID)
    }

    /// The columns of the courses: as this run has read them, else as they are stored.
    func gradebooks(of courses: [String]) async throws -> [String: Gradebook] {
        var books: [String: Gradebook] = [:]
        for course in courses { books[course] = cache.gradebook(course) }
        let missing = courses.filter { books[$0] == nil }
        guard !missing.isEmpty else { return books }
        return books.merging(try await context.facts.gradebooks(of: missing)) { read, _ in read }
    }

    /// The groups that read the queued columns, each answering its entry.
    private func columnGroups(for entries: [PendingEntry]) async throws -> [ReadGroup] {
        guard !entries.isEmpty else { return [] }
        let parts = entries.map { BlackboardFollowUps.split($0.partition) }
        let courses = parts.map(\.course).uniqued()
        let ids = parts.compactMap(\.assessment)
        let books = try await gradebooks(of: courses)
        let rosters = try await context.facts.rosters(of: courses)
        let marks = try await run.facts.watermarks("grades", partitions: ids)
        let cells = try await context.facts.cells(ofColumns: ids)
        let withAttempts = run.isSelected("assessment_responses")
        let stored = withAttempts ? try await context.facts.attempts(ofColumns: ids) : nil
        let attemptMarks =
            withAttempts ? try await run.facts.watermarks("assessment_responses", partitions: ids) : [:]
        var groups: [ReadGroup] = []
        for (entry, part) in zip(entries, parts) {
            // Of a course that has turned out to be gone nothing is asked any more.
            guard catalogue[part.course] != nil, let roster = rosters[part.course],
                let column = books[part.course]?.columns.first(where: { $0.assessmentID == part.assessment })
            else {
                // The column is no longer listed: its rows go with it.
                groups.append(ReadGroup([], answers: [entry]))
                continue
            }
            var walk = BlackboardMapping.GradeWalk(
                roster: roster,
                gradebook: books[part.course] ?? Gradebook(course: part.course)
            )
            walk.stored = cells.filter { $0.assessment == column.assessmentID }
            if let stored, column.kind == .attempts, !column.isTotal {
                walk.submissions = stored.submissions
                groups.append(
                    ReadGroup([
                        lists.attempts(
                            walk,
                            column: column,
                            since: isSweep || isWhole(entry, column)
                                ? nil : attemptMarks[column.assessmentID]?.time("modified_after"),
                            anonymous: stored.anonymous[column.assessmentID] ?? [],
                            noting: stored.submissions
                        )
                    ])
                )
            }
            groups += context.columnGroups(
                lists,
                walk,
                [column],
                marks: marks,
                answers: [column.assessmentID: [entry]],
                whole: isWhole(entry, column) ? [column.assessmentID] : []
            )
        }
        return groups
    }
}
