import Records

/// What changed rows and new events mean for the next reads: the table of Sources/Platforms/LearnWorlds/README.md §5.
enum LearnWorldsFollowUps {
    static let followedTables: [FollowedTable] = [
        FollowedTable(Event.table, columns: ["event_id", "activity", "learner_id", "course_id", "occurred_at"]),
        FollowedTable(Course.table, columns: ["course_id"]),
        FollowedTable(Learner.table, columns: ["learner_id", "last_login_at"]),
        FollowedTable(Enrollment.table, columns: ["course_id", "learner_id"]),
        FollowedTable(UnitProgress.table, columns: ["course_id", "unit_id", "unit_type"]),
        FollowedTable(Grade.table, columns: ["assessment_id"]),
    ]

    private static let learnerPrefix = "learner:"

    /// The queue's partition for the certificates of one learner, where an award named no course.
    static func certificatePartition(ofLearner id: String) -> String { learnerPrefix + id }

    private static let rosterPrefix = "course:"

    /// The partition of a queue of people for a course: its roster says whom it stands for.
    static func rosterPartition(of course: String) -> String { rosterPrefix + course }

    /// The course of such a partition; `nil` for a learner's.
    static func course(ofRosterPartition partition: String) -> String? {
        partition.hasPrefix(rosterPrefix) ? String(partition.dropFirst(rosterPrefix.utf8.count)) : nil
    }

    /// The learner of such a partition; `nil` for a course's.
    static func learner(ofCertificatePartition partition: String) -> String? {
        partition.hasPrefix(learnerPrefix) ? String(partition.dropFirst(learnerPrefix.utf8.count)) : nil
    }
}

/// Decides what follows from changed rows.
struct LearnWorldsFollowUp<Run: RunContext> {
    let options: LearnWorldsOptions
    let run: Run

    func decide(_ changes: [String: [ChangedRow]]) async throws -> [StateChange] {
        let now = run.serverNow
        var queue = PendingQueue(now: now)
        for row in changes[Course.table.name] ?? [] {
            if let course = row["course_id"] { queue.add(contentsStream, course, "course_changed") }
        }
        for row in changes[UnitProgress.table.name] ?? []
        where options.assessmentUnitTypes.contains(row["unit_type"] ?? "") {
            if let course = row["course_id"] { queue.add("grades", course, "unit_changed") }
            if let unit = row["unit_id"] { queue.add("assessment_responses", unit, "unit_changed") }
        }
        for row in changes[Grade.table.name] ?? [] {
            if let unit = row["assessment_id"] { queue.add("assessment_responses", unit, "grade_changed") }
        }
        for entry in try await LearnWorldsReturns(run: run).decide(changes) { queue.add(entry) }
        let marks = try await decideEvents((changes[Event.table.name] ?? []).filter(\.isNew), &queue)
        try await decideLogins(changes[Learner.table.name] ?? [], changes[Event.table.name] ?? [], &queue)
        // A stream that is off would never be drained; one that this run leaves out will be by another.
        let streams = LearnWorlds.streams(of: run.settings)
        return marks + queue.entries.filter { streams.contains($0.stream) }.map(StateChange.queue)
    }

    /// The stream that requests for contents count under, in whatever run they are made.
    private var contentsStream: String {
        LearnWorlds.streams(of: run.settings).contains("assessments") ? "assessments" : "course_units"
    }

    /// What the log's new rows say of each learner, taken together.
    private struct Signal {
        var lastVisit: Timestamp?
        var needsProgress = false
        var needsEnrollments = false
    }

    private func decideEvents(_ rows: [ChangedRow], _ queue: inout PendingQueue) async throws -> [StateChange] {
        var signals: [String: Signal] = [:]
        for time in rows.compactMap({ $0[\Event.occurredAt] }) {
            run.log.add(NewEvents(key: time.startOfDay, count: 1))
        }
        for row in try await inScope(rows) {
            guard let learner = row["learner_id"], let activity = row["activity"], let time = row.time("occurred_at")
            else { continue }
            switch LearnWorldsActivity(activity, repullsUnknown: options.repullsUnknownActivities) {
            case .irrelevant: continue
            case .visit: signals[learner, default: Signal()].lastVisit = max(signals[learner]?.lastVisit ?? time, time)
            case .progress: signals[learner, default: Signal()].needsProgress = true
            case .access:
                signals[learner, default: Signal()].needsProgress = true
                signals[learner, default: Signal()].needsEnrollments = true
            case .certificate:
                signals[learner, default: Signal()].needsProgress = true
                let partition = row["course_id"] ?? LearnWorldsFollowUps.certificatePartition(ofLearner: learner)
                queue.add("certificates", partition, "award")
            }
        }
        for (learner, signal) in signals {
            if signal.needsEnrollments { queue.add("enrollments", learner, "event") }
            if signal.needsProgress { queue.add("progress", learner, "event") }
        }
        return try await decideVisits(signals, &queue)
    }

    /// The rows that may be about a course that is read: they name one, or they name none and their learner is in one.
    ///
    /// Whose access has changed may be in one from now on.
    private func inScope(_ rows: [ChangedRow]) async throws -> [ChangedRow] {
        guard !run.scope.isEverything else { return rows }
        let open = rows.filter { $0["course_id"] == nil }.compactMap { $0["learner_id"] }
        let known = try await learnersInScope(among: open)
        return rows.filter { row in
            if let course = row["course_id"] { return run.scope.contains(course) }
            let activity = LearnWorldsActivity(row["activity"] ?? "", repullsUnknown: options.repullsUnknownActivities)
            return activity == .access || row["learner_id"].map(known.contains) ?? false
        }
    }

    /// Those of `learners` who are, or were, in a course that is read.
    private func learnersInScope(among learners: [String]) async throws -> Set<String> {
        guard !learners.isEmpty else { return [] }
        let matching = ["learner_id": learners.uniqued(), "course_id": try await run.facts.courseIDs()]
        return try await run.facts.distinct("learner_id", of: Enrollment.table, matching: matching)
            .union(try await run.facts.distinct("learner_id", of: Progress.table, matching: matching))
    }

    /// Visits alone re-read at most once in `visit_interval`; that there was a visit is kept for the read that settles.
    private func decideVisits(
        _ signals: [String: Signal],
        _ queue: inout PendingQueue
    ) async throws -> [StateChange] {
        let visited = signals.compactMapValues(\.lastVisit)
        let stored = try await run.facts.watermarks("progress", partitions: Array(visited.keys))
        var marks: [StateChange] = []
        for (learner, visit) in visited {
            var position = stored[learner] ?? MarkPosition()
            position[.lastVisitAt] = max(position[.lastVisitAt] ?? visit, visit)
            marks.append(.watermark(stream: "progress", partition: learner, position: position, asOf: run.serverNow))
            guard signals[learner]?.needsProgress != true else { continue }
            let earliest = position[.visitPullAt]?.advanced(by: options.visitInterval)
            queue.add("progress", learner, LearnWorldsReason.visit, at: max(earliest ?? run.serverNow, run.serverNow))
        }
        return marks
    }

    /// A login later than every event of that person means the log missed something.
    private func decideLogins(
        _ learners: [ChangedRow],
        _ events: [ChangedRow],
        _ queue: inout PendingQueue
    ) async throws {
        var logins: [String: Timestamp] = [:]
        for row in learners where !row.isNew {
            if let learner = row["learner_id"], let login = row.time("last_login_at") { logins[learner] = login }
        }
        if !logins.isEmpty, !run.scope.isEverything {
            let known = try await learnersInScope(among: Array(logins.keys))
            logins = logins.filter { known.contains($0.key) }
        }
        guard !logins.isEmpty else { return }
        var known = try await run.facts.lastEventTimes(ofLearners: Array(logins.keys))
        for event in events {
            guard let learner = event["learner_id"], let time = event.time("occurred_at") else { continue }
            known[learner] = max(known[learner] ?? time, time)
        }
        for (learner, login) in logins where login > known[learner] ?? login.advanced(by: .seconds(-1)) {
            queue.add("progress", learner, "login")
        }
    }
}

/// Queue entries under construction: one for each partition, the earliest.
private struct PendingQueue {
    private struct Key: Hashable {
        let stream: String
        let partition: String
    }

    let now: Timestamp
    private var byKey: [Key: PendingEntry] = [:]

    init(now: Timestamp) { self.now = now }

    var entries: [PendingEntry] { Array(byKey.values) }

    mutating func add(_ stream: String, _ partition: String, _ reason: String, at due: Timestamp? = nil) {
        guard !partition.isEmpty else { return }
        add(PendingEntry(stream: stream, partition: partition, reason: reason, dueAt: due ?? now))
    }

    mutating func add(_ entry: PendingEntry) {
        let key = Key(stream: entry.stream, partition: entry.partition)
        byKey[key] = byKey[key]?.joined(with: entry) ?? entry
    }
}
