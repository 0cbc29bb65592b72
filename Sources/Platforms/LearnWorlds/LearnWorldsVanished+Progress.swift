import Records

/// Progress that a learner's own list lacks.
extension LearnWorldsVanished {
    /// The progress that is gone.
    ///
    /// What was not completed goes with its enrollment; what was completed must be missing twice, from lists with something in
    /// them. Where the enrollment is still there, or the list is empty, the progress is asked for by itself.
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
            if pairs.enrollments[pair] != nil, !endedNow.contains(pair) {
                asked.insert(row)
            } else if pairs.progress[pair] != "completed" {
                gone.insert(row)
            } else if book.wasEmpty(.progress, pair.learner) {
                asked.insert(row)
            } else {
                doubtful.insert(row)
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
        let again = Set(rows.compactMap { $0.key["learner_id"] }).sorted()
        let marks = try await run.facts.watermarks("progress", partitions: again)
        let groups = again.map { learner in
            person(
                learner,
                answers: [PendingEntry(stream: "progress", partition: learner, reason: "share", dueAt: run.serverNow)],
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
        let unread = asked.filter { !book.hasRead(.courseOfLearner, $0.text) }
        try await run.read(unread.sorted { $0.text < $1.text }.map { ReadGroup([lists.progress(of: $0)]) })
        return asked.filter { book.wasEmpty(.courseOfLearner, $0.text) }
    }

    /// Progress that is there for certain: the path of single ones has to have answered with one before its 404 counts.
    private func knownProgress(_ pairs: StoredPairs) async throws -> Pair? {
        let known = pairs.progress.keys.filter { !pairs.absentProgress.contains($0) }
        if let pair = known.min(by: { $0.text < $1.text }) { return pair }
        let others = try await run.facts.rows(
            of: Progress.table,
            columns: ["course_id", "learner_id"],
            matching: ["learner_id": book.partitionsWithContent(.progress, limit: 100)]
        )
        return others.map(Pair.init).filter { !pairs.absentProgress.contains($0) }.min { $0.text < $1.text }
    }
}
