/// How far a learner is, in the platform's own words.
enum ProgressStatus: UInt8, Sendable {
    case notStarted, notCompleted, completed

    var name: StaticString {
        switch self {
        case .notStarted: "not_started"
        case .notCompleted: "not_completed"
        case .completed: "completed"
        }
    }
}

/// Progress of one learner in one unit.
struct UnitState: Sendable {
    /// Index into the course's units.
    var unit: Int32
    var seconds: Int32 = 0
    /// Percent, or -1 for null.
    var score: Int16 = -1
    var rate: UInt8 = 0
    var status: ProgressStatus = .notStarted
}

/// One learner in one course: access and progress, which are different records with different lives.
struct Membership: Sendable {
    var learner: Int32
    var course: Int32
    var enrolledAt: Instant
    var expiresAt: Instant = .none
    /// False after an unenrollment.
    var isEnrolled = true
    /// Completions outlive access; unfinished progress goes with the enrollment.
    var hasProgress = true

    var status: ProgressStatus = .notStarted
    var completedAt: Instant = .none
    var seconds: Int32 = 0
    var totalUnits: Int32 = 0
    var completedUnits: Int32 = 0
    /// Percent in hundredths.
    var rate: Int32 = 0
    /// Percent in hundredths; 0 also means that nothing is graded.
    var average: Int32 = 0
    var units: [UnitState] = []

    func isExpired(at now: Instant) -> Bool {
        !expiresAt.isNone && expiresAt <= now
    }

    /// Brings the totals in line with the units, as the platform does when the learner does something.
    mutating func recount(units courseUnits: [CourseUnit]) {
        let listed = courseUnits.count { $0.isListed }
        totalUnits = Int32(listed)
        completedUnits = Int32(units.count { $0.status == .completed })
        rate = listed == 0 ? 0 : min(Int32(10_000), completedUnits * 10_000 / Int32(listed))
        let scores = units.filter { $0.score >= 0 }
        average = scores.isEmpty ? 0 : scores.reduce(0) { $0 + Int32($1.score) * 100 } / Int32(scores.count)
        seconds = max(seconds, units.reduce(0) { $0 + $1.seconds })
        if status != .completed { status = seconds > 0 || completedUnits > 0 ? .notCompleted : .notStarted }
    }
}
