import Records

extension BlackboardCycle {
    /// Queues what was not read for long, a few partitions in each cycle: section 5, point 5 of the guide.
    func queueAged() async throws {
        let now = run.serverNow
        let live = Set(
            catalogue.all.filter { $0.parent == nil && $0.isLive(at: now, within: desk.options.liveDays) }.map(\.id)
        )
        let all = Set(catalogue.all.filter { $0.parent == nil }.map(\.id))
        var queue: [StateChange] = []
        func add(_ stream: String, _ partitions: [String]) {
            queue += partitions.map {
                .queue(PendingEntry(stream: stream, partition: $0, reason: BlackboardFollowUps.age, dueAt: now))
            }
        }
        if run.isSelected("grades") {
            let marks = try await run.facts.watermarks("grades").filter {
                all.contains(ColumnMark($0.value).course ?? "")
            }
            let (hot, cold) = marks.reduce(into: ([String: Timestamp?](), [String: Timestamp?]())) { parts, entry in
                let mark = ColumnMark(entry.value)
                let course = mark.course ?? ""
                let partition = BlackboardFollowUps.partition(course: course, assessment: entry.key)
                let readAt = desk.activity.isPolled(entry.key) ? now : mark.readAt
                if live.contains(course) {
                    parts.0[partition] = readAt
                } else {
                    parts.1[partition] = readAt
                }
            }
            add("grades", share("columns", hot, within: desk.options.columnMaxAge))
            add("grades", share("cold_columns", cold, within: desk.options.coldMaxAge))
        }
        if run.isSelected("progress"), lists.has(.reviewStatus) {
            let readAt = try await self.readAt("progress", of: all)
            add(
                "progress",
                share("progress", readAt.filter { live.contains($0.key) }, within: desk.options.columnMaxAge)
            )
            add(
                "progress",
                share("cold_progress", readAt.filter { !live.contains($0.key) }, within: desk.options.coldMaxAge)
            )
        }
        if run.isSelected("assessments") {
            let readAt = try await self.readAt("assessments", of: all)
            add("assessments", share("assessments", readAt, within: desk.options.coldMaxAge))
        }
        await run.apply(queue)
        if run.isSelected("enrollments") {
            let readAt = try await self.readAt("enrollments", of: all.subtracting(live))
            let due = share("cold_enrollments", readAt, within: desk.options.coldMaxAge)
            if !due.isEmpty {
                try await readMemberships(due)
                try await run.settle()
            }
        }
    }

    /// When each of the courses was last read; those never read are the business of what makes them active.
    private func readAt(_ stream: String, of courses: Set<String>) async throws -> [String: Timestamp?] {
        let marks = try await run.facts.watermarks(stream)
        return marks.filter { courses.contains($0.key) }.mapValues { $0.time("read_at") }
    }

    /// The partitions due in this cycle, as many as the quota allows.
    private func share(_ name: String, _ readAt: [String: Timestamp?], within bound: Duration) -> [String] {
        let key = "carry.\(name)"
        var carry = run.memory[key].flatMap { Int64($0) } ?? 0
        let due = AgeShare.due(readAt, bound: bound, now: run.serverNow, since: lastCycle, carry: &carry)
        run.memory[key] = String(carry)
        return affordable(due)
    }
}
