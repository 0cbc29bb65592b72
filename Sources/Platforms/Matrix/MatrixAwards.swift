import Records

/// Awards that no completion shows any more: Sources/Platforms/Matrix/README.md §6.
///
/// Completions tell nothing of one that was taken back, so rosters decide (Sources/Platforms/Matrix/README.md §8,
/// trap 6). An award is gone where an answer about its class or its pair lacks it, and either the learner's completion
/// stands there without it, or the roster knows of no completion: an answer that lacks what the roster has proves
/// nothing.
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
            // They follow their learner or class.
            !lists.book.isGone(award.learner, by: .usersWithIDs)
                && !lists.book.isGone(award.course, by: .classesWithIDs)
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
        let book = makeLists().book
        let absent = try await awards(await run.absentRows(of: Certificate.table))
        guard !absent.isEmpty else { return }
        let progress = try await run.facts.rows(
            of: Progress.table,
            columns: ["course_id", "learner_id"],
            matching: [
                "course_id": Array(Set(absent.map(\.course))), "learner_id": Array(Set(absent.map(\.learner))),
                "status": ["completed"],
            ]
        )
        let completed = Set(progress.map { [$0["course_id"] ?? "", $0["learner_id"] ?? ""] })
        let gone = absent.filter { award in
            let isCompleted =
                book.rosterCompletes(award.course, award.learner) ?? completed.contains([award.course, award.learner])
            return !isCompleted || book.namesCompletion(award.course, award.learner)
        }
        await MatrixDeletions(run: run).certificates(
            gone.map { [$0.learner, $0.certificate] }.sorted { $0[1] < $1[1] }
        )
    }

    /// The class of each award; the key has only its learner.
    private func awards(_ rows: [AbsentRow]) async throws -> [Award] {
        var awards: [Award] = []
        let keys = Set(rows.map { [$0.key["learner_id"] ?? "", $0.key["certificate_id"] ?? ""] })
        for learners in Set(keys.map { $0[0] }).sorted().chunks(of: 5_000) {
            let stored = try await run.facts.rows(
                of: Certificate.table,
                columns: ["learner_id", "certificate_id", "course_id"],
                matching: ["learner_id": learners]
            )
            for row in stored {
                guard let learner = row["learner_id"], let certificate = row["certificate_id"],
                    let course = row["course_id"], keys.contains([learner, certificate])
                else { continue }
                awards.append(Award(course: course, learner: learner, certificate: certificate))
            }
        }
        return awards
    }
}
