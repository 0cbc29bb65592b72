/// The membership of a learner in a course.
///
/// What each property means stands in `columns`.
package struct Enrollment: Record {
    package var courseID: String
    package var learnerID: String
    package var role: String?
    package var status: String?
    package var method: String?
    package var enrolledAt: Timestamp?
    package var expiresAt: Timestamp?
    package var startedAt: Timestamp?
    package var lastAccessedAt: Timestamp?
    package var suspendedAt: Timestamp?
    package var endedAt: Timestamp?
    package var parentCourseID: String?
    package var absentColumns: ColumnSet = []

    /// Makes an enrollment; what is not given is null.
    package init(
        courseID: String,
        learnerID: String,
        role: String? = nil,
        status: String? = nil,
        method: String? = nil,
        enrolledAt: Timestamp? = nil,
        expiresAt: Timestamp? = nil,
        startedAt: Timestamp? = nil,
        lastAccessedAt: Timestamp? = nil,
        suspendedAt: Timestamp? = nil,
        endedAt: Timestamp? = nil,
        parentCourseID: String? = nil
    ) {
        self.courseID = courseID
        self.learnerID = learnerID
        self.role = role
        self.status = status
        self.method = method
        self.enrolledAt = enrolledAt
        self.expiresAt = expiresAt
        self.startedAt = startedAt
        self.lastAccessedAt = lastAccessedAt
        self.suspendedAt = suspendedAt
        self.endedAt = endedAt
        self.parentCourseID = parentCourseID
    }

    package static let table = Table(
        "enrollments",
        of: Self.self,
        """
        The membership of a learner in a course: one row for each pair. OneRoster: enrollment; CEDS: Course Section \
        Enrollment; IMS LIS: membership; Caliper: Membership.
        """
    )

    package static let columns: [RecordColumn<Self>] = [
        RecordColumn(
            "course_id",
            \.courseID,
            "The course: lms.courses.course_id. OneRoster: enrollment.class; Caliper: Membership.organization."
        ),
        RecordColumn(
            "learner_id",
            \.learnerID,
            "The person: lms.learners.learner_id. OneRoster: enrollment.user; Caliper: Membership.member."
        ),
        RecordColumn(
            "role",
            \.role,
            """
            learner or instructor; assistant (Blackboard), co_instructor (MATRIX), and Blackboard's other course \
            roles in lower case (coursebuilder, grader, guest …). OneRoster: enrollment.role; IMS LIS: context role.
            """
        ),
        RecordColumn(
            "status",
            \.status,
            """
            active; expired (Grow, LearnWorlds), suspended (Blackboard, MATRIX) or ended. OneRoster: \
            enrollment.status; CEDS: Course Section Enrollment Status Type.
            """
        ),
        RecordColumn(
            "method",
            \.method,
            """
            How the enrollment came about, in MATRIX's own word: Direct, Roster, Invite, Transfer, Copy, File, \
            Catalog, API, Waitlist or SIS. CEDS: Course Section Entry Type.
            """
        ),
        RecordColumn(
            "enrolled_at",
            \.enrolledAt,
            "When the person was enrolled. OneRoster: enrollment.beginDate; CEDS: Enrollment Entry Date."
        ),
        RecordColumn(
            "expires_at",
            \.expiresAt,
            """
            When access runs out; null for never or unknown. No standard term; OneRoster: planned \
            enrollment.endDate.
            """
        ),
        RecordColumn(
            "started_at",
            \.startedAt,
            """
            When the person first opened the course. CEDS: Course Section Start Date; xAPI: timestamp of verb \
            initialized.
            """
        ),
        RecordColumn(
            "last_accessed_at",
            \.lastAccessedAt,
            "When the person last opened the course. Caliper: eventTime of the last NavigationEvent."
        ),
        RecordColumn(
            "suspended_at",
            \.suspendedAt,
            "When the enrollment was suspended; null while it is not. OneRoster: no exact term."
        ),
        RecordColumn(
            "ended_at",
            \.endedAt,
            "When the enrollment ended. OneRoster: enrollment.endDate; CEDS: Enrollment Exit Date."
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
