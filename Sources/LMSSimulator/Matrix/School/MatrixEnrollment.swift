/// A learner's place in a class: the fields that a roster adds to the user, and the learner's line of the gradebook.
struct MatrixEnrollment: Sendable {
    /// How a learner came into a class, in the platform's words.
    enum Method: String, Sendable, CaseIterable {
        case direct = "Direct"
        case roster = "Roster"
        case invite = "Invite"
        case transfer = "Transfer"
        case copy = "Copy"
        case file = "File"
        case catalog = "Catalog"
        case api = "API"
        case waitlist = "Waitlist"
        case sis = "SIS"
    }

    var user: Int32
    var method: Method
    var enrolledAt: Instant
    /// Index of the user who enrolled the learner; -1 for none.
    var enrolledBy: Int32 = -1
    var startedAt = Instant.none
    var lastVisitedAt = Instant.none
    /// Seconds.
    var timeSpent = 0
    var completedAt = Instant.none
    var isUnenrolled = false
    var unenrolledAt = Instant.none
    var unenrolledBy: Int32 = -1
    var isDeactivated = false
    var deactivatedAt = Instant.none
    var reactivatedAt = Instant.none
    /// What the learner had at completion; it never moves afterwards.
    var completion = MatrixMark()
    /// The gradebook's cells that something was ever in.
    var cells: [MatrixCell] = []

    var isCompleted: Bool { !completedAt.isNone }
}

/// A cell of the gradebook: one learner's result in one assignment.
struct MatrixCell: Sendable {
    /// A special grade.
    enum Code: String, Sendable, CaseIterable {
        case excused = "X"
        case missing = "M"
        case incomplete = "I"
        case absent = "AB"
    }

    /// Index into the class's assignments.
    var assignment: Int32
    /// Hundredths of a point; -1 for none.
    var score: Int32 = -1
    var code: Code?
    var submittedAt = Instant.none
    /// Index of the user who graded by hand; -1 for none.
    var grader: Int32 = -1
}

/// A percentage with the grade that the class's scale gives it.
struct MatrixMark: Sendable, Equatable {
    /// Hundredths of a percent; -1 for none.
    var percent = -1
    var grade: String?
}
