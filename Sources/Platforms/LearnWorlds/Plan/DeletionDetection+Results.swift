import Records

/// Certificates and submissions that their lists lack.
extension DeletionDetection {
    /// A course's submissions: whole, or the newest of them.
    func grades(
        _ course: String,
        answers: [PendingEntry] = [],
        since mark: MarkPosition?,
        isWhole: Bool = false
    ) -> ReadGroup {
        ReadGroup(
            [lists.grades(course: course, run, since: mark, isWhole: isWhole)],
            answers: answers,
            publishesByPage: true,
            covers: isWhole ? [Cover(Grade.table, scopes: [["course_id": course]])] : []
        )
    }

    func decideGrades() async throws {
        let rows = await takeAbsent(Grade.table).filter { row in
            LearnWorldsEvidence.verdict(onRowOf: log.wasEmpty(.grades, row[\Grade.courseID])) == .readAgain
        }
        let courses = Set(rows.map { $0[\Grade.courseID] }).sorted()
        let marks = try await run.facts.watermarks("grades", partitions: courses)
        let again = courses.map { grades($0, since: marks[$0], isWhole: true) }
        let gone = try await confirmed(rows, of: Grade.table, by: again)
        for row in gone { log.add(GoneGrade(key: row)) }
        await mark(gone, of: Grade.table)
    }

    func decideResponses() async throws {
        let rows = await takeAbsent(AssessmentResponse.table)
        let units = try await values(of: "assessment_id", for: rows, of: AssessmentResponse.table, by: "response_id")
        let candidates = rows.filter { row in
            units[row].map { LearnWorldsEvidence.verdict(onRowOf: log.wasEmpty(.responses, $0)) == .readAgain } ?? false
        }
        let again = Set(candidates.compactMap { units[$0] }).sorted()
        let marks = try await run.facts.watermarks("assessment_responses", partitions: again)
        let entries = again.map {
            PendingEntry(stream: "assessment_responses", partition: $0, reason: LearnWorldsReason.share, dueAt: run.serverNow)
        }
        let groups = try await lists.responseGroups(for: entries, since: marks, whole: Set(again), run)
        let gone = try await confirmed(candidates, of: AssessmentResponse.table, by: groups)
        await mark(gone, of: AssessmentResponse.table)
    }

    /// A course's certificates: whole without a mark, else the newest of them.
    func certificates(_ course: String, answers: [PendingEntry] = [], since mark: MarkPosition?) -> ReadGroup {
        ReadGroup(
            [lists.certificates(course: course, since: mark)],
            answers: answers,
            publishesByPage: true,
            covers: mark == nil ? [Cover(Certificate.table, scopes: [["course_id": course]])] : []
        )
    }

    /// Certificates that a course's list lacks twice; where it holds none at all, its holder's own list must lack it too.
    func decideCertificates() async throws {
        let rows = await takeAbsent(Certificate.table)
        let courses = try await values(of: "course_id", for: rows, of: Certificate.table, by: "certificate_id")
        let present = Set(log.presentCourses(among: Set(courses.values)))
        let candidates = rows.filter { row in courses[row].map(present.contains) ?? false }
        let again = Set(candidates.compactMap { courses[$0] }).sorted()
        let missed = try await confirmed(
            candidates,
            of: Certificate.table,
            by: again.map { certificates($0, since: nil) }
        )
        let emptied = missed.filter { row in
            let isEmpty = courses[row].map { log.wasEmpty(.certificates, $0) } ?? true
            return LearnWorldsEvidence.verdict(onCertificateMissingTwice: isEmpty) == .readAgain
        }
        let gone = missed.subtracting(emptied).union(try await confirmedByHolders(emptied))
        await mark(gone, of: Certificate.table)
    }

    private func confirmedByHolders(_ rows: Set<AbsentRow>) async throws -> Set<AbsentRow> {
        guard !rows.isEmpty else { return [] }
        if !log.hasItems(.certificates) {
            // Does the list answer with anything at all?
            let live = try await run.facts.distinct(\Certificate.courseID)
            guard
                let other = log.presentCourses(among: live.sorted())
                    .first(where: { !log.hasRead(.certificates, $0) })
            else { return [] }
            try await run.read([certificates(other, since: nil)])
            guard log.hasItems(.certificates) else { return [] }
        }
        let holders = Set(rows.map { $0[\Certificate.learnerID] }).sorted()
        return try await confirmed(
            rows,
            of: Certificate.table,
            by: holders.map { learner in
                ReadGroup(
                    [lists.certificates(learner: learner)],
                    publishesByPage: true,
                    covers: [Cover(Certificate.table, scopes: [["learner_id": learner]])]
                )
            }
        )
    }

    /// A column that is no part of the key, for some rows.
    private func values(
        of column: String,
        for rows: Set<AbsentRow>,
        of table: Table,
        by id: String
    ) async throws -> [AbsentRow: String] {
        guard !rows.isEmpty else { return [:] }
        let found = try await run.facts.rows(
            of: table,
            columns: table.key + [column],
            matching: [id: rows.compactMap { $0.key[id] }]
        )
        var values: [AbsentRow: String] = [:]
        for var row in found {
            guard let value = row.removeValue(forKey: column) else { continue }
            values[AbsentRow(table: table.name, key: row)] = value
        }
        return values
    }
}
