extension GeneratedBlackboardSchool {
    /// The size and the mix of a generated site.
    package struct Shape: Sendable, Equatable {
        /// Terms: half of them over, the last ones running.
        package var terms: Int
        /// Courses that are read, merged ones and organizations apart.
        package var courses: Int
        /// Students; teachers come on top, one for every two courses and at least two.
        package var learners: Int
        /// Students of each course, chosen in turn.
        package var membersPerCourse: Int
        /// Columns of each course besides its two calculated ones.
        package var columnsPerCourse: Int
        /// Share of courses with two merged courses whose students they list.
        package var mergedShare: Double
        /// Share of cells that are graded.
        package var gradedShare: Double
        /// Share of submissions that wait for a grade.
        package var ungradedShare: Double
        /// Share of disabled memberships.
        package var disabledShare: Double
        /// Organizations beside the courses.
        package var organizations: Int
        /// Courses of former times beside the courses: older by ten years, of a data source of their own, and empty.
        package var archivedCourses: Int
        /// Whether merged courses are of the archive's data source, and not of their parent's.
        package var mergedElsewhere: Bool
        /// Courses with a preview user and with a hidden administrator as a teacher, from the first on.
        package var coursesWithGuests: Int
        /// Courses with a column whose attempts are hidden from graders (403), from the first on.
        package var hiddenColumns: Int
        /// Courses with a column whose attempts name nobody, from the first on.
        package var anonymousColumns: Int

        /// A small, complete site; every number may be changed.
        package init(
            terms: Int = 4,
            courses: Int = 12,
            learners: Int = 120,
            membersPerCourse: Int = 20,
            columnsPerCourse: Int = 6,
            mergedShare: Double = 0.2,
            gradedShare: Double = 0.6,
            ungradedShare: Double = 0.1,
            disabledShare: Double = 0.03,
            organizations: Int = 1,
            archivedCourses: Int = 0,
            mergedElsewhere: Bool = false,
            coursesWithGuests: Int = 2,
            hiddenColumns: Int = 0,
            anonymousColumns: Int = 1
        ) {
            self.terms = terms
            self.courses = courses
            self.learners = learners
            self.membersPerCourse = membersPerCourse
            self.columnsPerCourse = columnsPerCourse
            self.mergedShare = mergedShare
            self.gradedShare = gradedShare
            self.ungradedShare = ungradedShare
            self.disabledShare = disabledShare
            self.organizations = organizations
            self.archivedCourses = archivedCourses
            self.mergedElsewhere = mergedElsewhere
            self.coursesWithGuests = coursesWithGuests
            self.hiddenColumns = hiddenColumns
            self.anonymousColumns = anonymousColumns
        }

        /// A site of about so many rows in the `lms` tables together, attempts apart.
        ///
        /// A course of 30 students and 12 columns makes about 340 rows: 31 enrollments and as many progress rows, 216 grades
        /// and 57 calculated ones.
        package init(rows: Int) {
            let courses = max(rows / 360, 4)
            self.init(
                terms: 6,
                courses: courses,
                learners: max(courses * 6, 30),
                membersPerCourse: 30,
                columnsPerCourse: 12,
                mergedShare: 0.1
            )
        }
    }
}
