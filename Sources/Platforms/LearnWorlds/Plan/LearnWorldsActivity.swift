/// What an entry of the event log says has to be read again.
///
/// The table of Sources/Platforms/LearnWorlds/README.md §5.
enum LearnWorldsActivity: Sendable, Equatable {
    /// Study went on: progress, but not at every visit.
    case visit
    /// The learner's progress, at once.
    case progress
    /// Progress, and the certificates of the course or learner.
    case certificate
    /// Access may have changed: enrollments and progress.
    case access
    /// Nothing a stream of ours shows.
    case irrelevant

    init(_ activity: String, repullsUnknown: Bool) {
        switch activity {
        case "visit_course": self = .visit
        case "complete_course": self = .progress
        case "award_certificate": self = .certificate
        case "enrollment", "manual_enrollment", "free_enrollment", "purchase", "failed_purchase", "installment_paid":
            self = .access
        case "register", "login", "logout", "follow", "sca_related_events":
            // A new account is found by its registration time.
            self = .irrelevant
        default:
            if activity.hasPrefix("session_") || activity.hasPrefix("group_session_") {
                self = .visit
            } else if activity.hasPrefix("subscription_") || activity.hasPrefix("payment_") {
                self = .access
            } else if activity.hasPrefix("post") || activity.hasPrefix("drip_") || activity.contains("affiliate") {
                self = .irrelevant
            } else {
                self = repullsUnknown ? .access : .irrelevant
            }
        }
    }
}
