/// A gradable thing: test, assignment, gradebook column or total.
///
/// What each property means stands in `columns`.
package struct Assessment: Record {
    package var assessmentID: String
    package var courseID: String?
    package var title: String?
    package var type: String?
    package var scope: String?
    package var category: String?
    package var categoryID: String?
    package var pointsPossible: Numeric?
    package var passPercent: Numeric?
    package var weight: Numeric?
    package var grading: String?
    package var available: Bool?
    package var opensAt: Timestamp?
    package var dueAt: Timestamp?
    package var position: Int32?
    package var externalID: String?
    package var unitID: String?
    package var createdAt: Timestamp?
    package var modifiedAt: Timestamp?
    /// Whether this only stands in for an assessment that a grade names and no list has shown yet; not a column.
    package var isStub: Bool
    package var absentColumns: ColumnSet = []

    /// Makes an assessment; what is not given is null.
    package init(
        assessmentID: String,
        courseID: String? = nil,
        title: String? = nil,
        type: String? = nil,
        scope: String? = nil,
        category: String? = nil,
        categoryID: String? = nil,
        pointsPossible: Numeric? = nil,
        passPercent: Numeric? = nil,
        weight: Numeric? = nil,
        grading: String? = nil,
        available: Bool? = nil,
        opensAt: Timestamp? = nil,
        dueAt: Timestamp? = nil,
        position: Int32? = nil,
        externalID: String? = nil,
        unitID: String? = nil,
        createdAt: Timestamp? = nil,
        modifiedAt: Timestamp? = nil,
        isStub: Bool = false
    ) {
        self.assessmentID = assessmentID
        self.courseID = courseID
        self.title = title
        self.type = type
        self.scope = scope
        self.category = category
        self.categoryID = categoryID
        self.pointsPossible = pointsPossible
        self.passPercent = passPercent
        self.weight = weight
        self.grading = grading
        self.available = available
        self.opensAt = opensAt
        self.dueAt = dueAt
        self.position = position
        self.externalID = externalID
        self.unitID = unitID
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
        self.isStub = isStub
    }

    package static let isVersioned = true

    /// A stub loses to the real record, in a commit unit and in the warehouse, whichever comes first.
    package var version: RecordVersion { isStub ? RecordVersion(primary: RecordVersion.insertOnly) : .none }

    package static let table = Table(
        "assessments",
        of: Self.self,
        """
        A gradable thing: a test, an assignment, a gradebook column, a grading period or a course total. OneRoster: \
        lineItem; LTI AGS: line item; CEDS: Learner Activity / Assessment; Caliper: Assessment.
        """,
        hasInsertOnlyRows: true
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn(
            "assessment_id",
            \.assessmentID,
            """
            The platform's id; course:<course_id> for a course total, period:<course_id>:<name> for a grading \
            period. OneRoster: lineItem.sourcedId; LTI AGS: line item id.
            """
        ),
        RecordColumn(
            "course_id",
            \.courseID,
            "The course it belongs to: lms.courses.course_id. OneRoster: lineItem.class."
        ),
        RecordColumn(
            "title",
            \.title,
            "Title, HTML entities decoded. OneRoster: lineItem.title; LTI AGS: label; CEDS: Assessment Title."
        ),
        RecordColumn(
            "type",
            \.type,
            "Kind of assessment in the platform's own word. CEDS: Assessment Type; Caliper: the entity's type."
        ),
        RecordColumn(
            "scope",
            \.scope,
            """
            What the figure sums up: assessment, course (Blackboard, MATRIX) or grading_period (MATRIX). OneRoster: \
            lineItem.category; no exact standard term.
            """
        ),
        RecordColumn(
            "category",
            \.category,
            """
            The group the course files it under, such as a section or a gradebook category. OneRoster: \
            lineItem.category; CEDS: Assessment Purpose.
            """
        ),
        RecordColumn(
            "category_id",
            \.categoryID,
            "The platform's id of that group. OneRoster: lineItem.category.sourcedId."
        ),
        RecordColumn(
            "points_possible",
            \.pointsPossible,
            "Points for full marks. OneRoster: lineItem.resultValueMax; LTI AGS: scoreMaximum; Caliper: maxScore."
        ),
        RecordColumn(
            "pass_percent",
            \.passPercent,
            """
            Least result that opens the way on, in percent 0-100; null where none is asked for. SCORM: \
            cmi.scaled_passing_score (0-1).
            """
        ),
        RecordColumn(
            "weight",
            \.weight,
            "Share of the course total, in percent 0-100. OneRoster: weight in the category's metadata."
        ),
        RecordColumn(
            "grading",
            \.grading,
            """
            How the grade comes about and counts. Grow, LearnWorlds: normal; Blackboard: attempt, calculated, manual; \
            MATRIX: normal, extra_credit, ignored, not_graded, and calculated for totals. No standard term.
            """
        ),
        RecordColumn(
            "available",
            \.available,
            "Whether learners can see it. CEDS: no exact term; OneRoster: lineItem.status."
        ),
        RecordColumn(
            "opens_at",
            \.opensAt,
            "When learners may begin. OneRoster: lineItem.assignDate; Caliper: dateToActivate."
        ),
        RecordColumn(
            "due_at",
            \.dueAt,
            "When it is due. OneRoster: lineItem.dueDate; CEDS: Assignment Due Date; Caliper: dateToSubmit."
        ),
        RecordColumn("position", \.position, "Place in the course or gradebook, from 1. No standard term."),
        RecordColumn(
            "external_id",
            \.externalID,
            "Id of the same thing in another system. OneRoster: lineItem.metadata; LTI AGS: resourceId."
        ),
        RecordColumn(
            "unit_id",
            \.unitID,
            """
            The course unit it is: lms.course_units.unit_id; on MATRIX, which has no such table, the lesson it stands \
            in. LTI AGS: resourceLinkId.
            """
        ),
        RecordColumn("created_at", \.createdAt, "When it was made on the platform. Caliper: dateCreated."),
        RecordColumn(
            "modified_at",
            \.modifiedAt,
            "When the platform last changed it. OneRoster: lineItem.dateLastModified; Caliper: dateModified."
        ),
    ]
}
