extension GeneratedMatrixSchool {
    /// What a learner has done in a class up to the end of the generated time.
    mutating func enrollment(of learner: Int32, in course: MatrixClass, opens: Instant) -> MatrixEnrollment {
        let user = school.users[Int(learner)]
        let earliest = max(opens, user.joinedAt)
        let enrolled = random.instant(from: earliest, to: max(earliest, Self.end.adding(seconds: -60 * 86_400)))
        var enrollment = MatrixEnrollment(
            user: learner,
            method: MatrixEnrollment.Method.allCases[random.below(MatrixEnrollment.Method.allCases.count)],
            enrolledAt: enrolled
        )
        enrollment.enrolledBy = enrollment.method == .catalog ? -1 : 0
        if user.logins > 0, !random.chance(0.1) { study(&enrollment, in: course) }
        if random.chance(shape.unenrolledShare) {
            enrollment.isUnenrolled = true
            enrollment.unenrolledAt = enrolled.adding(seconds: 40 * 86_400)
            enrollment.unenrolledBy = 0
        } else if random.chance(shape.deactivatedShare) {
            enrollment.deactivatedAt = enrolled.adding(seconds: 20 * 86_400)
            // A third still is; a third came back; of the rest only the later time says so.
            enrollment.isDeactivated = random.below(3) != 1
            if !enrollment.isDeactivated || random.chance(0.5) {
                enrollment.reactivatedAt = enrollment.deactivatedAt.adding(seconds: 5 * 86_400)
            }
        }
        return enrollment
    }

    private mutating func study(_ enrollment: inout MatrixEnrollment, in course: MatrixClass) {
        let end = enrollment.enrolledAt.adding(seconds: 55 * 86_400)
        enrollment.startedAt = random.instant(
            from: enrollment.enrolledAt,
            to: enrollment.enrolledAt.adding(seconds: 86_400)
        )
        enrollment.lastVisitedAt = random.instant(from: enrollment.startedAt, to: end)
        enrollment.timeSpent = 300 + random.below(40_000)
        for place in course.assignments.indices where random.chance(shape.gradedShare) {
            var cell = MatrixCell(assignment: Int32(place))
            if random.chance(shape.codeShare) {
                cell.code = MatrixCell.Code.allCases[random.below(4)]
                cell.grader = course.teachers.first?.user ?? 0
            } else {
                cell.submittedAt = random.instant(from: enrollment.startedAt, to: enrollment.lastVisitedAt)
                // One in twelve waits for its grade.
                if random.below(12) > 0 {
                    let points = course.assignments[place].points
                    cell.score = Int32(points * (30 + random.below(71)) / 100 / 50 * 50)
                    if course.assignments[place].type != "Quiz" { cell.grader = course.teachers.first?.user ?? 0 }
                }
            }
            enrollment.cells.append(cell)
        }
        if random.chance(shape.completionShare) {
            enrollment.completedAt = enrollment.lastVisitedAt
            enrollment.completion = course.mark(of: enrollment)
        }
    }
}
