/// A course of the simulated school with its contents and the records that hang on it.
struct Course: Sendable {
    enum Access: String, Sendable, CaseIterable {
        case paid, free, draft
        case isPrivate = "private"
        case comingSoon = "coming_soon"
        case enrollmentClosed = "enrollment_closed"
    }

    var slug: String
    /// `identifiers.slug`, which may differ from the id; null on some courses.
    var code: String?
    var title: String
    var description: String?
    var label: String?
    var categories: [String]?
    var access: Access
    var expires: Int?
    var expiresType = "days"
    /// Price in hundredths.
    var finalPrice = 0
    var createdAt: Instant
    var modifiedAt: Instant
    var isDeleted = false

    var sections: [CourseSection] = []
    var units: [CourseUnit] = []

    /// Indexes into `School.memberships`, oldest first.
    var memberships: [Int32] = []
    /// Indexes into `School.submissions` by submission time, oldest first; a null time counts as newest.
    var submissions: [Int32] = []
    /// Indexes into `School.certificates` by issue time, oldest first.
    var certificates: [Int32] = []
}

/// A section of a course.
struct CourseSection: Sendable {
    var id: String
    var title: String
    var access: String
}

/// A learning unit of a course.
struct CourseUnit: Sendable {
    static let assessmentType = "assessmentV2"

    /// Null for some units on live schools.
    var id: String?
    var type: String
    var title: String
    /// Index into the course's sections.
    var section: Int
    /// 1-based place within the section.
    var place: Int
    /// False when only grades still name the unit: contents lack it.
    var isListed = true
    /// Indexes into `School.submissions` by submission time, oldest first.
    var submissions: [Int32] = []

    var isAssessment: Bool { type == Self.assessmentType }
}
