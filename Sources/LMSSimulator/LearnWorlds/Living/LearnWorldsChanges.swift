/// What can happen in a school of Grow or LearnWorlds.
///
/// A visible change is found by an incremental pull, through the event log or through a list that every run reads; a silent
/// one (Sources/Platforms/LearnWorlds/README.md §5, "Not visible incrementally") only by a sweep.
extension ChangeKind {
    /// Somebody registers: `register` event, no enrollment yet.
    package static let newLearner = ChangeKind("new_learner")
    /// A learner gets a further course, with one of the enrollment events.
    package static let enrollment = ChangeKind("enrollment")
    /// Many learners get one course at once, an event each.
    package static let bulkEnrollment = ChangeKind("bulk_enrollment")
    /// A learner whose access ended, or was taken, gets it again.
    package static let reenrollment = ChangeKind("reenrollment")
    /// A visit with progress in one unit.
    package static let visit = ChangeKind("visit")
    /// A session event instead of a visit.
    package static let session = ChangeKind("session")
    /// A course completed, and the certificate for it.
    package static let completion = ChangeKind("completion")
    /// An assessment submitted: grade, response, the unit's progress, a visit.
    package static let submission = ChangeKind("submission")
    /// A login without anything else.
    package static let login = ChangeKind("login")
    /// A course is added, with contents.
    package static let courseCreated = ChangeKind("course_created")
    /// Title, label or access of a course change; `modified` moves.
    package static let courseEdited = ChangeKind("course_edited")
    /// A unit is added to a course; `modified` moves, nobody's progress does before they come back.
    package static let contentsChanged = ChangeKind("contents_changed")
    /// An activity no document names, with progress behind it.
    package static let unknownActivity = ChangeKind("unknown_activity")
    /// An event without a user.
    package static let anonymousEvent = ChangeKind("anonymous_event")
    /// Name, tags or a custom field change.
    package static let profileEdit = ChangeKind("profile_edit")
    /// Access is taken away; unfinished progress goes with it.
    package static let unenrollment = ChangeKind("unenrollment")
    /// A grade is changed by hand; `modified` moves, the submission time does not.
    package static let regrade = ChangeKind("regrade")
    /// A learner is suspended, or no longer.
    package static let suspension = ChangeKind("suspension")
    /// Progress in a course is set back to nothing.
    package static let reset = ChangeKind("reset")
    /// A course is marked complete by an administrator: no event, no certificate.
    package static let markComplete = ChangeKind("mark_complete")
    /// The end of access moves.
    package static let expiryChanged = ChangeKind("expiry_changed")
    /// Study that goes on without an event.
    package static let quietStudy = ChangeKind("quiet_study")
    /// A unit gets another title; `modified` stays.
    package static let unitRetitled = ChangeKind("unit_retitled")
    /// A certificate is revoked.
    package static let certificateRevoked = ChangeKind("certificate_revoked")
    /// A certificate is issued again: its issue time moves.
    package static let certificateReissued = ChangeKind("certificate_reissued")
    /// A certificate vanishes from all lists.
    package static let certificateDeleted = ChangeKind("certificate_deleted")
    /// A learner vanishes with everything but events.
    package static let learnerDeleted = ChangeKind("learner_deleted")
    /// A course vanishes with everything in it.
    package static let courseDeleted = ChangeKind("course_deleted")
    /// A learner who had vanished is there again, with everything.
    package static let learnerRestored = ChangeKind("learner_restored")
}

/// The kinds of change of a Grow or LearnWorlds school.
package enum LearnWorldsChange {
    /// Those that an incremental pull finds.
    package static let visible: [ChangeKind] = [
        .newLearner, .enrollment, .bulkEnrollment, .reenrollment, .visit, .session, .completion, .submission, .login,
        .courseCreated, .courseEdited, .contentsChanged, .unknownActivity, .anonymousEvent,
    ]
    /// Those that only a sweep finds.
    package static let silent: [ChangeKind] = [
        .profileEdit, .unenrollment, .regrade, .suspension, .reset, .markComplete, .expiryChanged, .quietStudy,
        .unitRetitled, .certificateRevoked, .certificateReissued, .certificateDeleted, .learnerDeleted, .courseDeleted,
    ]
    /// What undoes deletions; silent too, and asked for by name only.
    package static let restorations: [ChangeKind] = [.learnerRestored, .courseRestored]
    /// All of them but the restorations.
    package static let all = visible + silent
}
