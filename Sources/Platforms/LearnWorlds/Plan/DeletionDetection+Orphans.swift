import Records

/// Learners with rows here and without an account, here or there.
extension DeletionDetection {
    /// What stood in the own lists of learners without an account; grades, responses and certificates stand in lists of
    /// courses, which decide about them.
    func markLists(of learners: [String]) async {
        await mark(GoneRows(Enrollment.table, "learner_id", learners))
        await mark(GoneRows(Progress.table, "learner_id", learners))
    }

    /// Those of some learners whose own lists are empty.
    func withoutLists(among learners: [String]) async throws -> [String] {
        let streams = ["enrollments", "progress"].filter(run.isSelected)
        guard !(learners.isEmpty || streams.isEmpty) else { return [] }
        let marks = try await run.facts.watermarks("progress", partitions: learners)
        try await run.read(
            learners.map { learner in
                let answers = streams.map {
                    PendingEntry(stream: $0, partition: learner, reason: LearnWorldsReason.share, dueAt: run.serverNow)
                }
                return person(learner, answers: answers, mark: marks[learner])
            }
        )
        return learners.filter { learner in
            streams.allSatisfy { log.wasEmpty($0 == "progress" ? .progress : .enrollments, learner) }
        }
    }
}
