extension GeneratedSchool {
    /// The size and the mix of a generated school.
    package struct Shape: Sendable, Equatable {
        /// Number of courses.
        package var courses: Int
        /// Number of learners, suspended and never-active ones included.
        package var learners: Int
        /// Courses of a learner on average; the number varies by one or so around it.
        package var enrollmentsPerLearner: Double
        /// Units of a course.
        package var unitsPerCourse: Int
        /// Of those, assessments.
        package var assessmentsPerCourse: Int
        /// Submissions for each enrollment on average.
        package var gradesPerEnrollment: Double
        /// Share of enrollments that ended in a completion with a certificate.
        package var certificateShare: Double
        /// Further event log rows for each learner, beside those of completions.
        package var eventsPerLearner: Double
        /// Share of learners who never logged in; half of them are on no roster either.
        package var neverActiveShare: Double
        /// Share of suspended learners.
        package var suspendedShare: Double
        /// Share of enrollments (of active learners) whose access has ended.
        package var expiredShare: Double
        /// Share of submissions that nobody has graded yet.
        package var ungradedShare: Double
        /// Assessments that grades name and contents lack, one in each of so many courses.
        package var unlistedAssessments: Int
        /// True gives one unit in each course the id null.
        package var hasNullUnitIDs: Bool

        /// A small, complete school; every number may be changed.
        package init(
            courses: Int = 12,
            learners: Int = 200,
            enrollmentsPerLearner: Double = 2,
            unitsPerCourse: Int = 6,
            assessmentsPerCourse: Int = 2,
            gradesPerEnrollment: Double = 1,
            certificateShare: Double = 0.4,
            eventsPerLearner: Double = 4,
            neverActiveShare: Double = 0.1,
            suspendedShare: Double = 0.02,
            expiredShare: Double = 0.05,
            ungradedShare: Double = 0.02,
            unlistedAssessments: Int = 0,
            hasNullUnitIDs: Bool = false
        ) {
            self.courses = courses
            self.learners = learners
            self.enrollmentsPerLearner = enrollmentsPerLearner
            self.unitsPerCourse = unitsPerCourse
            self.assessmentsPerCourse = assessmentsPerCourse
            self.gradesPerEnrollment = gradesPerEnrollment
            self.certificateShare = certificateShare
            self.eventsPerLearner = eventsPerLearner
            self.neverActiveShare = neverActiveShare
            self.suspendedShare = suspendedShare
            self.expiredShare = expiredShare
            self.ungradedShare = ungradedShare
            self.unlistedAssessments = unlistedAssessments
            self.hasNullUnitIDs = hasNullUnitIDs
        }

        /// A corporate-training school of about so many rows in the `lms` tables together.
        ///
        /// Of a million rows 25,000 are learners with three courses each, 75,000 enrollments and as many progress rows,
        /// 450,000 units' progress, 75,000 grades and responses each, 27,000 certificates and 200,000 events. With more
        /// courses a learner the learners are fewer, and a request for one of them brings more.
        package init(rows: Int, coursesPerLearner: Int = 3) {
            let learners = max(rows * 3 / (6 + 38 * coursesPerLearner), 10)
            self.init(
                courses: min(max(learners * coursesPerLearner / 300, 6), 250),
                learners: learners,
                enrollmentsPerLearner: Double(coursesPerLearner),
                unitsPerCourse: 6,
                assessmentsPerCourse: 1,
                gradesPerEnrollment: 1,
                certificateShare: 0.36,
                eventsPerLearner: 5.8 / 3 * Double(coursesPerLearner),
                neverActiveShare: 0.05,
                suspendedShare: 0.01
            )
        }
    }
}
