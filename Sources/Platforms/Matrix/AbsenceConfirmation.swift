import Records

/// The end of a run: what lists of classes lacked is looked for once more before it counts as gone.
///
/// Sources/Platforms/Matrix/README.md §6: missing in both readings, and the class still there by id. What is not
/// believed all the same: an assignment that the gradebook names; an empty list where there was something, unless the
/// function answers with rows for another class and, of a roster, the gradebook is empty too and the run is a sweep.
struct AbsenceConfirmation<Run: RunContext> {
    let makeLists: @Sendable () -> MatrixLists
    let isSweep: Bool
    let run: Run

    /// Rows of the lists of classes that a reading lacked.
    private struct Missing {
        /// Class, learner.
        var learners: Set<[String]> = []
        /// Class, teacher.
        var teachers: Set<[String]> = []
        /// Assignment to class.
        var assignments: [String: String] = [:]

        var courses: Set<String> {
            Set((learners.map { $0[0] } + teachers.map { $0[0] } + assignments.values))
        }
    }

    func read() async throws {
        let lists = makeLists()
        let first = try await missing(lists.book)
        guard !first.courses.isEmpty else { return }
        let isThere = try await classesThere(first.courses.sorted(), lists)
        let wanted = wanted(first, lists.book).filter { isThere.contains($0.key) }
        guard !wanted.isEmpty else { return }
        let learners = try await learners(of: wanted.keys.sorted())
        try await run.read(
            wanted.sorted { $0.key < $1.key }.map { course, part in
                lists.group(part, of: MatrixClassFacts(course: course, learners: learners[course] ?? []), run)
            }
        )
        let second = try await missing(lists.book)
        try await decide(first, second, lists)
    }

    /// Which lists are read again. An empty roster is not, outside a sweep: it would not be believed.
    private func wanted(_ missing: Missing, _ book: MatrixBook) -> [String: MatrixClassLists] {
        var wanted: [String: MatrixClassLists] = [:]
        for pair in missing.learners {
            let isEmpty = book.length(.roster, of: pair[0]) ?? 0 == 0
            guard !isEmpty || isSweep else { continue }
            wanted[pair[0], default: .again].insert(isEmpty ? [.roster, .names] : .roster)
        }
        for pair in missing.teachers { wanted[pair[0], default: .again].insert(.setup) }
        for course in missing.assignments.values {
            wanted[course, default: .again].insert(book.gradebook(course) == nil ? [.setup, .names] : .setup)
        }
        return wanted
    }

    private func decide(_ first: Missing, _ second: Missing, _ lists: MatrixLists) async throws {
        let book = lists.book
        let (learners, teachers) = (
            first.learners.intersection(second.learners), first.teachers.intersection(second.teachers)
        )
        let assignments = first.assignments.filter { id, course in
            second.assignments[id] != nil && book.gradebook(course)?.assignments.contains(id) != true
        }
        var believed: [MatrixBook.ClassList: Bool] = [:]
        func isBelieved(_ list: MatrixBook.ClassList, _ course: String) async throws -> Bool {
            if book.length(list, of: course) ?? 0 > 0 { return true }
            if list == .roster, !isSweep || book.gradebook(course)?.hasLearners != false { return false }
            if let known = believed[list] { return known }
            let works = try await works(list, leavingOut: first.courses, lists)
            believed[list] = works
            return works
        }
        var pairs: [[String]] = []
        for pair in learners where try await isBelieved(.roster, pair[0]) { pairs.append(pair) }
        for pair in teachers where try await isBelieved(.teachers, pair[0]) { pairs.append(pair) }
        var ids: [String] = []
        for (id, course) in assignments where try await isBelieved(.assignments, course) { ids.append(id) }
        let deletions = MatrixDeletions(run: run)
        await deletions.enrollments(pairs.sorted { $0.lexicographicallyPrecedes($1) })
        await deletions.assessments(ids.sorted())
    }

    /// Whether the function answers with rows for some class; where this run has seen none, one that has some is asked.
    private func works(
        _ list: MatrixBook.ClassList,
        leavingOut doubtful: Set<String>,
        _ lists: MatrixLists
    ) async throws
        -> Bool
    {
        if lists.book.hasRows(list) { return true }
        let (table, matching): (Table, [String: [String]]) =
            switch list {
            case .roster: (Enrollment.table, ["role": ["learner"]])
            case .teachers: (Enrollment.table, ["role": ["instructor", "co_instructor"]])
            case .assignments: (Assessment.table, ["scope": ["assessment"]])
            }
        let others = try await run.facts.distinct("course_id", of: table, matching: matching)
        guard let witness = others.subtracting(doubtful).min() else { return false }
        let learners = try await learners(of: [witness])
        try await run.read([
            lists.group(
                list == .roster ? [.again, .roster] : [.again, .setup],
                of: MatrixClassFacts(course: witness, learners: learners[witness] ?? []),
                run
            )
        ])
        return lists.book.hasRows(list)
    }

    /// What is missing, without what follows a learner or class that is gone.
    private func missing(_ book: MatrixBook) async throws -> Missing {
        var missing = Missing()
        let absent = await run.absentRows(of: Enrollment.table).map { row in
            [row.key["course_id"] ?? "", row.key["learner_id"] ?? ""]
        }
        let roles = try await roles(of: absent)
        for pair in absent {
            guard !book.isGone(pair[0], by: .classesWithIDs), !book.isGone(pair[1], by: .usersWithIDs) else { continue }
            if roles[pair] == "learner" { missing.learners.insert(pair) } else { missing.teachers.insert(pair) }
        }
        let ids = await run.absentRows(of: Assessment.table).compactMap { $0.key["assessment_id"] }
        if !ids.isEmpty { missing.assignments = try await run.facts.courses(ofAssessments: ids) }
        return missing
    }

    private func roles(of pairs: [[String]]) async throws -> [[String]: String] {
        guard !pairs.isEmpty else { return [:] }
        let rows = try await run.facts.rows(
            of: Enrollment.table,
            columns: ["course_id", "learner_id", "role"],
            matching: [
                "course_id": Array(Set(pairs.map { $0[0] })), "learner_id": Array(Set(pairs.map { $0[1] })),
            ]
        )
        return Dictionary(
            rows.map { ([$0["course_id"] ?? "", $0["learner_id"] ?? ""], $0["role"] ?? "") }
        ) { first, _ in first }
    }

    /// Who learns in the classes, so that their teachers are told from them.
    private func learners(of courses: [String]) async throws -> [String: Set<String>] {
        let rows = try await run.facts.rows(
            of: Enrollment.table,
            columns: ["course_id", "learner_id"],
            matching: ["course_id": courses, "role": ["learner"]]
        )
        var learners: [String: Set<String>] = [:]
        for row in rows { learners[row["course_id"] ?? "", default: []].insert(row["learner_id"] ?? "") }
        return learners
    }

    /// Those of `courses` that are still there by id; those that a walk of this run has named need no call.
    private func classesThere(_ courses: [String], _ lists: MatrixLists) async throws -> Set<String> {
        let open = courses.filter { lists.book.classRecord($0) == nil }
        try await run.read(
            open.chunks(of: lists.options.batch).map { ids in
                lists.classes(ids, keepsTotals: run.isSelected("assessments"))
            }
        )
        return Set(courses.filter { lists.book.classRecord($0) != nil })
    }
}
