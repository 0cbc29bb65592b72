import Records

/// Reads a closed window of the event log again and pulls what it names: Sources/Platforms/LearnWorlds/README.md §5,
/// "replay".
///
/// An increment passes over events that are stored already, for it has acted on them. A replay takes nothing for granted:
/// rows that were lost since come back.
struct LearnWorldsReplay<Run: RunContext> {
    let makeLists: @Sendable () -> LearnWorldsLists
    let window: EventWindow
    let run: Run

    func read() async throws {
        for activity in window.activities.isEmpty ? [nil] : window.activities.map(Optional.some) {
            try await readEvents(of: activity)
        }
        try await run.settle()
        // Only now is the platform's clock known, by which records are judged.
        let pulls = QueuedReads(lists: makeLists(), since: window.from, run: run)
        try await pulls.readPeople()
        try await pulls.readResults()
    }

    /// The walk may be inclusive or not: a second more on either side is right for both.
    private func readEvents(of activity: String?) async throws {
        let second = Duration.seconds(1)
        var stretch = EventStretch(after: window.from.advanced(by: .zero - second))
        while true {
            let list = makeLists().window(stretch, before: window.to.advanced(by: second), activity: activity, run)
            let slice = try await run.read([ReadGroup([list], publishesByPage: true)])
            guard slice.isComplete else { return }
            let walk = slice.stretch
            try await SurplusEvents(run: run).drop(from: walk)
            await queue(walk.rows.filter { $0[\Event.occurredAt].map(isInside) ?? false })
            guard let next = walk.next else { return }
            stretch = next
        }
    }

    private func isInside(_ time: Timestamp) -> Bool { time >= window.from && time <= window.to }

    /// What the events name, whatever the warehouse knows of it.
    private func queue(_ rows: [ChangedRow]) async {
        var entries: Set<PendingEntry> = []
        let now = run.serverNow
        let options = makeLists().options
        func add(_ stream: String, _ partition: String?) {
            guard let partition, run.isSelected(stream) else { return }
            entries.insert(PendingEntry(stream: stream, partition: partition, reason: Self.reason, dueAt: now))
        }
        for row in rows {
            guard let learner = row["learner_id"], let activity = row["activity"],
                row["course_id"].map(run.scope.contains) ?? true
            else { continue }
            let kind = LearnWorldsActivity(activity, repullsUnknown: options.repullsUnknownActivities)
            guard kind != .irrelevant else { continue }
            add("enrollments", learner)
            add("progress", learner)
            add("grades", row["course_id"])
            if kind == .certificate {
                add("certificates", row["course_id"] ?? LearnWorldsFollowUps.certificatePartition(ofLearner: learner))
            }
        }
        await run.apply(entries.map(StateChange.queue))
    }

    private static var reason: String { "replay" }
}
