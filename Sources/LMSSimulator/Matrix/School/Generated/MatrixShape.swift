/// The size and the mix of a generated MATRIX school.
package struct MatrixShape: Sendable, Equatable {
    /// Accounts, teachers and archived ones included.
    package var users: Int
    /// Classes, archived ones and templates included.
    package var classes: Int
    /// Share of classes that are not archived.
    package var activeShare: Double
    /// Templates among the classes.
    package var templates: Int
    /// Learners of a class on average; the number varies by a quarter around it.
    package var learnersPerClass: Int
    package var teachersPerClass: Int
    package var assignmentsPerClass: Int
    package var organizations: Int
    /// Share of accounts that may teach.
    package var teacherShare: Double
    /// Share of archived accounts.
    package var archivedShare: Double
    /// Share of learners who never logged in.
    package var neverActiveShare: Double
    /// Share of enrollments that ended by unenrollment.
    package var unenrolledShare: Double
    /// Share of enrollments that are deactivated, or were once.
    package var deactivatedShare: Double
    /// Share of active enrollments that are completed.
    package var completionShare: Double
    /// Share of classes whose completion awards a certificate.
    package var certificateShare: Double
    /// Share of assignments that a learner has a result in.
    package var gradedShare: Double
    /// Share of results that are special grades.
    package var codeShare: Double
    /// Share of classes with two grading periods.
    package var periodsShare: Double
    /// Login sessions of an active user in the last month, on average.
    package var sessionsPerUser: Int

    /// A small, complete school; every number may be changed.
    package init(
        users: Int = 200,
        classes: Int = 12,
        activeShare: Double = 0.75,
        templates: Int = 1,
        learnersPerClass: Int = 20,
        teachersPerClass: Int = 1,
        assignmentsPerClass: Int = 4,
        organizations: Int = 3,
        teacherShare: Double = 0.05,
        archivedShare: Double = 0.03,
        neverActiveShare: Double = 0.1,
        unenrolledShare: Double = 0.05,
        deactivatedShare: Double = 0.05,
        completionShare: Double = 0.4,
        certificateShare: Double = 0.75,
        gradedShare: Double = 0.7,
        codeShare: Double = 0.05,
        periodsShare: Double = 0.25,
        sessionsPerUser: Int = 2
    ) {
        self.users = users
        self.classes = classes
        self.activeShare = activeShare
        self.templates = templates
        self.learnersPerClass = learnersPerClass
        self.teachersPerClass = teachersPerClass
        self.assignmentsPerClass = assignmentsPerClass
        self.organizations = organizations
        self.teacherShare = teacherShare
        self.archivedShare = archivedShare
        self.neverActiveShare = neverActiveShare
        self.unenrolledShare = unenrolledShare
        self.deactivatedShare = deactivatedShare
        self.completionShare = completionShare
        self.certificateShare = certificateShare
        self.gradedShare = gradedShare
        self.codeShare = codeShare
        self.periodsShare = periodsShare
        self.sessionsPerUser = sessionsPerUser
    }

    /// A school of about so many rows in the `lms` tables together, without events.
    ///
    /// Of a million rows 50,000 are learners, 160,000 enrollments and as many progress rows, 560,000 grades.
    package init(rows: Int) {
        let users = max(rows / 20, 20)
        self.init(
            users: users,
            classes: min(max(rows / 2500, 6), 20_000),
            activeShare: 0.4,
            learnersPerClass: min(400, users / 2),
            organizations: min(max(users / 1000, 3), 500)
        )
    }
}
