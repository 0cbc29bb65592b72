import Records

/// The end of a run: what lists of classes lacked is looked for once more before it counts as gone.
///
/// The connector guide, section 6: missing in both readings, and the class still there. An empty list where there was
/// something is never believed here.
struct MatrixSecondLook<Run: RunContext> {
    let makeLists: @Sendable () -> MatrixLists
    let run: Run

    /// Rows of the lists of classes that a reading lacked.
    private struct Missing {
        /// Class, learner.
        var pairs: Set<[String]> = []
        /// Assignment to class.
        var assignments: [String: String] = [:]
    }

    func read() async throws {
        let absent = await run.takeAbsent()
        let deletions = MatrixDeletions(run: run)
        // One call for a pair of class and learner lacked these awards: that was the question.
        await deletions.certificates(
            absent.filter { $0.table == Certificate.table.name }.map { row in
                [row.key["learner_id"] ?? "", row.key["certificate_id"] ?? ""]
            }
        )
        let lists = makeLists()
        let first = try await missing(absent)
        let roles = try await roles(of: first.pairs)
        var wanted: [String: MatrixClassLists] = [:]
        func want(_ course: String, _ part: MatrixClassLists, _ list: MatrixBook.ClassList) {
            guard lists.book.length(list, of: course) ?? 0 > 0 else { return }
            wanted[course, default: .again].insert(part)
        }
        for pair in first.pairs {
            if roles[pair] == "learner" { want(pair[0], .roster, .roster) } else { want(pair[0], .setup, .teachers) }
        }
        for course in first.assignments.values { want(course, .setup, .assignments) }
        guard !wanted.isEmpty else { return }
        let learners = try await learners(of: wanted.keys.sorted())
        let isThere = try await classesThere(wanted.keys.sorted(), lists)
        try await run.read(
            wanted.filter { isThere.contains($0.key) }.sorted { $0.key < $1.key }.map { course, part in
                lists.group(part, of: MatrixClassFacts(course: course, learners: learners[course] ?? []), run)
            }
        )
        let second = try await missing(await run.takeAbsent())
        let pairs = first.pairs.intersection(second.pairs).filter { pair in
            let list: MatrixBook.ClassList = roles[pair] == "learner" ? .roster : .teachers
            return lists.book.length(list, of: pair[0]) ?? 0 > 0
        }
        let assignments = first.assignments.filter { id, course in
            second.assignments[id] != nil && lists.book.length(.assignments, of: course) ?? 0 > 0
        }
        await deletions.enrollments(pairs.sorted { $0.lexicographicallyPrecedes($1) })
        await deletions.assessments(assignments.keys.sorted())
    }

    private func missing(_ absent: [AbsentRow]) async throws -> Missing {
        var missing = Missing()
        var ids: [String] = []
        for row in absent {
            if row.table == Enrollment.table.name {
                missing.pairs.insert([row.key["course_id"] ?? "", row.key["learner_id"] ?? ""])
            } else if row.table == Assessment.table.name, let id = row.key["assessment_id"] {
                ids.append(id)
            }
        }
        if !ids.isEmpty { missing.assignments = try await run.facts.courses(ofAssessments: ids) }
        return missing
    }

    private func roles(of pairs: Set<[String]>) async throws -> [[String]: String] {
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
        let size = lists.options.batch
        try await run.read(
            stride(from: 0, to: open.count, by: size).map { start in
                let ids = Array(open[start..<min(start + size, open.count)])
                return lists.classes(ids, keepsTotals: run.isSelected("assessments"))
            }
        )
        return Set(courses.filter { lists.book.classRecord($0) != nil })
    }
}
