import Records

extension BlackboardIncrementalRun {
    /// Reads what was not read for long, a few partitions in each cycle: Sources/Platforms/Blackboard/README.md §5,
    /// point 5. A sweep reads everything that was not read whole within its age.
    func readAged() async throws {
        let now = run.serverNow
        let asked = catalogue.all.filter { $0.parent == nil }
        let all = Set(asked.map(\.id))
        let live = Set(asked.filter { $0.isLive(at: now, within: context.options.liveDays) }.map(\.id))
        if run.isSelected("enrollments") {
            // Most lists of live courses were read whole by this very cycle.
            let times = try await verified("enrollments", all).filter { context.isDue($0.value, within: .zero) }
            let due = share("memberships", times, within: context.options.coldMaxAge)
            for chunk in due.chunks(of: 100) where hasAllowance {
                try await readMemberships(chunk, isWhole: true)
                try await run.settle()
            }
        }
        guard hasAllowance else { return }
        if run.isSelected("assessments") {
            let due = share("assessments", try await verified("assessments", all), within: context.options.coldMaxAge)
            await queue("assessments", due)
            try await readColumnLists()
        }
        if run.isSelected("grades") {
            if isSweep { try await readUnverifiedColumns(all) } else { try await queueAgedColumns(all, live) }
        }
        if run.isSelected("progress"), lists.has(.reviewStatus) {
            let times = try await verified("progress", all)
            await queue(
                "progress",
                share("progress", times.filter { live.contains($0.key) }, within: context.options.columnMaxAge)
                    + share(
                        "cold_progress",
                        times.filter { !live.contains($0.key) },
                        within: context.options.coldMaxAge
                    )
            )
        }
        try await readActive()
    }

    private func queue(_ stream: String, _ partitions: [String]) async {
        let now = run.serverNow
        await run.apply(
            partitions.map {
                .queue(PendingEntry(stream: stream, partition: $0, reason: BlackboardFollowUps.age, dueAt: now))
            }
        )
    }

    /// When each of the courses was last read whole. Those never read are the business of what makes them active, and of
    /// sweeps.
    private func verified(_ stream: String, _ courses: Set<String>) async throws -> [String: Timestamp?] {
        let marks = try await run.facts.watermarks(stream)
        var times: [String: Timestamp?] = [:]
        for course in courses where isSweep || marks[course] != nil {
            times[course] = .some(marks[course]?.time(BlackboardLists.verifiedAt))
        }
        return times
    }

    // MARK: Columns

    /// Columns whose turn it is; those of courses that are over are read whole, since nothing else reads them.
    private func queueAgedColumns(_ all: Set<String>, _ live: Set<String>) async throws {
        let now = run.serverNow
        let marks = try await run.facts.watermarks("grades").filter { all.contains(ColumnMark($0.value).course ?? "") }
        let (hot, cold) = marks.reduce(into: ([String: Timestamp?](), [String: Timestamp?]())) { parts, entry in
            let mark = ColumnMark(entry.value)
            let course = mark.course ?? ""
            let partition = BlackboardFollowUps.partition(course: course, assessment: entry.key)
            // What this run has read or is about to read is not due again.
            let readAt = context.activity.isPolled(entry.key) ? now : mark.readAt
            if live.contains(course) {
                parts.0[partition] = .some(readAt)
            } else {
                parts.1[partition] = .some(readAt)
            }
        }
        let coldDue = share("cold_columns", cold, within: context.options.coldMaxAge)
        for partition in coldDue {
            if let assessment = BlackboardFollowUps.split(partition).assessment {
                context.activity.note(whole: assessment)
            }
        }
        // What a list of columns has shown just now and no reading has ever asked.
        let new = cache.gradebooks.flatMap { book in
            book.columns.filter { marks[$0.assessmentID] == nil && !context.activity.isPolled($0.assessmentID) }.map {
                BlackboardFollowUps.partition(course: book.course, assessment: $0.assessmentID)
            }
        }
        await queue("grades", affordable(new) + share("columns", hot, within: context.options.columnMaxAge) + coldDue)
    }

    /// Every column that was not read whole within the sweep's age, by column or, where that is less, by learner.
    private func readUnverifiedColumns(_ all: Set<String>) async throws {
        for chunk in all.sorted().chunks(of: 100) {
            let (books, rosters) = (try await gradebooks(of: chunk), try await context.facts.rosters(of: chunk))
            let ids = books.values.flatMap { $0.columns.map(\.assessmentID) }
            let marks = try await run.facts.watermarks("grades", partitions: ids)
            for course in chunk {
                guard let book = books[course], let roster = rosters[course] else { continue }
                let due = book.columns.filter { column in
                    !context.activity.isPolled(column.assessmentID)
                        && context.isDue(
                            ColumnMark(marks[column.assessmentID]).verifiedAt,
                            within: context.options.coldMaxAge
                        )
                }
                guard !due.isEmpty else { continue }
                if roster.count > 0, context.readsByLearner(due.count, roster), !run.isSelected("assessment_responses")
                {
                    let walk = BlackboardMapping.GradeWalk(roster: roster, gradebook: book)
                    try await context.readByLearner(lists, walk, due, marks: marks)
                } else {
                    await queueWhole(due, course: course)
                }
            }
            try await readGrades()
            try await run.settle()
        }
    }

    /// The partitions due in this cycle, as many as the quota allows.
    private func share(_ name: String, _ readAt: [String: Timestamp?], within bound: Duration) -> [String] {
        if isSweep {
            let due = readAt.filter { context.isDue($0.value, within: bound) }
            return due.sorted { left, right in
                let (first, second) = (left.value?.microseconds ?? .min, right.value?.microseconds ?? .min)
                return first == second ? left.key < right.key : first < second
            }.map(\.key)
        }
        let key = "carry.\(name)"
        var carry = run.connectorState[key].flatMap { Int64($0) } ?? 0
        let due = RollingRefresh.due(readAt, bound: bound, now: run.serverNow, since: lastCycle, carry: &carry)
        run.connectorState[key] = String(carry)
        return affordable(due)
    }
}
