/// A course, class or training.
///
/// What each property means stands in `columns`.
package struct Course: Record {
    package var courseID: String
    package var title: String?
    package var code: String?
    package var description: String?
    package var status: String?
    package var category: String?
    package var termID: String?
    package var parentCourseID: String?
    package var url: String?
    package var startsAt: Timestamp?
    package var endsAt: Timestamp?
    package var createdAt: Timestamp?
    package var modifiedAt: Timestamp?
    package var customFields: JSONText?
    package var absentColumns: ColumnSet = []

    /// Makes a course; what is not given is null.
    package init(
        courseID: String,
        title: String? = nil,
        code: String? = nil,
        description: String? = nil,
        status: String? = nil,
        category: String? = nil,
        termID: String? = nil,
        parentCourseID: String? = nil,
        url: String? = nil,
        startsAt: Timestamp? = nil,
        endsAt: Timestamp? = nil,
        createdAt: Timestamp? = nil,
        modifiedAt: Timestamp? = nil,
        customFields: JSONText? = nil
    ) {
        self.courseID = courseID
        self.title = title
        self.code = code
        self.description = description
        self.status = status
        self.category = category
        self.termID = termID
        self.parentCourseID = parentCourseID
        self.url = url
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.createdAt = createdAt
        self.modifiedAt = modifiedAt
        self.customFields = customFields
    }

    package static let table = Table(
        "courses",
        of: Self.self,
        """
        A course as learners take it: one row for each offering. OneRoster: class (of a course); CEDS: Course Section; \
        IMS LIS: course section; Caliper: CourseSection.
        """
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn(
            "course_id",
            \.courseID,
            """
            The platform's id of the course. OneRoster: class.sourcedId; CEDS: Course Section Identifier; Caliper: \
            CourseSection.id.
            """
        ),
        RecordColumn("title", \.title, "Title, HTML entities decoded. OneRoster: class.title; CEDS: Course Title."),
        RecordColumn(
            "code",
            \.code,
            """
            Short code or slug by which the school refers to the course. OneRoster: class.classCode; CEDS: Course \
            Code; Caliper: courseNumber.
            """
        ),
        RecordColumn(
            "description",
            \.description,
            "Description as the platform gives it, may hold HTML. CEDS: Course Description."
        ),
        RecordColumn(
            "status",
            \.status,
            """
            active; archived (Blackboard, MATRIX), draft (Grow, LearnWorlds, MATRIX), private (Grow, LearnWorlds) or \
            unavailable (Grow, LearnWorlds, Blackboard); other values are the platform's own. OneRoster: class.status.
            """
        ),
        RecordColumn(
            "category",
            \.category,
            """
            First category, subject or term name the platform files the course under. OneRoster: class.subjects; \
            CEDS: Course Subject.
            """
        ),
        RecordColumn(
            "term_id",
            \.termID,
            "The term the course runs in: lms.terms.term_id. OneRoster: class.terms; CEDS: Session."
        ),
        RecordColumn(
            "parent_course_id",
            \.parentCourseID,
            """
            The course this one is a child or section of: lms.courses.course_id. OneRoster: class.course; Caliper: \
            subOrganizationOf.
            """
        ),
        RecordColumn("url", \.url, "Address of the course for people, without secrets. Caliper: the entity's IRI."),
        RecordColumn(
            "starts_at",
            \.startsAt,
            "When the course opens. CEDS: Course Begin Date; OneRoster: startDate of the class's term."
        ),
        RecordColumn(
            "ends_at",
            \.endsAt,
            "When the course closes. CEDS: Course End Date; OneRoster: endDate of the class's term."
        ),
        RecordColumn("created_at", \.createdAt, "When the course was made on the platform. Caliper: dateCreated."),
        RecordColumn(
            "modified_at",
            \.modifiedAt,
            "When the platform last changed the course. OneRoster: class.dateLastModified; Caliper: dateModified."
        ),
        RecordColumn(
            "custom_fields",
            \.customFields,
            """
            Further fields as the platform names them, keys sorted: a JSON object. No standard term; OneRoster: \
            metadata (vendor extensions).
            """
        ),
    ]
}
