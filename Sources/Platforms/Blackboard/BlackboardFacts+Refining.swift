import JSON
import Records
import Transformer

extension BlackboardFacts {
    /// Adds to a page of terms the stored courses that a renamed or moved term changes: the platform does not tell of them.
    ///
    /// - Parameter isRead: Whether this run has read the course itself, so that the stored row is no longer the newest.
    func addingCourses(
        of terms: TermBook,
        unless isRead: @escaping @Sendable (String) -> Bool
    ) -> @Sendable (ParsedPage) async throws -> ParsedPage {
        { parsed in
            let ids = terms.changed.filter { terms.former($0) != nil }.sorted()
            guard !ids.isEmpty else { return parsed }
            let rows = try await run.facts.rows(
                of: Course.table,
                columns: Course.table.columns.map(\.name),
                matching: ["term_id": ids]
            )
            var courses = Batch<Course>(stream: "courses")
            for row in rows {
                guard var course = Self.course(row), !isRead(course.courseID), let id = course.termID,
                    let term = terms[id], let former = terms.former(id)
                else { continue }
                course.category = term.title
                // Only dates that were the term's own move with it.
                if (course.startsAt, course.endsAt) == (former.startsAt, former.endsAt) {
                    (course.startsAt, course.endsAt) = (term.startsAt, term.endsAt)
                }
                courses.records.append(course)
            }
            var parsed = parsed
            if !courses.records.isEmpty { parsed.batches.append(courses) }
            return parsed
        }
    }

    /// Compares a page of users with those stored under the same ids.
    ///
    /// - Throws: what stops the source, when more than 1 % of them are other people.
    func checkingIdentities() -> @Sendable (ParsedPage) async throws -> ParsedPage {
        { parsed in
            for case let batch as Batch<Learner> in parsed.batches where !batch.records.isEmpty {
                let rows = try await run.facts.rows(
                    of: Learner.table,
                    columns: ["learner_id", "custom_fields"],
                    matching: ["learner_id": batch.records.map(\.learnerID)]
                )
                var known: [String: String] = [:]
                for row in rows {
                    if let id = row["learner_id"] { known[id] = row["custom_fields"].flatMap(Identity.uuid) }
                }
                let others = batch.records.count { learner in
                    guard let uuid = learner.customFields.flatMap({ Identity.uuid(in: $0.text) }) else { return false }
                    return known[learner.learnerID].map { $0 != uuid } ?? false
                }
                try Identity.check(others: others, of: batch.records.count, "users")
            }
            return parsed
        }
    }

    private static func course(_ row: [String: String]) -> Course? {
        guard let id = row["course_id"] else { return nil }
        return Course(
            courseID: id,
            title: row["title"],
            code: row["code"],
            description: row["description"],
            status: row["status"],
            category: row["category"],
            termID: row["term_id"],
            parentCourseID: row["parent_course_id"],
            url: row["url"],
            startsAt: time(row["starts_at"]),
            endsAt: time(row["ends_at"]),
            createdAt: time(row["created_at"]),
            modifiedAt: time(row["modified_at"]),
            customFields: row["custom_fields"].map { JSONText($0) }
        )
    }
}
