/// One submission of a learner to an assessment, with its answers.
///
/// What each property means stands in `columns`.
package struct AssessmentResponse: Record {
    package var learnerID: String
    package var responseID: String
    package var assessmentID: String?
    package var courseID: String?
    package var submittedAt: Timestamp?
    package var score: Numeric?
    package var percent: Numeric?
    package var passed: Bool?
    package var answers: JSONText?

    /// Makes an assessment response; what is not given is null.
    package init(
        learnerID: String,
        responseID: String,
        assessmentID: String? = nil,
        courseID: String? = nil,
        submittedAt: Timestamp? = nil,
        score: Numeric? = nil,
        percent: Numeric? = nil,
        passed: Bool? = nil,
        answers: JSONText? = nil
    ) {
        self.learnerID = learnerID
        self.responseID = responseID
        self.assessmentID = assessmentID
        self.courseID = courseID
        self.submittedAt = submittedAt
        self.score = score
        self.percent = percent
        self.passed = passed
        self.answers = answers
    }

    package static let table = Table(
        "assessment_responses",
        of: Self.self,
        """
        One submission of a learner to an assessment. Caliper: Attempt and Response; xAPI: statements answered; QTI \
        Results Reporting: testResult; LTI AGS: score.
        """
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn(
            "learner_id",
            \.learnerID,
            "The person: lms.learners.learner_id; '' where the platform hides who it is. Caliper: Attempt.assignee."
        ),
        RecordColumn(
            "response_id",
            \.responseID,
            "The platform's id of the submission. Caliper: Attempt.id; QTI: sessionIdentifier."
        ),
        RecordColumn(
            "assessment_id",
            \.assessmentID,
            "The assessment: lms.assessments.assessment_id. Caliper: Attempt.assignable; OneRoster: result.lineItem."
        ),
        RecordColumn("course_id", \.courseID, "The course: lms.courses.course_id. Caliper: Attempt.isPartOf."),
        RecordColumn(
            "submitted_at",
            \.submittedAt,
            "When it was submitted. Caliper: Attempt.endedAtTime; QTI: datestamp."
        ),
        RecordColumn(
            "score",
            \.score,
            "Points of this submission; null while there are none. Caliper: Score.scoreGiven; xAPI: result.score.raw."
        ),
        RecordColumn(
            "percent",
            \.percent,
            "Result of this submission in percent 0-100. xAPI: result.score.scaled (0-1)."
        ),
        RecordColumn(
            "passed",
            \.passed,
            """
            Whether it is a pass; null where the platform does not say. xAPI: result.success; SCORM: \
            cmi.success_status.
            """
        ),
        RecordColumn(
            "answers",
            \.answers,
            """
            The answers: a JSON array in the platform's shape, without links to files. QTI: itemResult; xAPI: \
            result.response; Caliper: Response.
            """
        ),
    ]
}
