import Records

/// Enrollments and progress that a learner's own lists lack.
extension LearnWorldsVanished {
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
            try await run.read(
                chunk.map { course in
                    let roster = lists.roster(course: course, queue: "enrollments", isBaseline: false)
                    return ReadGroup(
                        [counts.map { roster.unlessCounting($0[course] ?? 0) } ?? roster],
                        publishesByPage: true
                    )
                }
            )
            for course in chunk {
                guard let roster = book.takeRoster(of: course) else { continue }
                differing.formUnion(try await compare(Set(roster), of: course))
            }
        }
        return differing.union(await takeAbsent(Enrollment.table).compactMap { $0.key["learner_id"] })
    }

    /// - Returns: Those whose access the warehouse does not know; those it knows and the roster does not become absent.
    private func compare(_ roster: Set<String>, of course: String) async throws -> Set<String> {
        let stored = try await run.facts.rows(
            of: Enrollment.table,
            columns: ["learner_id", "status", "expires_at"],
            matching: ["course_id": [course]]
        )
        let now = run.serverNow
        let active = stored.filter { row in
            row["status"] == "active" && row["expires_at"].flatMap(Int64.init).map { $0 > now.microseconds } ?? true
        }
        let known = Set(active.compactMap { $0["learner_id"] })
        try await run.noteAbsent(
            known.subtracting(roster).map {
                AbsentRow(table: Enrollment.table.name, key: ["course_id": course, "learner_id": $0])
            },
            of: Enrollment.table
        )
        return roster.subtracting(known)
    }

    /// Learners from whose lists something vanished and of whom the other list was not read by this run.
    func noteAbsentPeople() async throws -> [(learner: String, streams: [String])] {
        await collectPeople()
        var unread: [(learner: String, streams: [String])] = []
        for learner in withPeople({ $0.learnersWithoutSomething }) {
            var streams: [String] = []
            if run.isSelected("enrollments"), !book.hasRead(.enrollments, learner) { streams.append("enrollments") }
            if run.isSelected("progress"), !book.hasRead(.progress, learner) { streams.append("progress") }
            if !streams.isEmpty { unread.append((learner, streams)) }
        }
        return unread
    }

    private func collectPeople() async {
        let (enrollments, progress) = (await takeAbsent(Enrollment.table), await takeAbsent(Progress.table))
        let units = await takeAbsent(UnitProgress.table)
        withPeople { $0.add(enrollments: enrollments, progress: progress, units: units) }
    }

    func decidePeople() async throws {
        await collectPeople()
        let (enrollments, progress, units) = withPeople { $0.take() }
        guard !(enrollments.isEmpty && progress.isEmpty && units.isEmpty) else { return }
        let learners = Set((enrollments.union(progress)).compactMap { $0.key["learner_id"] })
        var pairs = try await StoredPairs(of: learners.sorted(), run.facts)
        pairs.absentProgress = Set(progress.map(Pair.init))

        let gone = try await goneEnrollments(enrollments, pairs)
        await mark(GoneRows(Enrollment.table, columns: ["course_id", "learner_id"], keys: gone.map { [$0.course, $0.learner] }))
        let ended = try await goneProgress(progress, pairs, endedNow: gone)
        await mark(ended, of: Progress.table)
        // Units of a course that the list still has: the course lost them, or their places have shifted.
        let lost = units.filter { row in
            !pairs.absentProgress.contains(Pair(row)) && !book.wasEmpty(.progress, row.key["learner_id"] ?? "")
        }
        await mark(lost, of: UnitProgress.table, isGuarded: false)
    }

    // MARK: Enrollments

    private func goneEnrollments(_ rows: Set<AbsentRow>, _ pairs: StoredPairs) async throws -> Set<Pair> {
        let absent = Set(rows.map(Pair.init)).intersection(pairs.enrollments.keys)
        let courses = Set(absent.map(\.course)).filter { book.isOnRoster("", of: $0) == nil }.sorted()
        try await run.read(
            courses.map {
                ReadGroup([lists.roster(course: $0, queue: "enrollments", isBaseline: false)], publishesByPage: true)
            }
        )
        var proved: Set<Pair> = []
        var doubtful: Set<Pair> = []
        var asked: Set<Pair> = []
        for pair in absent where book.isOnRoster(pair.learner, of: pair.course) == false {
            switch weight(of: pair, pairs) {
            case .proved: proved.insert(pair)
            case .doubtful: doubtful.insert(pair)
            case .asked: asked.insert(pair)
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
                    PendingEntry(stream: "enrollments", partition: learner, reason: "share", dueAt: run.serverNow)
                ],
                mark: nil
            )
        }
        return proved.union(try await confirmed(rows, of: Enrollment.table, by: groups).map(Pair.init))
    }

    /// `doubtful` pairs are looked for in a second reading; of `asked` ones the progress is asked for by itself.
    private enum Weight { case proved, doubtful, asked, unproved }

    /// What it means that neither the learner's own list nor the roster has a pair.
    ///
    /// The roster speaks only of access that has not run out, and an empty list says nothing without another one that has
    /// something in it, or without the pair's progress, which was there and is not there either.
    private func weight(of pair: Pair, _ pairs: StoredPairs) -> Weight {
        let isOwnEmpty = book.wasEmpty(.enrollments, pair.learner)
        let lostProgress = book.hasRead(.progress, pair.learner) && pairs.absentProgress.contains(pair)
        let lacksProgress =
            lostProgress || book.hasRead(.progress, pair.learner) && pairs.progress[pair] == nil
        guard !pairs.hasExpired(pair, by: run.serverNow) else {
            // Progress may have gone with the access: then only lists of others show that the empty one does not lie.
            guard !isOwnEmpty else { return lostProgress && book.hasContent(.enrollments) ? .asked : .unproved }
            // Completions outlive access; other progress goes with it.
            if lacksProgress { return .asked }
            return pairs.progress[pair] == "completed" || !run.isSelected("progress") ? .doubtful : .unproved
        }
        if !isOwnEmpty || !book.wasEmpty(.roster, pair.course) { return .proved }
        if lacksProgress, !book.wasEmpty(.progress, pair.learner) { return .proved }
        if lostProgress { return .asked }
        // Who alone had the course, and no other one: both lists are empty, and both kinds of list are not empty elsewhere.
        return book.hasContent(.enrollments) && book.hasContent(.roster) ? .doubtful : .unproved
    }
}
