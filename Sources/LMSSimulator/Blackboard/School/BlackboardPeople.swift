extension BlackboardSchool {
    /// `availability.available` of users, memberships and, with `term`, courses.
    enum Availability: String, Sendable {
        case yes = "Yes"
        case no = "No"
        case disabled = "Disabled"
        case term = "Term"
    }

    /// A Learn user, from `GET /v1/users`.
    struct User: Sendable {
        var userName: String
        var externalID: String
        var studentID: String?
        var given: String
        var family: String
        /// `contact.email`; some sites fill `contact.institutionEmail` alone.
        var email: String?
        var institutionEmail: String?
        /// Institution roles, the primary one first.
        var roles: [String] = ["STUDENT"]
        var department: String?
        var jobTitle: String?
        var company: String?
        var availability = Availability.yes
        var created: Instant
        var modified: Instant
        var lastLogin: Instant = .none
        /// Hidden from accounts that are no administrators themselves.
        var isSystemAdmin = false
        var isDeleted = false
        /// Indexes into `BlackboardSchool.members`.
        var members: [Int32] = []

        /// The account Learn makes for a teacher's student preview; it sits in rosters as a student.
        var isPreview: Bool { userName.hasSuffix("_previewuser") }
    }

    /// A course membership, from `GET /v1/courses/{id}/users`.
    ///
    /// The parent's list holds the learners of merged courses, with the child that each one is enrolled in.
    struct Member: Sendable {
        enum Role: String, Sendable, CaseIterable {
            case student = "Student"
            case instructor = "Instructor"
            case facilitator = "BbFacilitator"
            case assistant = "TeachingAssistant"
            case builder = "CourseBuilder"
            case grader = "Grader"
            case guest = "Guest"
        }

        /// How a member's grades have changed since the school started to live.
        ///
        /// A course total that moved leads a reader to all columns of the course only if no column that is polled anyway
        /// explains it (Sources/Platforms/Blackboard/README.md §5, step 4). So that each change stays as visible as it
        /// is declared, nobody gets both.
        enum Touch: UInt8, Sendable {
            case none, hot, cold
        }

        var user: Int32
        var course: Int32
        /// The merged course the learner is enrolled in directly, or -1.
        var child: Int32 = -1
        var role = Role.student
        var availability = Availability.yes
        var created: Instant
        /// Does not move with `lastAccessed` (Sources/Platforms/Blackboard/README.md §8, trap 20).
        var modified: Instant
        var lastAccessed: Instant = .none
        /// What the list shows while `lastAccessed` is younger than its delay.
        var formerAccess: Instant = .none
        /// Content items reviewed.
        var reviewed: Int32 = 0
        var touch = Touch.none
        var isRemoved = false
    }
}
