/// A unit, lesson or activity of a course.
///
/// What each property means stands in `columns`.
package struct CourseUnit: Record {
    package var courseID: String
    package var unitID: String
    package var sectionID: String?
    package var sectionTitle: String?
    package var sectionPosition: Int32?
    package var title: String?
    package var type: String?
    package var position: Int32?
    package var assessmentID: String?
    package var access: String?

    /// Makes a course unit; what is not given is null.
    package init(
        courseID: String,
        unitID: String,
        sectionID: String? = nil,
        sectionTitle: String? = nil,
        sectionPosition: Int32? = nil,
        title: String? = nil,
        type: String? = nil,
        position: Int32? = nil,
        assessmentID: String? = nil,
        access: String? = nil
    ) {
        self.courseID = courseID
        self.unitID = unitID
        self.sectionID = sectionID
        self.sectionTitle = sectionTitle
        self.sectionPosition = sectionPosition
        self.title = title
        self.type = type
        self.position = position
        self.assessmentID = assessmentID
        self.access = access
    }

    package static let table = Table(
        "course_units",
        of: Self.self,
        """
        A unit of a course: one thing to read, watch or do. Common Cartridge: item and resource; Caliper: \
        DigitalResource; xAPI: activity.
        """
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn(
            "course_id",
            \.courseID,
            "The course the unit stands in: lms.courses.course_id. Caliper: DigitalResource.isPartOf."
        ),
        RecordColumn(
            "unit_id",
            \.unitID,
            """
            The platform's id of the unit. Common Cartridge: item.identifier; xAPI: object.id; Caliper: \
            DigitalResource.id.
            """
        ),
        RecordColumn(
            "section_id",
            \.sectionID,
            """
            The platform's id of the section the unit stands in. Common Cartridge: the parent item's identifier; \
            Caliper: Chapter.id.
            """
        ),
        RecordColumn(
            "section_title",
            \.sectionTitle,
            """
            Title of the section, HTML entities decoded. Common Cartridge: the parent item's title; Caliper: \
            Chapter.name.
            """
        ),
        RecordColumn(
            "section_position",
            \.sectionPosition,
            "Place of the section in the course, from 1. No standard term; Common Cartridge: order of items."
        ),
        RecordColumn(
            "title",
            \.title,
            "Title of the unit, HTML entities decoded. Common Cartridge: item.title; xAPI: object.definition.name."
        ),
        RecordColumn(
            "type",
            \.type,
            """
            Kind of unit in the platform's own word (video, pdf, scorm, assessmentV2 …). xAPI: \
            object.definition.type; Caliper: mediaType.
            """
        ),
        RecordColumn(
            "position",
            \.position,
            """
            Place of the unit in the course, over all sections, from 1. No standard term; Common Cartridge: order of \
            items.
            """
        ),
        RecordColumn(
            "assessment_id",
            \.assessmentID,
            """
            The assessment this unit is: lms.assessments.assessment_id; null for other units. OneRoster: \
            lineItem.sourcedId.
            """
        ),
        RecordColumn("access", \.access, "Who may open the section, in the platform's own word. No standard term."),
    ]
}
