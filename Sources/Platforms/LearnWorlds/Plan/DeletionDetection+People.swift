import Records

/// Enrollments and progress that a learner's own lists lack.
extension DeletionDetection {
    /// The lists of one learner that `answers` name, which hold all of that learner's rows.
    func person(_ learner: String, answers: [PendingEntry], mark: MarkPosition?) -> ReadGroup {
        let scope = [["learner_id": learner]]
        var group = ReadGroup([], answers: answers)
        // What changed in somebody's progress says which grades and responses are asked for.
        group.isSampled = answers.contains { $0.stream == "progress" }
        if answers.contains(where: { $0.stream == "enrollments" }) {
            group.reads.append(lists.enrollments(learner: learner))
            group.covers.append(Cover(Enrollment.table, scopes: scope))
        }
        if let entry = answers.first(where: { $0.stream == "progress" }) {
            group.reads.append(lists.progress(learner: learner, run, mark: mark, reason: entry.reason))
            group.covers += [Cover(Progress.table, scopes: scope), Cover(UnitProgress.table, scopes: scope)]
        }
        return group
    }

    /// Reads rosters and compares them with the warehouse.
    ///
    /// - Parameter counts: The access that the warehouse knows of, by course: a roster that counts as many is left at its
    ///   first page. Without it every roster is read whole.
    /// - Returns: The learners whose enrollments differ: on a roster and not enrolled here, or the other way round.
    func learnersDifferingFromRosters(
        of courses: [String],
        unlessCounting counts: [String: Int]? = nil
    ) async throws -> Set<String> {
        var differing: Set<String> = []
        for chunk in courses.chunks(of: 16) {
            let slice = try await run.read(
                chunk.map { course in
                    let roster = lists.roster(course: course, queue: "enrollments", isBaseline: false)
                    return ReadGroup(
                        [counts.map { roster.unlessCounting($0[course] ?? 0) } ?? roster],
                        publishesByPage: true
                    )
                }
            )
            for course in chunk {
                guard let roster = log.roster(of: course, in: slice) else { continue }
                differing.formUnion(try await compare(Set(roster), of: course))
            }
        }
        return differing.union(await takeAbsent(Enrollment.table).compactMap { $0.key["learner_id"] })
    }

    /// - Returns: Those whose access the warehouse does not know; those it knows and the roster does not become absent.
    private func compare(_ roster: Set<String>, of course: String) async throws -> Set<String> {
        let stored = try await run.facts.rows(
            of: Enrollment.self,
            [\.learnerID, \.status, \.expiresAt],
            where: [.any(\.courseID, of: [course])]
        )
        let now = run.serverNow
        let active = stored.filter { row in
            row[\.status] == "active" && row[\.expiresAt].map { $0 > now } ?? true
        }
        let known = Set(active.map { $0[\.learnerID] })
        try await run.noteAbsent(
            known.subtracting(roster).map {
                AbsentRow(table: Enrollment.table.name, key: ["course_id": course, "learner_id": $0])
            },
            of: Enrollment.table
        )
        return roster.subtracting(known)
    }

    /// What the lists of people lacked.
    func absentPeople() async -> AbsentPeople {
        let (enrollments, progress) = (await takeAbsent(Enrollment.table), await takeAbsent(Progress.table))
        return AbsentPeople(enrollments: enrollments, progress: progress, units: await takeAbsent(UnitProgress.table))
    }

    /// Learners from whose lists something vanished and of whom the other list was not read by this run.
    func unreadLists(of people: AbsentPeople) -> [(learner: String, streams: [String])] {
        var unread: [(learner: String, streams: [String])] = []
        for learner in people.learnersWithoutSomething {
            var streams: [String] = []
            if run.isSelected("enrollments"), !log.hasRead(.enrollments, learner) { streams.append("enrollments") }
            if run.isSelected("progress"), !log.hasRead(.progress, learner) { streams.append("progress") }
            if !streams.isEmpty { unread.append((learner, streams)) }
        }
        return unread
    }

    /// - Parameter people: What lists lacked before the lists of ``unreadLists(of:)`` were read.
    func decide(_ people: AbsentPeople) async throws {
        let all = people.union(await absentPeople())
        let (enrollments, progress, units) = (all.enrollments, all.progress, all.units)
        guard !(enrollments.isEmpty && progress.isEmpty && units.isEmpty) else { return }
        let learners = Set(enrollments.union(progress).map { $0[\Enrollment.learnerID] })
        var pairs = try await StoredPairs(of: learners.sorted(), run.facts)
        pairs.absentProgress = Set(progress.map(Pair.init))

        let gone = try await goneEnrollments(enrollments, pairs)
        await mark(GoneRows(Enrollment.table, columns: ["course_id", "learner_id"], keys: gone.map { [$0.course, $0.learner] }))
        let ended = try await goneProgress(progress, pairs, endedNow: gone)
        await mark(ended, of: Progress.table)
        let lost = units.filter { row in
            LearnWorldsEvidence.verdict(
                onUnitOf: pairs.absentProgress.contains(Pair(row)),
                isListEmpty: log.wasEmpty(.progress, row[\UnitProgress.learnerID])
            ) == .gone
        }
        await mark(lost, of: UnitProgress.table, isGuarded: false)
    }

    // MARK: Enrollments

    private func goneEnrollments(_ rows: Set<AbsentRow>, _ pairs: StoredPairs) async throws -> Set<Pair> {
        let absent = Set(rows.map(Pair.init)).intersection(pairs.enrollments.keys)
        let courses = Set(absent.map(\.course)).filter { log.isOnRoster("", of: $0) == nil }.sorted()
        try await run.read(
            courses.map {
                ReadGroup([lists.roster(course: $0, queue: "enrollments", isBaseline: false)], publishesByPage: true)
            }
        )
        var proved: Set<Pair> = []
        var doubtful: Set<Pair> = []
        var asked: Set<Pair> = []
        for pair in absent where log.isOnRoster(pair.learner, of: pair.course) == false {
            switch LearnWorldsEvidence.verdict(on: absence(of: pair, pairs)) {
            case .gone: proved.insert(pair)
            case .readAgain: doubtful.insert(pair)
            case .askByID: asked.insert(pair)
            case .unproved: break
            }
        }
        let missing = proved.union(doubtful).union(asked)
        let isAsked = try await mayAsk(
            about: rows.filter { asked.contains(Pair($0)) },
            missing: rows.filter { missing.contains(Pair($0)) },
            of: Enrollment.table
        )
        if isAsked { proved.formUnion(try await withoutProgress(among: asked, pairs)) }
        guard !doubtful.isEmpty else { return proved }
        let again = Set(doubtful.map(\.learner)).sorted()
        let rows = rows.filter { doubtful.contains(Pair($0)) }
        let groups = again.map { learner in
            person(
                learner,
                answers: [
                    PendingEntry(stream: "enrollments", partition: learner, reason: LearnWorldsReason.share, dueAt: run.serverNow)
                ],
                mark: nil
            )
        }
        return proved.union(try await confirmed(rows, of: Enrollment.table, by: groups).map(Pair.init))
    }

    /// What this run has seen of an enrollment that its learner's own list and the roster lack.
    private func absence(of pair: Pair, _ pairs: StoredPairs) -> LearnWorldsEvidence.AbsentEnrollment {
        let progress: LearnWorldsEvidence.Progress =
            if !log.hasRead(.progress, pair.learner) {
                .unread
            } else if pairs.absentProgress.contains(pair) {
                .lost
            } else {
                pairs.progress[pair] == nil ? .never : .there
            }
        return LearnWorldsEvidence.AbsentEnrollment(
            hasExpired: pairs.hasExpired(pair, by: run.serverNow),
            isOwnListEmpty: log.wasEmpty(.enrollments, pair.learner),
            isRosterEmpty: log.wasEmpty(.roster, pair.course),
            progress: progress,
            isProgressListEmpty: log.wasEmpty(.progress, pair.learner),
            isCompleted: pairs.progress[pair] == "completed",
            readsProgress: run.isSelected("progress"),
            hasOtherLists: log.hasItems(.enrollments),
            hasOtherRosters: log.hasItems(.roster)
        )
    }
}
