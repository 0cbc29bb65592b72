import Extractor
import JSON
import Records
import Transformer

/// Assignments and gradebook of one class.
extension MatrixLists {
    func assignments(
        _ facts: MatrixClassFacts,
        isNeeded: @escaping @Sendable () -> Bool
    ) -> ListRead {
        let course = facts.course
        let request = calls.request(.assignmentsForClass, [("class_id", course)], stream: "assessments")
        var list = single(
            "assessments",
            course,
            request,
            isNeeded: isNeeded,
            completion: { outcome in
                var position = MarkPosition()
                position.setRead(outcome.asOf)
                position[.unlisted] = log.unknownAssignments(of: course, known: facts.assignments).sorted()
                return [.watermark(stream: "assessments", partition: course, position: position, asOf: outcome.asOf)]
            }
        ) { items in
            var assessments = Batch<Assessment>(stream: "assessments")
            mapping.assignments(items, course: course, into: &assessments)
            let listed = ListedAssignments(key: course, ids: Set(assessments.records.map(\.assessmentID)))
            return ParsedPage([assessments], notes: ReadNotes([listed]))
        }
        list.logName = ReadLog.Matrix.assignments
        return list
    }

    /// The gradebook of a class; of a class without learners there is nothing to ask.
    func gradebook(
        _ course: String,
        periods: Set<String>,
        _ run: some RunContext
    ) -> ListRead {
        let isBaseline = run.mode == .baseline
        let refinement: Refinement = { try await addEmptied(to: $0, course, run) }
        let request = calls.request(.gradesForClass, [("class_id", course)], stream: "grades")
        return single(
            "grades",
            course,
            request,
            isNeeded: { !(log.note(ClassRoster.self, course)?.learners.isEmpty ?? true) },
            refine: refinement,
            completion: { outcome in [readMark("grades", course, outcome)] }
        ) { items in
            let gradebook = mapping.gradebook(items, course: course, periods: periods)
            var notes = ReadNotes([names(in: gradebook, of: items, course)])
            if !isBaseline { notes.add(EmptiedCells(cells: gradebook.emptied)) }
            return ParsedPage([gradebook.grades], notes: notes)
        }
    }

    private func names(in gradebook: MatrixGradebook, of items: JSONValue, _ course: String) -> GradebookNames {
        GradebookNames(key: course, hasLearners: items.count > 0, assignments: gradebook.assignments)
    }

    /// The gradebook of a class, of which nothing is stored.
    func gradebookNames(_ course: String) -> ListRead {
        let request = calls.request(.gradesForClass, [("class_id", course)], stream: "grades")
        return single("grades", course, request) { items in
            let gradebook = mapping.gradebook(items, course: course, periods: [])
            return ParsedPage(notes: ReadNotes([names(in: gradebook, of: items, course)]))
        }
    }

    /// A cell that holds nothing is a row only where the warehouse has one that held something.
    private func addEmptied(
        to page: ParsedPage,
        _ course: String,
        _ run: some RunContext
    ) async throws -> ParsedPage {
        var parsed = page
        let cells = parsed.notes.take(EmptiedCells.self)[0]?.cells ?? []
        guard !cells.isEmpty else { return parsed }
        let filled = ["graded", "submitted", "excused", "missing", "incomplete", "absent"]
        let stored = try await run.facts.rows(
            of: Grade.self,
            [\.learnerID, \.assessmentID],
            where: [.any(\.courseID, of: [course]), .any(\.status, of: filled)]
        )
        let keys = Set(stored.map { [$0[\.learnerID], $0[\.assessmentID]] })
        var grades = Batch<Grade>(stream: "grades")
        grades.records = cells.filter { keys.contains([$0.learnerID, $0.assessmentID]) }
        if !grades.records.isEmpty { parsed.batches.append(grades) }
        return parsed
    }
}
