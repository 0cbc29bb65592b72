import Records

/// Awards that no completion shows any more: Sources/Platforms/Matrix/README.md §6.
///
/// Awards that a reading of all completions lacked are asked for by class or pair; ``AwardEvidence`` says what the answers
/// prove.
struct MatrixAwards<Run: RunContext> {
    let makeLists: @Sendable () -> MatrixLists
    let run: Run

    private struct Award: Hashable {
        var course: String
        var learner: String
        var certificate: String
    }

    /// Asks about the awards that a reading of all completions lacked; what the answers lack is absent again.
    func ask() async throws {
        let lists = makeLists()
        let doubtful = try await awards(await run.absentRows(of: Certificate.table)).filter { award in
            AwardEvidence.isAskedFor(
                isLearnerGone: run.log.isGone(award.learner, by: .usersWithIDs),
                isClassGone: run.log.isGone(award.course, by: .classesWithIDs)
            )
        }
        let byCourse = Dictionary(grouping: doubtful) { $0.course }
        try await run.read(
            byCourse.sorted { $0.key < $1.key }.map { course, awards in
                let learners = Set(awards.map(\.learner))
                let only = learners.count == 1 ? learners.first : nil
                return lists.completions(course: course, learner: only, answers: [], coversClass: true, run)
            }
        )
    }

    /// Marks the awards that answers about their class or pair lacked.
    func decide() async throws {
        let absent = try await awards(await run.absentRows(of: Certificate.table))
        guard !absent.isEmpty else { return }
        let progress = try await run.facts.rows(
            of: Progress.self,
            [\.courseID, \.learnerID],
            where: [
                .any(\.courseID, of: Set(absent.map(\.course))), .any(\.learnerID, of: Set(absent.map(\.learner))),
                .any(\.status, of: ["completed"]),
            ]
        )
        let completed = Set(progress.map { [$0[\.courseID], $0[\.learnerID]] })
        let gone = absent.filter { award in
            let pair = [award.course, award.learner]
            let roster = run.log.note(ClassRoster.self, award.course)
            return AwardEvidence.verdict(
                isCompleted: roster.map { $0.completions[award.learner] != nil } ?? completed.contains(pair),
                isCompletionNamed: run.log.note(NamedCompletion.self, pair) != nil
            ) == .gone
        }
        await MatrixDeletions(run: run).certificates(
            gone.map { [$0.learner, $0.certificate] }.sorted { $0[1] < $1[1] }
        )
    }

    /// The class of each award; the key has only its learner.
    private func awards(_ rows: [AbsentRow]) async throws -> [Award] {
        var awards: [Award] = []
        let keys = Set(rows.map { [$0[\Certificate.learnerID], $0[\Certificate.certificateID]] })
        for learners in Set(keys.map { $0[0] }).sorted().chunks(of: 5_000) {
            let stored = try await run.facts.rows(
                of: Certificate.self,
                [\.learnerID, \.certificateID, \.courseID],
                where: [.any(\.learnerID, of: learners)]
            )
            for row in stored where keys.contains([row[\.learnerID], row[\.certificateID]]) {
                guard let course = row[\.courseID] else { continue }
                awards.append(Award(course: course, learner: row[\.learnerID], certificate: row[\.certificateID]))
            }
        }
        return awards
    }
}
