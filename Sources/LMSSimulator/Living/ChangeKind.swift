/// What can happen in a living school.
///
/// A visible change is found by an incremental pull, through the event log or through a list that every run reads; a silent
/// one (guide section 5, "Not visible incrementally") only by a sweep.
package enum ChangeKind: String, Codable, Sendable, CaseIterable {
    /// Somebody registers: `register` event, no enrollment yet.
    case newLearner = "new_learner"
    /// A learner gets a further course, with one of the enrollment events.
    case enrollment
    /// Many learners get one course at once, an event each.
    case bulkEnrollment = "bulk_enrollment"
    /// A learner whose access ended, or was taken, gets it again.
    case reenrollment
    /// A visit with progress in one unit.
    case visit
    /// A session event instead of a visit.
    case session
    /// A course completed, and the certificate for it.
    case completion
    /// An assessment submitted: grade, response, the unit's progress, a visit.
    case submission
    /// A login without anything else.
    case login
    /// A course is added, with contents.
    case courseCreated = "course_created"
    /// Title, label or access of a course change; `modified` moves.
    case courseEdited = "course_edited"
    /// A unit is added to a course; `modified` moves, nobody's progress does before they come back.
    case contentsChanged = "contents_changed"
    /// An activity no document names, with progress behind it.
    case unknownActivity = "unknown_activity"
    /// An event without a user.
    case anonymousEvent = "anonymous_event"

    /// Name, tags or a custom field change.
    case profileEdit = "profile_edit"
    /// Access is taken away; unfinished progress goes with it.
    case unenrollment
    /// A grade is changed by hand; `modified` moves, the submission time does not.
    case regrade
    /// A learner is suspended, or no longer.
    case suspension
    /// Progress in a course is set back to nothing.
    case reset
    /// A course is marked complete by an administrator: no event, no certificate.
    case markComplete = "mark_complete"
    /// The end of access moves.
    case expiryChanged = "expiry_changed"
    /// Study that goes on without an event.
    case quietStudy = "quiet_study"
    /// A unit gets another title; `modified` stays.
    case unitRetitled = "unit_retitled"
    /// A certificate is revoked.
    case certificateRevoked = "certificate_revoked"
    /// A certificate is issued again: its issue time moves.
    case certificateReissued = "certificate_reissued"
    /// A certificate vanishes from all lists.
    case certificateDeleted = "certificate_deleted"
    /// A learner vanishes with everything but events.
    case learnerDeleted = "learner_deleted"
    /// A course vanishes with everything in it.
    case courseDeleted = "course_deleted"

    /// Whether an incremental pull finds the change.
    package var isVisible: Bool {
        switch self {
        case .newLearner, .enrollment, .bulkEnrollment, .reenrollment, .visit, .session, .completion, .submission,
            .login,
            .courseCreated, .courseEdited, .contentsChanged, .unknownActivity, .anonymousEvent:
            true
        default: false
        }
    }

    /// All kinds that an incremental pull finds.
    package static let visible = allCases.filter(\.isVisible)
    /// All kinds that only a sweep finds.
    package static let silent = allCases.filter { !$0.isVisible }
}
