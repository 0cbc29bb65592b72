import Records

/// Pulls what a targeted run has queued, and what follows from it, without regard to what was read before.
struct QueuedReads<Run: RunContext> {
    let lists: LearnWorldsLists
    /// Submissions and awards from here on are read, and a day before; `nil` for all of them.
    let since: Timestamp?
    let run: Run

    /// The queued learners; those whom the warehouse does not know come with their account.
    func readPeople() async throws {
        let streams = ["enrollments", "progress"].filter(run.isSelected)
        guard !streams.isEmpty else { return }
        try await run.drain(streams) { all in
            let (rosters, entries) = lists.rosterGroups(for: all, run)
            let byLearner = Dictionary(grouping: entries, by: \.partition)
            let learners = entries.map(\.partition).uniqued()
            let unknown =
                run.isSelected("learners") ? Set(try await run.facts.learnersNotLive(among: learners)) : []
            let marks = try await run.facts.watermarks("progress", partitions: learners)
            return rosters
                + learners.map { learner in
                    let answers = byLearner[learner] ?? []
                    // Nobody's enrollment may be seen before its learner.
                    let isKnown = run.log.hasMet(.learner, learner)
                    var reads = unknown.contains(learner) && !isKnown ? [lists.learner(learner)] : []
                    if answers.contains(where: { $0.stream == "enrollments" }) {
                        reads.append(lists.enrollments(learner: learner, parentIsKnown: isKnown))
                    }
                    if answers.contains(where: { $0.stream == "progress" }) {
                        reads.append(
                            lists.progress(learner: learner, run, mark: marks[learner], parentIsKnown: isKnown)
                        )
                    }
                    return ReadGroup(reads, answers: answers)
                }
        }
        try await run.settle()
    }

    /// The queued certificates and submissions, then the responses to the units that were handed in.
    func readResults() async throws {
        try await run.drain(["certificates"].filter(run.isSelected)) { entries in
            let marks = try await run.facts.watermarks("certificates", partitions: entries.map(\.partition))
            return entries.map { entry in
                let learner = LearnWorldsFollowUps.learner(ofCertificatePartition: entry.partition)
                let list =
                    learner.map(lists.certificates(learner:))
                    ?? lists.certificates(
                        course: entry.partition,
                        since: entry.isWhole ? nil : bounded(marks[entry.partition], .newestIssue)
                    )
                return ReadGroup([list], answers: [entry], publishesByPage: true)
            }
        }
        try await run.drain(["grades"].filter(run.isSelected)) { entries in
            let marks = try await run.facts.watermarks("grades", partitions: entries.map(\.partition))
            return entries.map { entry in
                let mark = entry.isWhole ? nil : bounded(marks[entry.partition], .newestSubmission)
                return ReadGroup(
                    [lists.grades(course: entry.partition, run, since: mark)],
                    answers: [entry],
                    publishesByPage: true
                )
            }
        }
        try await run.settle()
        guard run.isSelected("assessment_responses") else { return }
        let now = run.serverNow
        await run.apply(
            run.log.unitsHandedIn(since: since?.advanced(by: .seconds(-86_400))).map {
                .queue(PendingEntry(stream: "assessment_responses", partition: $0, reason: "handed_in", dueAt: now))
            }
        )
        try await run.drain(["assessment_responses"]) { entries in
            let marks = try await run.facts.watermarks("assessment_responses", partitions: entries.map(\.partition))
            return try await lists.responseGroups(
                for: entries,
                since: marks.compactMapValues { bounded($0, .newestSubmission) },
                run
            )
        }
    }

    /// The mark, put back to where the targeted run begins.
    private func bounded(_ mark: MarkPosition?, _ member: WatermarkKey<Timestamp>) -> MarkPosition? {
        guard let since, var mark else { return nil }
        mark[member] = min(mark[member] ?? since, since)
        return mark
    }
}
