import Records

/// What the warehouse knows that decides how a course's lists are read.
struct BlackboardFacts<Run: RunContext>: Sendable {
    let run: Run
    let activity: CourseActivity

    /// The terms, for the courses that belong to them.
    func terms() async throws -> TermBook {
        let rows = try await run.facts.rows(
            of: Term.table,
            columns: ["term_id", "title", "type", "starts_at", "ends_at", "status"],
            matching: [:]
        )
        return TermBook(
            rows.compactMap { row in
                row["term_id"].map { id in
                    Term(
                        termID: id,
                        title: row["title"],
                        type: row["type"],
                        startsAt: Self.time(row["starts_at"]),
                        endsAt: Self.time(row["ends_at"]),
                        status: row["status"]
                    )
                }
            }
        )
    }

    /// The courses as they are stored.
    func catalogue() async throws -> CourseCatalogue {
        CourseCatalogue(
            rows: try await run.facts.rows(of: Course.table, columns: CourseCatalogue.columns, matching: [:]),
            scope: run.scope
        )
    }

    /// The ids of the preview users met so far.
    func previewUsers() async throws -> PreviewUsers {
        let position = try await run.facts.watermark("learners", PreviewUsers.partition)
        return PreviewUsers(position?.list("ids") ?? [])
    }

    /// Who is in each of the courses: the stored rows, and what this run has read over them.
    func rosters(of courses: [String]) async throws -> [String: Roster] {
        var rosters = Dictionary(courses.map { ($0, Roster(course: $0)) }) { first, _ in first }
        let columns = ["course_id", "learner_id", "parent_course_id", "last_accessed_at", "status"]
        for column in ["course_id", "parent_course_id"] {
            let rows = try await run.facts.rows(of: Enrollment.table, columns: columns, matching: [column: courses])
            // Of a child course's own rows only those count that the course itself is asked for.
            for row in rows {
                guard let asked = row["parent_course_id"] ?? row["course_id"] else { continue }
                rosters[asked]?.note(row: row)
            }
        }
        for course in courses {
            for row in activity.memberships(of: course) { rosters[course]?.note(row: row) }
        }
        return rosters
    }

    /// The stored columns of each of the courses.
    func gradebooks(of courses: [String]) async throws -> [String: Gradebook] {
        let rows = try await run.facts.rows(
            of: Assessment.table,
            columns: GradebookColumn.storedColumns,
            matching: ["course_id": courses]
        )
        var books = Dictionary(courses.map { ($0, Gradebook(course: $0)) }) { first, _ in first }
        let marks = try await run.facts.watermarks("assessments", partitions: courses)
        for row in rows {
            guard let course = row["course_id"], var column = GradebookColumn(row: row) else { continue }
            if column.isTotal, let id = marks[course]?.text(GradebookCache.totalMember) { column.id = id }
            books[course]?.columns.append(column)
        }
        return books
    }

    /// The cells of some columns that the warehouse has a row for.
    func cells(ofColumns ids: [String]) async throws -> Set<BlackboardMapping.Cell> {
        let rows = try await run.facts.rows(
            of: Grade.table,
            columns: ["assessment_id", "learner_id"],
            matching: ["assessment_id": ids]
        )
        return Set(
            rows.compactMap { row in
                guard let assessment = row["assessment_id"], let learner = row["learner_id"] else { return nil }
                return BlackboardMapping.Cell(assessment: assessment, learner: learner)
            }
        )
    }

    /// What is stored of the attempts at some columns: when learners last handed in, and which attempts name nobody.
    func attempts(
        ofColumns ids: [String]
    ) async throws -> (submissions: SubmissionBook, anonymous: [String: Set<String>]) {
        let rows = try await run.facts.rows(
            of: AssessmentResponse.table,
            columns: ["assessment_id", "learner_id", "response_id", "submitted_at"],
            matching: ["assessment_id": ids]
        )
        let book = SubmissionBook()
        var anonymous: [String: Set<String>] = [:]
        for row in rows {
            guard let assessment = row["assessment_id"], let learner = row["learner_id"],
                let response = row["response_id"]
            else { continue }
            if learner.isEmpty { anonymous[assessment, default: []].insert(response) }
            book.note([
                AssessmentResponse(
                    learnerID: learner,
                    responseID: response,
                    assessmentID: assessment,
                    submittedAt: Self.time(row["submitted_at"])
                )
            ])
        }
        return (book, anonymous)
    }

    static func time(_ text: String?) -> Timestamp? {
        text.flatMap(Int64.init).map(Timestamp.init(microsecondsSinceEpoch:))
    }
}
