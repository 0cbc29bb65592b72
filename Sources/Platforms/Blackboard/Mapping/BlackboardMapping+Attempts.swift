import JSON
import Records
import Transformer

extension BlackboardMapping {
    private static let attemptShape = RecordShape(
        key: [.member("userId"), .member("id")],
        ignored: [
            "groupAttemptId", "groupOverride", "readyToPost", "text", "score", "reconciliationMode", "notes",
            "feedback",
            "groupAttemptStudentComments", "studentComments", "studentSubmission", "exempt", "created", "modified",
            "attemptReceipt",
        ],
        rejectPayload: ["id", "userId", "status", "created", "attemptDate", "modified"]
    )

    /// Reads one page of the attempts at one column.
    ///
    /// An attempt in an anonymous column names nobody until the grades are released: it belongs to the learner `''`.
    /// What is still being written is no attempt yet.
    func attempts(
        _ items: JSONValue,
        column: GradebookColumn,
        roster: Roster,
        into batch: inout Batch<AssessmentResponse>,
        leavingOut isLeftOut: (String) -> Bool = { _ in false }
    ) {
        let shape = Self.attemptShape
        for item in items.elements {
            guard var reader = batch.reader(of: item, shape: shape, context: context, walk: column.assessmentID) else {
                continue
            }
            let id = reader.key("id")
            var learner = ""
            if let value = reader.value("userId"), !value.isNull { learner = reader.key("userId") }
            let status = reader.text("status")
            let display = display(&reader, &batch.driftLog)
            let submittedAt = reader.timestampISO("attemptDate")
            if reader.failure == nil, isLeftOut(learner) || status == "InProgress" || status == "InMoreProgress" {
                continue
            }
            let possible = display.possible ?? column.pointsPossible
            batch.append(
                AssessmentResponse(
                    learnerID: learner,
                    responseID: id,
                    assessmentID: column.assessmentID,
                    courseID: learner.isEmpty ? roster.course : roster.place(of: learner).course,
                    submittedAt: submittedAt,
                    score: display.score,
                    percent: display.score.flatMap { score in possible.flatMap { score.percent(of: $0) } }
                ),
                from: reader,
                shape: shape,
                walk: column.assessmentID
            )
        }
    }
}
