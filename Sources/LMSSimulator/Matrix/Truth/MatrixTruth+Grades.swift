extension MatrixTruth {
    /// The learner's cells in which something is, the class's total, and the totals of its grading periods.
    func writeGrades(_ index: Int, _ writer: ByteWriter) {
        let course = school.classes[index]
        for enrollment in course.enrollments where site.isInGradebook(enrollment) {
            writeTotal("course:\(course.id)", course.mark(of: enrollment), enrollment, course, writer)
            for (place, period) in course.periods.enumerated() {
                let mark = course.mark(of: enrollment, period: place)
                writeTotal("period:\(course.id):\(period.name)", mark, enrollment, course, writer)
            }
            for cell in enrollment.cells where !course.assignments[Int(cell.assignment)].isDeleted {
                writeCell(cell, enrollment, course, writer)
            }
        }
    }

    private func writeTotal(
        _ assessment: String,
        _ mark: MatrixMark,
        _ enrollment: MatrixEnrollment,
        _ course: MatrixClass,
        _ writer: ByteWriter
    ) {
        guard mark.percent >= 0 || mark.grade != nil else { return }
        let row = RowWriter(writer)
        row.text("course_id", "\(course.id)")
        row.text("learner_id", learner(enrollment.user))
        row.text("assessment_id", assessment)
        row.null("score", "points_possible")
        row.hundredths("percent", Int32(mark.percent))
        row.text("letter", mark.grade)
        row.word("status", "graded")
        endGrade(row, submittedAt: .none, isExcused: false, isSetByHand: false)
    }

    private func writeCell(
        _ cell: MatrixCell,
        _ enrollment: MatrixEnrollment,
        _ course: MatrixClass,
        _ writer: ByteWriter
    ) {
        let mark = course.mark(of: cell)
        let status: StaticString? =
            switch cell.code {
            case .excused: "excused"
            case .missing: "missing"
            case .incomplete: "incomplete"
            case .absent: "absent"
            case nil: cell.score >= 0 || mark.percent >= 0 ? "graded" : cell.submittedAt.isNone ? nil : "submitted"
            }
        guard let status else { return }
        let row = RowWriter(writer)
        row.text("course_id", "\(course.id)")
        row.text("learner_id", learner(enrollment.user))
        row.text("assessment_id", "\(course.assignments[Int(cell.assignment)].id)")
        row.hundredths("score", cell.score)
        row.hundredths("points_possible", Int32(course.assignments[Int(cell.assignment)].points))
        row.hundredths("percent", Int32(mark.percent))
        row.text("letter", cell.code == nil ? mark.grade : nil)
        row.word("status", status)
        endGrade(
            row,
            submittedAt: cell.submittedAt,
            isExcused: cell.code == .excused,
            // Only quizzes say whether somebody has set the grade in the gradebook.
            isSetByHand: cell.grader >= 0 && course.assignments[Int(cell.assignment)].type == "Quiz"
        )
    }

    private func endGrade(_ row: RowWriter, submittedAt: Instant, isExcused: Bool, isSetByHand: Bool) {
        row.bool("exempt", isExcused ? true : nil)
        row.bool("overridden", isSetByHand)
        row.null("overridden_at")
        row.time("submitted_at", stored(submittedAt))
        row.null("graded_at", "change_index", "parent_course_id")
        row.end()
    }
}
