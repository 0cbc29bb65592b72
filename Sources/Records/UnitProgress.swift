/// How far a learner has come in one unit of a course.
///
/// What each property means stands in `columns`.
package struct UnitProgress: Record {
    package var courseID: String
    package var learnerID: String
    package var unitID: String
    package var sectionID: String?
    package var unitTitle: String?
    package var unitType: String?
    package var status: String?
    package var progressRate: Numeric?
    package var scoreRate: Numeric?
    package var timeOnUnitSeconds: Int64?
    package var completedAt: Timestamp?

    /// Makes a unit progress record; what is not given is null.
    package init(
        courseID: String,
        learnerID: String,
        unitID: String,
        sectionID: String? = nil,
        unitTitle: String? = nil,
        unitType: String? = nil,
        status: String? = nil,
        progressRate: Numeric? = nil,
        scoreRate: Numeric? = nil,
        timeOnUnitSeconds: Int64? = nil,
        completedAt: Timestamp? = nil
    ) {
        self.courseID = courseID
        self.learnerID = learnerID
        self.unitID = unitID
        self.sectionID = sectionID
        self.unitTitle = unitTitle
        self.unitType = unitType
        self.status = status
        self.progressRate = progressRate
        self.scoreRate = scoreRate
        self.timeOnUnitSeconds = timeOnUnitSeconds
        self.completedAt = completedAt
    }

    package static let table = Table(
        "unit_progress",
        of: Self.self,
        """
        How far a learner has come in one unit of a course. xAPI: result of an activity; SCORM: one cmi data model \
        instance; Caliper: Attempt.
        """
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn(
            "course_id",
            \.courseID,
            "The course: lms.courses.course_id. xAPI: context.contextActivities.parent."
        ),
        RecordColumn("learner_id", \.learnerID, "The person: lms.learners.learner_id. xAPI: actor."),
        RecordColumn(
            "unit_id",
            \.unitID,
            """
            The unit: lms.course_units.unit_id; s:<section_id>:<position> where the platform has no id for it. xAPI: \
            object.id.
            """
        ),
        RecordColumn(
            "section_id",
            \.sectionID,
            "The section the unit stands in: lms.course_units.section_id. Caliper: Chapter.id."
        ),
        RecordColumn(
            "unit_title",
            \.unitTitle,
            "Title of the unit when it was read, HTML entities decoded. xAPI: object.definition.name."
        ),
        RecordColumn("unit_type", \.unitType, "Kind of unit in the platform's own word. xAPI: object.definition.type."),
        RecordColumn(
            "status",
            \.status,
            """
            not_started, not_completed or completed, as the platform says it. SCORM: cmi.completion_status; xAPI: \
            result.completion.
            """
        ),
        RecordColumn(
            "progress_rate",
            \.progressRate,
            "Share of the unit done, in percent 0-100. SCORM: cmi.progress_measure (0-1)."
        ),
        RecordColumn(
            "score_rate",
            \.scoreRate,
            """
            The platform's own score for the unit, in percent 0-100; null while there is none. xAPI: \
            result.score.scaled; SCORM: cmi.score.scaled.
            """
        ),
        RecordColumn(
            "time_on_unit_seconds",
            \.timeOnUnitSeconds,
            "Time spent in the unit, in seconds. xAPI: result.duration; SCORM: cmi.total_time."
        ),
        RecordColumn(
            "completed_at",
            \.completedAt,
            "Reserved, no platform sends it: when the learner completed the unit. xAPI: timestamp of verb completed."
        ),
    ]
}
