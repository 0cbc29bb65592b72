import JSON
import Records
import Transformer

extension LearnWorldsMapping {
    private static let gradeShape = RecordShape(
        key: [.member("user_id"), .nested("learningUnit", "id"), .member("id")],
        ignored: ["email", "created"],
        rejectPayload: ["id", "user_id", "grade", "created", "modified", "submittedTimestamp"],
        objects: [.init("learningUnit", path: "learningUnit.", known: ["id", "type", "icon", "title", "subtitle"])]
    )

    /// Reads one page of a course's submissions.
    ///
    /// `stubs` receives an assessment of each unit named here, to fill in for one that contents lack.
    func grades(
        _ items: JSONValue,
        course: String,
        into batch: inout Batch<Grade>,
        stubs: inout Batch<Assessment>
    ) {
        let shape = Self.gradeShape
        for item in items.elements {
            guard var reader = batch.reader(of: item, shape: shape, context: context, walk: course) else { continue }
            let submission = reader.identifier("id") ?? ""
            let learner = reader.key("user_id")
            let percent = reader.numeric("grade")
            let gradedAt = reader.timestampSeconds("modified")
            let submittedAt = reader.decisiveSeconds("submittedTimestamp")
            let unit = reader.key("learningUnit", "id")
            let unitType = reader.text("learningUnit", "type")
            if reader.failure == nil { addStub(of: unit, type: unitType, course: course, to: &stubs) }
            batch.append(
                Grade(
                    courseID: course,
                    learnerID: learner,
                    assessmentID: unit,
                    percent: percent,
                    // What was never handed in is not graded, whatever figure stands there.
                    status: percent == nil || submittedAt == nil ? "submitted" : "graded",
                    submittedAt: submittedAt,
                    gradedAt: gradedAt,
                    submissionID: submission
                ),
                from: reader,
                shape: shape,
                walk: course
            )
        }
    }

    private func addStub(of unit: String, type: String?, course: String, to stubs: inout Batch<Assessment>) {
        // Newest submissions first: rows of one unit come mostly together, and a course has few assessments.
        // Ids are equal when their bytes are; `==` alone holds two spellings of one character for the same.
        let isKnown = stubs.records.contains {
            $0.assessmentID == unit && $0.assessmentID.utf8.elementsEqual(unit.utf8)
        }
        guard !isKnown else { return }
        stubs.records.append(
            Assessment(
                assessmentID: unit,
                courseID: course,
                type: type,
                scope: "assessment",
                grading: "normal",
                unitID: unit,
                isStub: true
            )
        )
    }
}
