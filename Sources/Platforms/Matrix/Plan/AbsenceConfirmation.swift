import Records

/// The end of a run: what lists of classes lacked is looked for once more before it counts as gone.
///
/// ``ClassListEvidence`` says which lists are read again and what their answers prove.
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
        let first = try await missing()
        guard !first.courses.isEmpty else { return }
        let isThere = try await classesThere(first.courses.sorted())
        let wanted = wanted(first).filter { isThere.contains($0.key) }
        guard !wanted.isEmpty else { return }
        let learners = try await learners(of: wanted.keys.sorted())
        let lists = makeLists()
        try await run.read(
            wanted.sorted { $0.key < $1.key }.map { course, part in
                lists.group(part, of: MatrixClassFacts(course: course, learners: learners[course] ?? []), run)
            }
        )
        try await decide(first, try await missing())
    }

    /// Which lists are read again, by class.
    private func wanted(_ missing: Missing) -> [String: MatrixClassLists] {
        var wanted: [String: MatrixClassLists] = [:]
        func add(_ list: MatrixClassList, _ course: String) {
            let lists = ClassListEvidence.secondReading(
                of: list,
                isListEmpty: isEmpty(list, of: course),
                isGradebookRead: run.log.note(GradebookNames.self, course) != nil,
                isSweep: isSweep
            )
            if let lists { wanted[course, default: []].formUnion(lists) }
        }
        for pair in missing.learners { add(.roster, pair[0]) }
        for pair in missing.teachers { add(.teachers, pair[0]) }
        for course in missing.assignments.values { add(.assignments, course) }
        return wanted
    }

    /// Whether the newest reading of a list had nothing in it.
    private func isEmpty(_ list: MatrixClassList, of course: String) -> Bool {
        run.log.result(of: list.logName, course)?.isEmpty ?? true
    }

    private func decide(_ first: Missing, _ second: Missing) async throws {
        var believed: [MatrixClassList: Bool] = [:]
        func isGone(_ list: MatrixClassList, _ course: String, isMissingTwice: Bool, assignment: String? = nil) async throws -> Bool {
            let gradebook = run.log.note(GradebookNames.self, course)
            let verdict = ClassListEvidence.verdict(
                on: ClassListEvidence.Absence(
                    list: list,
                    isMissingTwice: isMissingTwice,
                    isListEmpty: isEmpty(list, of: course),
                    gradebookHasLearners: gradebook?.hasLearners,
                    isNamedByGradebook: assignment.map { gradebook?.assignments.contains($0) ?? false } ?? false,
                    isSweep: isSweep
                )
            )
            guard verdict == .goneIfFunctionAnswers else { return verdict == .gone }
            if let known = believed[list] { return known }
            let works = try await works(list, leavingOut: first.courses)
            believed[list] = works
            return works
        }
        var pairs: [[String]] = []
        for pair in first.learners
        where try await isGone(.roster, pair[0], isMissingTwice: second.learners.contains(pair)) {
            pairs.append(pair)
        }
        for pair in first.teachers
        where try await isGone(.teachers, pair[0], isMissingTwice: second.teachers.contains(pair)) {
            pairs.append(pair)
        }
        var ids: [String] = []
        for (id, course) in first.assignments
        where try await isGone(.assignments, course, isMissingTwice: second.assignments[id] != nil, assignment: id) {
            ids.append(id)
        }
        let deletions = MatrixDeletions(run: run)
        await deletions.enrollments(pairs.sorted { $0.lexicographicallyPrecedes($1) })
        await deletions.assessments(ids.sorted())
    }

    /// Whether the function answers with rows for some class; where this run has seen none, one that has some is asked.
    private func works(_ list: MatrixClassList, leavingOut doubtful: Set<String>) async throws -> Bool {
        if run.log.hasItems(list.logName) { return true }
        let others =
            switch list {
            case .roster: try await run.facts.distinct(\Enrollment.courseID, where: [.any(\.role, of: ["learner"])])
            case .teachers:
                try await run.facts.distinct(
                    \Enrollment.courseID,
                    where: [.any(\.role, of: ["instructor", "co_instructor"])]
                )
            case .assignments:
                try await run.facts.distinct(\Assessment.courseID, where: [.any(\.scope, of: ["assessment"])])
            }
        guard let witness = others.subtracting(doubtful).min() else { return false }
        let learners = try await learners(of: [witness])
        try await run.read([
            makeLists().group(
                list == .roster ? [.again, .roster] : [.again, .setup],
                of: MatrixClassFacts(course: witness, learners: learners[witness] ?? []),
                run
            )
        ])
        return run.log.hasItems(list.logName)
    }

    /// What is missing, without what follows a learner or class that is gone.
    private func missing() async throws -> Missing {
        var missing = Missing()
        let absent = await run.absentRows(of: Enrollment.table).map {
            [$0[\Enrollment.courseID], $0[\Enrollment.learnerID]]
        }
        let roles = try await roles(of: absent)
        for pair in absent {
            guard !run.log.isGone(pair[0], by: .classesWithIDs), !run.log.isGone(pair[1], by: .usersWithIDs) else {
                continue
            }
            if roles[pair] == "learner" { missing.learners.insert(pair) } else { missing.teachers.insert(pair) }
        }
        let ids = await run.absentRows(of: Assessment.table).map { $0[\Assessment.assessmentID] }
        if !ids.isEmpty { missing.assignments = try await run.facts.courses(ofAssessments: ids) }
        return missing
    }

    private func roles(of pairs: [[String]]) async throws -> [[String]: String] {
        guard !pairs.isEmpty else { return [:] }
        let rows = try await run.facts.rows(
            of: Enrollment.self,
            [\.courseID, \.learnerID, \.role],
            where: [.any(\.courseID, of: Set(pairs.map { $0[0] })), .any(\.learnerID, of: Set(pairs.map { $0[1] }))]
        )
        return Dictionary(rows.map { ([$0[\.courseID], $0[\.learnerID]], $0[\.role] ?? "") }) { first, _ in first }
    }

    /// Who learns in the classes, so that their teachers are told from them.
    private func learners(of courses: [String]) async throws -> [String: Set<String>] {
        let rows = try await run.facts.rows(
            of: Enrollment.self,
            [\.courseID, \.learnerID],
            where: [.any(\.courseID, of: courses), .any(\.role, of: ["learner"])]
        )
        var learners: [String: Set<String>] = [:]
        for row in rows { learners[row[\.courseID], default: []].insert(row[\.learnerID]) }
        return learners
    }

    /// Those of `courses` that are still there by id; those that a walk of this run has named need no call.
    private func classesThere(_ courses: [String]) async throws -> Set<String> {
        let lists = makeLists()
        let open = courses.filter { run.log.classRecord($0) == nil }
        try await run.read(
            open.chunks(of: lists.options.batch).map { ids in
                lists.classes(ids, keepsTotals: run.isSelected("assessments"))
            }
        )
        return Set(courses.filter { run.log.classRecord($0) != nil })
    }
}
