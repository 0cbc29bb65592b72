extension ChangeKind {
    /// An administrator archives an account, or takes it back.
    package static let learnerArchived = ChangeKind("learner_archived")
    /// An administrator archives a class.
    package static let courseArchived = ChangeKind("course_archived")
    /// An archived class becomes active again.
    package static let courseRestored = ChangeKind("course_restored")
    /// A class comes back from the trash.
    package static let courseUndeleted = ChangeKind("course_undeleted")
    /// A teacher signs in and adds an assignment.
    package static let assignmentCreated = ChangeKind("assignment_created")
    /// An assignment gets another name, without a login.
    package static let assignmentEdited = ChangeKind("assignment_edited")
    /// An assignment vanishes, with the results in it.
    package static let assignmentDeleted = ChangeKind("assignment_deleted")
    /// An administrator adds a teacher to a class.
    package static let teacherAssigned = ChangeKind("teacher_assigned")
    /// An administrator deactivates a learner in a class, or reactivates one.
    package static let deactivation = ChangeKind("deactivation")
    /// An administrator takes a completion back, and with it the certificate.
    package static let uncompletion = ChangeKind("uncompletion")
    /// A result is set or changed through the API or a SIS, without a login.
    package static let quietRegrade = ChangeKind("quiet_regrade")
    /// An organization is added.
    package static let organizationCreated = ChangeKind("organization_created")
    /// An organization gets another name.
    package static let organizationEdited = ChangeKind("organization_edited")
    /// An organization vanishes; its people have none from then on.
    package static let organizationDeleted = ChangeKind("organization_deleted")
    /// An administrator takes a teacher out of a class.
    package static let teacherRemoved = ChangeKind("teacher_removed")
    /// A result in an archived class is changed without a login.
    package static let archivedRegrade = ChangeKind("archived_regrade")
    /// Details of an account, a class and an assignment are emptied: organization, category, due date.
    package static let detailsCleared = ChangeKind("details_cleared")
    /// A certificate's design gets another name, for everybody who was awarded it.
    package static let certificateRenamed = ChangeKind("certificate_renamed")
    /// A class awards its certificate no longer, nor has it ever.
    package static let certificateWithdrawn = ChangeKind("certificate_withdrawn")
}

/// The kinds of change of a MATRIX school.
///
/// What an increment sees follows Sources/Platforms/Matrix/README.md §5: the walks of users and active classes and the
/// completions are read in every run (of a school of at most 900 users), the roster and gradebook of a class when it is
/// hot, and everything else by age.
package enum MatrixChanges {
    /// Those that an incremental pull finds some hours later.
    package static let visible: [ChangeKind] = [
        .newLearner, .profileEdit, .learnerArchived, .login, .study, .submission, .completion, .markComplete, .regrade,
        .assignmentCreated, .courseCreated, .courseEdited, .courseArchived, .courseRestored, .courseUndeleted,
    ]
    /// Those that the age bounds find, or the check of deletions.
    package static let silent: [ChangeKind] = [
        .quietStudy, .quietRegrade, .enrollment, .reenrollment, .unenrollment, .deactivation, .uncompletion,
        .assignmentEdited, .assignmentDeleted, .teacherAssigned, .organizationCreated, .organizationEdited,
        .learnerDeleted, .courseDeleted, .archivedRegrade, .archivedUnenrollment, .teacherRemoved,
        .organizationDeleted,
    ]
    /// What undoes deletions; asked for by name only.
    package static let restorations: [ChangeKind] = [.learnerRestored, .courseUndeleted]
    /// What no age brings up, since completions are read by their date and archived classes' assignments not at all: only
    /// `sync --full` finds it. Asked for by name only.
    package static let sweepOnly: [ChangeKind] = [.certificateRenamed, .certificateWithdrawn]
    /// All but those that are asked for by name.
    package static let all = visible + silent
}
