import Records

/// Progress that a learner's own list lacks.
extension DeletionDetection {
    /// The progress that is gone.
    func goneProgress(
        _ rows: Set<AbsentRow>,
        _ pairs: StoredPairs,
        endedNow: Set<Pair>
    ) async throws -> Set<AbsentRow> {
        var gone: Set<AbsentRow> = []
        var doubtful: Set<AbsentRow> = []
        var asked: Set<AbsentRow> = []
        for row in rows {
            let pair = Pair(row)
            let verdict = LearnWorldsEvidence.verdict(
                onProgressOf: pairs.enrollments[pair] != nil && !endedNow.contains(pair),
                isCompleted: pairs.progress[pair] == "completed",
                isListEmpty: log.wasEmpty(.progress, pair.learner)
            )
            switch verdict {
            case .gone: gone.insert(row)
            case .askByID: asked.insert(row)
            case .readAgain: doubtful.insert(row)
            case .unproved: break
            }
        }
        let missing = gone.union(doubtful).union(asked)
        if !(try await mayAsk(about: asked, missing: missing, of: Progress.table)) { asked = [] }
        let lacking = try await withoutProgress(among: Set(asked.map(Pair.init)), pairs)
        gone.formUnion(asked.filter { lacking.contains(Pair($0)) })
        return gone.union(try await missingTwice(doubtful))
    }

    /// Progress that a second reading of its learner's list lacks, too.
    private func missingTwice(_ rows: Set<AbsentRow>) async throws -> Set<AbsentRow> {
        let again = Set(rows.map { $0[\Progress.learnerID] }).sorted()
        let marks = try await run.facts.watermarks("progress", partitions: again)
        let groups = again.map { learner in
            person(
                learner,
                answers: [PendingEntry(stream: "progress", partition: learner, reason: LearnWorldsReason.share, dueAt: run.serverNow)],
                mark: marks[learner]
            )
        }
        return try await confirmed(rows, of: Progress.table, by: groups)
    }

    /// Those of some pairs that have no progress either when they are asked for one by one: a list that lies about
    /// enrollments may lie about progress.
    func withoutProgress(among asked: Set<Pair>, _ pairs: StoredPairs) async throws -> Set<Pair> {
        guard !asked.isEmpty else { return [] }
        if !lists.isProven(LearnWorldsLists.singleProgress), let pair = try await knownProgress(pairs) {
            try await run.read([ReadGroup([lists.progress(of: pair)])])
        }
        guard lists.isProven(LearnWorldsLists.singleProgress) else { return [] }
        let unread = asked.filter { !log.hasRead(.courseOfLearner, $0.text) }
        try await run.read(unread.sorted { $0.text < $1.text }.map { ReadGroup([lists.progress(of: $0)]) })
        return asked.filter { log.wasEmpty(.courseOfLearner, $0.text) }
    }

    /// Progress that is there for certain: the path of single ones has to have answered with one before its 404 counts.
    private func knownProgress(_ pairs: StoredPairs) async throws -> Pair? {
        let known = pairs.progress.keys.filter { !pairs.absentProgress.contains($0) }
        if let pair = known.min(by: { $0.text < $1.text }) { return pair }
        let others = try await run.facts.rows(
            of: Progress.self,
            [\.courseID, \.learnerID],
            where: [.any(\.learnerID, of: learnersWithProgress.prefix(100))]
        )
        return others.map { Pair(course: $0[\.courseID], learner: $0[\.learnerID]) }.filter { !pairs.absentProgress.contains($0) }.min { $0.text < $1.text }
    }

    /// Learners whose list of progress has something in it, in the order of their ids.
    private var learnersWithProgress: [String] {
        log.results(of: LearnWorldsList.progress.rawValue).filter { !$0.value.isEmpty }.keys.sorted()
    }
}
