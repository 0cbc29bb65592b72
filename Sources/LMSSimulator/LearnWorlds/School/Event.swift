/// One row of the platform's event log.
struct Event: Sendable {
    var createdAt: Instant
    /// Index into `School.learners`, or -1 for null.
    var learner: Int32
    /// Index into `School.courses`, or -1 for none.
    var course: Int32
    /// Index into `Activity.all`.
    var activity: UInt8
    /// True when the log names the course as a bare string.
    var hasBareCourse = false
}

/// What can happen in a school, as the event log spells it.
struct Activity: Sendable {
    var name: String
    var type: String
    var description: String

    static let all: [Activity] = [
        Activity(name: "register", type: "user", description: "Registered in the school"),
        Activity(name: "login", type: "user", description: "Logged in"),
        Activity(name: "enrollment", type: "product", description: "Enrolled in a course"),
        Activity(name: "manual_enrollment", type: "product", description: "Enrolled by an administrator"),
        Activity(name: "free_enrollment", type: "product", description: "Enrolled for free"),
        Activity(name: "purchase", type: "product", description: "Bought a course"),
        Activity(name: "visit_course", type: "course", description: "Visited a course"),
        Activity(name: "session_started", type: "session", description: "Started a session"),
        Activity(name: "complete_course", type: "course", description: "Completed a course"),
        Activity(name: "award_certificate", type: "award", description: "Awarded a certificate"),
        Activity(name: "quantum_leap", type: "other", description: "Did something new"),
        Activity(name: "school_announcement", type: "school", description: "An announcement was sent"),
    ]

    /// The index of an activity; names are the table's own, so an unknown one is the last row.
    static func index(_ name: String) -> UInt8 {
        UInt8(all.firstIndex { $0.name == name } ?? all.count - 1)
    }
}
