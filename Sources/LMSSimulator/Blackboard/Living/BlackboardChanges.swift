/// What can happen in a school of Blackboard Learn, beside the kinds that Grow and LearnWorlds know as well.
extension ChangeKind {
    /// A grade is set by hand over the one there is; the grader was in the course.
    package static let override = ChangeKind("override")
    /// A grade is left out of the totals, or counts again; the grader was in the course.
    package static let exemption = ChangeKind("exemption")
    /// A membership's availability changes: suspended, disabled or open again.
    package static let accessChanged = ChangeKind("access_changed")
    /// A membership's course role changes.
    package static let roleChanged = ChangeKind("role_changed")
    /// A learner moves between a course and those merged into it: `childCourseId` changes.
    package static let memberMoved = ChangeKind("member_moved")
    /// A column is added; its maker was in the course.
    package static let columnCreated = ChangeKind("column_created")
    /// A column gets another name, due date or availability.
    package static let columnEdited = ChangeKind("column_edited")
    /// A column vanishes with its grades.
    package static let columnDeleted = ChangeKind("column_deleted")
    /// A term gets another name; its courses stay as they are.
    package static let termRenamed = ChangeKind("term_renamed")
    /// A gradebook category gets another title; its columns stay as they are.
    package static let categoryRenamed = ChangeKind("category_renamed")
    /// An integration writes a grade: nobody was in the course.
    package static let apiGrade = ChangeKind("api_grade")
    /// A grade is emptied: its row is gone and no index tells it.
    package static let gradeCleared = ChangeKind("grade_cleared")
    /// A user becomes a hidden administrator, or visible again; the memberships stay.
    package static let learnerHidden = ChangeKind("learner_hidden")
    /// A term vanishes; its courses are modified by it and are in none.
    package static let termDeleted = ChangeKind("term_deleted")
    /// A grade is written into a course that is over or archived.
    package static let archivedGrade = ChangeKind("archived_grade")
    /// An integration edits a column: nobody was in the course.
    package static let quietColumnEdit = ChangeKind("quiet_column_edit")
    /// An integration takes a column away: nobody was in the course.
    package static let quietColumnDeletion = ChangeKind("quiet_column_deletion")
    /// A course vanishes with the courses merged into it and everything in them; asked for by name only.
    package static let mergedCourseDeleted = ChangeKind("merged_course_deleted")
    /// A column that had vanished is there again, with its grades.
    package static let columnRestored = ChangeKind("column_restored")
}

/// The kinds of change of a Blackboard Learn school.
///
/// What an increment with default options sees (Sources/Platforms/Blackboard/README.md §5): courses and users by
/// `modified`, users by `lastLogin`, the whole membership list of each live course of up to 200 members, and of a
/// course in which somebody's membership or last access moved also its columns, calculated columns, hot columns, review
/// status, and all other columns once a total moved that no polled column explains.
package enum BlackboardChanges {
    /// Those that an incremental pull finds.
    package static let visible: [ChangeKind] = [
        .newLearner, .profileEdit, .suspension, .login, .courseCreated, .courseEdited, .enrollment, .bulkEnrollment,
        .unenrollment, .accessChanged, .roleChanged, .memberMoved, .visit, .study, .submission, .regrade, .override,
        .exemption, .columnCreated, .columnEdited, .columnDeleted,
    ]
    /// Those that only a sweep or the rolling share finds.
    package static let silent: [ChangeKind] = [
        .learnerDeleted, .learnerHidden, .courseDeleted, .termRenamed, .termDeleted, .categoryRenamed, .apiGrade,
        .gradeCleared, .archivedGrade, .archivedUnenrollment, .quietStudy, .quietColumnEdit, .quietColumnDeletion,
    ]
    /// What undoes deletions; silent too, and asked for by name only.
    package static let restorations: [ChangeKind] = [.learnerRestored, .courseRestored, .columnRestored]
    /// All of them.
    package static let all = visible + silent
}
