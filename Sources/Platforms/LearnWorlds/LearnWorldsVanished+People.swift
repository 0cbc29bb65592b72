import Records

/// Enrollments and progress that a learner's own lists lack.
extension LearnWorldsVanished {
    /// The lists of one learner that `answers` name, which hold all of that learner's rows.
    func person(_ learner: String, answers: [PendingEntry], mark: MarkPosition?) -> ReadGroup {
        let scope = [["learner_id": learner]]
        var group = ReadGroup([], answers: answers)
        // What changed in somebody's progress says which grades and responses are asked for.
        group.isTelling = answers.contains { $0.stream == "progress" }
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
        await run.apply(ending(gone.compactMap { pairs.enrollments[$0] }).map(StateChange.gone))
        let ended = try await goneProgress(progress, pairs, endedNow: gone)
        await mark(ended, of: Progress.table)
        await run.apply([
            .gone(
                GoneRows(
                    UnitProgress.table,
                    columns: ["course_id", "learner_id"],
                    keys: ended.map { [$0.key["course_id"] ?? "", $0.key["learner_id"] ?? ""] },
                    following: Progress.table
                )
            )
        ])
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
        var expired: Set<Pair> = []
        for pair in absent where book.isOnRoster(pair.learner, of: pair.course) == false {
            switch weight(of: pair, pairs) {
            case .proved: proved.insert(pair)
            case .doubtful: doubtful.insert(pair)
            case .expired: expired.insert(pair)
            case .unproved: break
            }
        }
        let withoutProgress = try await withoutProgress(among: expired, pairs)
        proved.formUnion(withoutProgress)
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

    /// `doubtful` pairs are looked for in a second reading; of `expired` ones the progress is asked for by itself.
    private enum Weight { case proved, doubtful, expired, unproved }

    /// Those of `expired` that have no progress either when they are asked for one by one: no roster speaks of them, and a
    /// list that lies about enrollments may lie about progress.
    private func withoutProgress(among expired: Set<Pair>, _ pairs: StoredPairs) async throws -> Set<Pair> {
        guard !expired.isEmpty else { return [] }
        let known = pairs.progress.keys.filter { !pairs.absentProgress.contains($0) }
        if !lists.isProven(LearnWorldsLists.singleProgress), let pair = known.min(by: { $0.text < $1.text }) {
            try await run.read([ReadGroup([lists.progress(of: pair)])])
        }
        guard lists.isProven(LearnWorldsLists.singleProgress) else { return [] }
        try await run.read(expired.map { ReadGroup([lists.progress(of: $0)]) })
        return expired.filter { book.wasEmpty(.courseOfLearner, $0.text) }
    }

    /// What it means that neither the learner's own list nor the roster has a pair.
    ///
    /// The roster speaks only of access that has not run out, and an empty list says nothing without the other one.
    private func weight(of pair: Pair, _ pairs: StoredPairs) -> Weight {
        let isOwnEmpty = book.wasEmpty(.enrollments, pair.learner)
        let lacksProgress =
            book.hasRead(.progress, pair.learner)
            && (pairs.progress[pair] == nil || pairs.absentProgress.contains(pair))
        guard !pairs.hasExpired(pair, by: run.serverNow) else {
            guard !isOwnEmpty else { return .unproved }
            // Completions outlive access; other progress goes with it.
            if lacksProgress { return .expired }
            return pairs.progress[pair] == "completed" || !run.isSelected("progress") ? .doubtful : .unproved
        }
        if !isOwnEmpty || !book.wasEmpty(.roster, pair.course) { return .proved }
        return lacksProgress && !book.wasEmpty(.progress, pair.learner) ? .proved : .unproved
    }

    // MARK: Progress

    /// Progress goes only with its enrollment; what was completed must be missing twice, from lists with something in them.
    private func goneProgress(
        _ rows: Set<AbsentRow>,
        _ pairs: StoredPairs,
        endedNow: Set<Pair>
    ) async throws -> Set<AbsentRow> {
        let ended = rows.filter { row in
            let pair = Pair(row)
            return pairs.enrollments[pair] == nil || endedNow.contains(pair)
        }
        let completed = ended.filter { pairs.progress[Pair($0)] == "completed" }
        let doubtful = completed.filter { !book.wasEmpty(.progress, $0.key["learner_id"] ?? "") }
        let again = Set(doubtful.compactMap { $0.key["learner_id"] }).sorted()
        let marks = try await run.facts.watermarks("progress", partitions: again)
        let groups = again.map { learner in
            person(
                learner,
                answers: [PendingEntry(stream: "progress", partition: learner, reason: "share", dueAt: run.serverNow)],
                mark: marks[learner]
            )
        }
        return ended.subtracting(completed)
            .union(try await confirmed(doubtful, of: Progress.table, by: groups))
    }
}

/// A learner in a course.
struct Pair: Hashable, Sendable {
    let course: String
    let learner: String

    /// As the run's notes name it.
    var text: String { "\(learner)/\(course)" }

    init(_ row: AbsentRow) { self.init(row.key) }

    init(_ row: [String: String]) {
        course = row["course_id"] ?? ""
        learner = row["learner_id"] ?? ""
    }
}

/// What the warehouse has of some learners.
private struct StoredPairs {
    /// The live enrollments.
    var enrollments: [Pair: [String: String]] = [:]
    /// The status of the live progress.
    var progress: [Pair: String] = [:]
    /// Progress that its learner's complete list lacks.
    var absentProgress: Set<Pair> = []

    init(of learners: [String], _ facts: any WarehouseFacts) async throws {
        let keys = ["course_id", "learner_id"]
        for chunk in learners.chunks(of: 1_000) {
            let matching = ["learner_id": chunk]
            let access = try await facts.rows(of: Enrollment.table, columns: keys + ["expires_at"], matching: matching)
            for row in access { enrollments[Pair(row)] = row }
            let states = try await facts.rows(of: Progress.table, columns: keys + ["status"], matching: matching)
            for row in states { progress[Pair(row)] = row["status"] ?? "" }
        }
    }

    func hasExpired(_ pair: Pair, by now: Timestamp) -> Bool {
        enrollments[pair]?["expires_at"].flatMap(Int64.init).map { $0 < now.microseconds } ?? false
    }
}

/// Rows of people that are missing, until all their lists have been read.
struct AbsentPeople: Sendable {
    private var enrollments: Set<AbsentRow> = []
    private var progress: Set<AbsentRow> = []
    private var units: Set<AbsentRow> = []

    mutating func add(enrollments: Set<AbsentRow>, progress: Set<AbsentRow>, units: Set<AbsentRow>) {
        self.enrollments.formUnion(enrollments)
        self.progress.formUnion(progress)
        self.units.formUnion(units)
    }

    /// Progress that its learner's list lacks.
    var absentProgress: Set<AbsentRow> { progress }

    /// Learners without an enrollment or a course's progress that they had.
    var learnersWithoutSomething: [String] {
        Set(enrollments.union(progress).compactMap { $0.key["learner_id"] }).sorted()
    }

    mutating func take() -> (Set<AbsentRow>, Set<AbsentRow>, Set<AbsentRow>) {
        defer { self = AbsentPeople() }
        return (enrollments, progress, units)
    }
}
