import Extractor
import JSON
import Records
import Transformer

/// Assignments and gradebook of one class.
extension MatrixLists {
    func assignments(
        _ course: String,
        _ own: MatrixClassBook,
        isNeeded: @escaping @Sendable () -> Bool
    ) -> ListRead {
        let request = calls.request(.assignmentsForClass, [("class_id", course)], stream: "assessments")
        return single(
            "assessments",
            course,
            request,
            isNeeded: isNeeded,
            completion: { outcome in
                var position = MarkPosition()
                position.setRead(outcome.asOf)
                position.set("unlisted", list: own.unknownAssignments.sorted())
                return [.watermark(stream: "assessments", partition: course, position: position, asOf: outcome.asOf)]
            }
        ) { items in
            var assessments = Batch<Assessment>(stream: "assessments")
            mapping.assignments(items, course: course, into: &assessments)
            own.noteAssignments(assessments.records.map(\.assessmentID))
            book.note(.assignments, of: course, length: items.count)
            return ParsedPage([assessments])
        }
    }

    /// The gradebook of a class; of a class without learners there is nothing to ask.
    func gradebook(
        _ course: String,
        _ own: MatrixClassBook,
        periods: Set<String>,
        _ run: some RunContext
    ) -> ListRead {
        let emptied = Handover<[Grade]>()
        let isBaseline = run.mode == .baseline
        let refinement: Refinement = { try await addEmptied(emptied.take() ?? [], to: $0, course, run) }
        let request = calls.request(.gradesForClass, [("class_id", course)], stream: "grades")
        return single(
            "grades",
            course,
            request,
            isNeeded: { own.hasLearners },
            refine: refinement,
            completion: { outcome in [readMark("grades", course, outcome)] }
        ) { items in
            let gradebook = mapping.gradebook(items, course: course, periods: periods)
            own.noteNamed(gradebook.assignments)
            if !isBaseline { noteNames(in: gradebook, of: items, course) }
            if !isBaseline { emptied.leave(gradebook.emptied) }
            return ParsedPage([gradebook.grades])
        }
    }

    private func noteNames(in gradebook: MatrixGradebook, of items: JSONValue, _ course: String) {
        let names = MatrixGradebookNames(hasLearners: items.count > 0, assignments: gradebook.assignments)
        book.note(names, ofGradebook: course)
    }

    /// The gradebook of a class, of which nothing is stored.
    func gradebookNames(_ course: String) -> ListRead {
        let request = calls.request(.gradesForClass, [("class_id", course)], stream: "grades")
        return single("grades", course, request) { items in
            noteNames(in: mapping.gradebook(items, course: course, periods: []), of: items, course)
            return ParsedPage()
        }
    }

    /// A cell that holds nothing is a row only where the warehouse has one that held something.
    private func addEmptied(
        _ cells: [Grade],
        to parsed: ParsedPage,
        _ course: String,
        _ run: some RunContext
    ) async throws -> ParsedPage {
        guard !cells.isEmpty else { return parsed }
        let stored = try await run.facts.rows(
            of: Grade.table,
            columns: ["learner_id", "assessment_id"],
            matching: [
                "course_id": [course],
                "status": ["graded", "submitted", "excused", "missing", "incomplete", "absent"],
            ]
        )
        let keys = Set(stored.map { [$0["learner_id"] ?? "", $0["assessment_id"] ?? ""] })
        var grades = Batch<Grade>(stream: "grades")
        grades.records = cells.filter { keys.contains([$0.learnerID, $0.assessmentID]) }
        guard !grades.records.isEmpty else { return parsed }
        var parsed = parsed
        parsed.batches.append(grades)
        return parsed
    }
}
