/// How far a learner has come in a course.
///
/// What each property means stands in `columns`.
package struct Progress: Record {
    package var courseID: String
    package var learnerID: String
    package var status: String?
    package var progressRate: Numeric?
    package var averageScoreRate: Numeric?
    package var timeOnCourseSeconds: Int64?
    package var completedUnits: Int32?
    package var totalUnits: Int32?
    package var startedAt: Timestamp?
    package var lastAccessedAt: Timestamp?
    package var completedAt: Timestamp?
    package var finalLetter: String?
    package var parentCourseID: String?
    package var absentColumns: ColumnSet = []

    /// Makes a progress record; what is not given is null.
    package init(
        courseID: String,
        learnerID: String,
        status: String? = nil,
        progressRate: Numeric? = nil,
        averageScoreRate: Numeric? = nil,
        timeOnCourseSeconds: Int64? = nil,
        completedUnits: Int32? = nil,
        totalUnits: Int32? = nil,
        startedAt: Timestamp? = nil,
        lastAccessedAt: Timestamp? = nil,
        completedAt: Timestamp? = nil,
        finalLetter: String? = nil,
        parentCourseID: String? = nil
    ) {
        self.courseID = courseID
        self.learnerID = learnerID
        self.status = status
        self.progressRate = progressRate
        self.averageScoreRate = averageScoreRate
        self.timeOnCourseSeconds = timeOnCourseSeconds
        self.completedUnits = completedUnits
        self.totalUnits = totalUnits
        self.startedAt = startedAt
        self.lastAccessedAt = lastAccessedAt
        self.completedAt = completedAt
        self.finalLetter = finalLetter
        self.parentCourseID = parentCourseID
    }

    package static let table = Table(
        "progress",
        of: Self.self,
        """
        How far a learner has come in a course: one row for each pair. xAPI: result of a course activity; SCORM: \
        completion and progress; Caliper: AggregateProgress; CEDS: Learner Activity progress.
        """
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn("course_id", \.courseID, "The course: lms.courses.course_id. xAPI: object.id."),
        RecordColumn("learner_id", \.learnerID, "The person: lms.learners.learner_id. xAPI: actor."),
        RecordColumn(
            "status",
            \.status,
            """
            not_started, in_progress or completed; Grow and LearnWorlds say not_completed for in_progress. SCORM: \
            cmi.completion_status; xAPI: result.completion.
            """
        ),
        RecordColumn(
            "progress_rate",
            \.progressRate,
            """
            Share of the course done, in percent 0-100. SCORM: cmi.progress_measure (0-1); Caliper: \
            AggregateProgress stepsComplete / stepsTotal.
            """
        ),
        RecordColumn(
            "average_score_rate",
            \.averageScoreRate,
            """
            Average score in percent 0-100 as the platform computes it; 0 may also mean nothing graded. xAPI: \
            result.score.scaled.
            """
        ),
        RecordColumn(
            "time_on_course_seconds",
            \.timeOnCourseSeconds,
            """
            Time spent in the course, in seconds. xAPI: result.duration; SCORM: cmi.total_time; CEDS: Learner \
            Activity Time on Task.
            """
        ),
        RecordColumn("completed_units", \.completedUnits, "Units done. Caliper: AggregateProgress.stepsComplete."),
        RecordColumn(
            "total_units",
            \.totalUnits,
            "Units the learner has to do. Caliper: AggregateProgress.stepsTotal."
        ),
        RecordColumn(
            "started_at",
            \.startedAt,
            "When the learner began. xAPI: timestamp of verb initialized; Caliper: startedAtTime."
        ),
        RecordColumn(
            "last_accessed_at",
            \.lastAccessedAt,
            "When the learner was last active in the course. Caliper: eventTime of the last event."
        ),
        RecordColumn(
            "completed_at",
            \.completedAt,
            """
            When the learner completed the course; may go back to null after a reset. xAPI: timestamp of verb \
            completed; Caliper: endedAtTime.
            """
        ),
        RecordColumn(
            "final_letter",
            \.finalLetter,
            """
            Final grade as a letter or word. CEDS: Student Course Section Final Grade; OneRoster: result.textScore \
            of the course's lineItem.
            """
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
