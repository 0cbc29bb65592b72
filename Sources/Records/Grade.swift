/// A learner's result in one assessment.
///
/// What each property means stands in `columns`.
package struct Grade: Record {
    package var courseID: String
    package var learnerID: String
    package var assessmentID: String
    package var score: Numeric?
    package var pointsPossible: Numeric?
    package var percent: Numeric?
    package var letter: String?
    package var status: String?
    package var exempt: Bool?
    package var overridden: Bool?
    package var overriddenAt: Timestamp?
    package var submittedAt: Timestamp?
    package var gradedAt: Timestamp?
    package var changeIndex: Int64?
    package var parentCourseID: String?
    /// The submission's own id: decides between submissions of equal times; not a column.
    package var submissionID: String
    package var absentColumns: ColumnSet = []

    /// Makes a grade; what is not given is null.
    package init(
        courseID: String,
        learnerID: String,
        assessmentID: String,
        score: Numeric? = nil,
        pointsPossible: Numeric? = nil,
        percent: Numeric? = nil,
        letter: String? = nil,
        status: String? = nil,
        exempt: Bool? = nil,
        overridden: Bool? = nil,
        overriddenAt: Timestamp? = nil,
        submittedAt: Timestamp? = nil,
        gradedAt: Timestamp? = nil,
        changeIndex: Int64? = nil,
        parentCourseID: String? = nil,
        submissionID: String = ""
    ) {
        self.courseID = courseID
        self.learnerID = learnerID
        self.assessmentID = assessmentID
        self.score = score
        self.pointsPossible = pointsPossible
        self.percent = percent
        self.letter = letter
        self.status = status
        self.exempt = exempt
        self.overridden = overridden
        self.overriddenAt = overriddenAt
        self.submittedAt = submittedAt
        self.gradedAt = gradedAt
        self.changeIndex = changeIndex
        self.parentCourseID = parentCourseID
        self.submissionID = submissionID
    }

    package static let isVersioned = true

    /// The newest submission wins, then the latest grading of it.
    ///
    /// Where the platform counts changes, the count alone decides. A submission without a time sorts as the newest.
    package var version: RecordVersion {
        if let changeIndex { return RecordVersion(primary: changeIndex) }
        return RecordVersion(
            primary: submittedAt?.microseconds ?? Int64.max,
            secondary: gradedAt?.microseconds ?? Int64.min,
            tiebreak: submissionID
        )
    }

    package static let table = Table(
        "grades",
        of: Self.self,
        """
        A learner's result in one assessment: the latest submission where there are several. OneRoster: result; LTI \
        AGS: result; CEDS: Assessment Result; Caliper: Score; xAPI: result.
        """,
        supersededBy: ["submitted_at", "graded_at"]
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn("course_id", \.courseID, "The course: lms.courses.course_id. OneRoster: result.lineItem.class."),
        RecordColumn(
            "learner_id",
            \.learnerID,
            """
            The person: lms.learners.learner_id; '' where the platform hides who it is. OneRoster: result.student; \
            LTI AGS: userId.
            """
        ),
        RecordColumn(
            "assessment_id",
            \.assessmentID,
            "The assessment: lms.assessments.assessment_id. OneRoster: result.lineItem."
        ),
        RecordColumn(
            "score",
            \.score,
            """
            Points; null where the platform gives only a percentage. OneRoster: result.score; LTI AGS: resultScore; \
            xAPI: result.score.raw.
            """
        ),
        RecordColumn(
            "points_possible",
            \.pointsPossible,
            "Points for full marks when this result was given. LTI AGS: resultMaximum; xAPI: result.score.max."
        ),
        RecordColumn(
            "percent",
            \.percent,
            """
            Result in percent 0-100; above 100 with extra credit. xAPI: result.score.scaled (0-1); CEDS: Assessment \
            Result Score Value.
            """
        ),
        RecordColumn(
            "letter",
            \.letter,
            "Result as a letter or word. OneRoster: result.textScore; CEDS: Grade Earned."
        ),
        RecordColumn(
            "status",
            \.status,
            """
            graded; submitted (Grow, LearnWorlds, MATRIX); not_graded (Blackboard, MATRIX); excused, missing, \
            incomplete or absent (MATRIX); error (Blackboard). OneRoster: result.scoreStatus; LTI AGS: gradingProgress.
            """
        ),
        RecordColumn(
            "exempt",
            \.exempt,
            "Whether the result does not count for this learner. OneRoster: scoreStatus exempt."
        ),
        RecordColumn("overridden", \.overridden, "Whether a person set the result by hand. No standard term."),
        RecordColumn("overridden_at", \.overriddenAt, "When a person set the result by hand. No standard term."),
        RecordColumn(
            "submitted_at",
            \.submittedAt,
            "When the learner submitted the work. Caliper: endedAtTime of the Attempt; OneRoster: no exact term."
        ),
        RecordColumn(
            "graded_at",
            \.gradedAt,
            """
            When the result was given or last changed. OneRoster: result.scoreDate; LTI AGS: timestamp; Caliper: \
            Score.dateCreated.
            """
        ),
        RecordColumn(
            "change_index",
            \.changeIndex,
            "The platform's counter of changes to this cell; larger is newer. No standard term."
        ),
        RecordColumn(
            "parent_course_id",
            \.parentCourseID,
            """
            The parent course where the learner sits in a child course: lms.courses.course_id. Caliper: \
            subOrganizationOf.
            """
        ),
    ]
}
