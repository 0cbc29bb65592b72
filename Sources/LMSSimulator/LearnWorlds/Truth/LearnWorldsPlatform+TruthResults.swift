extension LearnWorldsPlatform {
    /// The newest submission of each learner in each unit.
    func writeGrades(_ index: Int, _ school: School, _ writer: ByteWriter) {
        let course = school.courses[index]
        for unit in course.units where !unit.submissions.isEmpty {
            var newest: [Int32: Submission] = [:]
            for place in unit.submissions {
                let submission = school.submissions[Int(place)]
                guard school.isVisible(submission.learner) else { continue }
                if let known = newest[submission.learner], known.isNewer(than: submission) { continue }
                newest[submission.learner] = submission
            }
            for (_, submission) in newest.sorted(by: { $0.key < $1.key }) {
                writeGrade(submission, unit: unit, course: course, school, writer)
            }
        }
    }

    private func writeGrade(
        _ submission: Submission,
        unit: CourseUnit,
        course: Course,
        _ school: School,
        _ writer: ByteWriter
    ) {
        let row = RowWriter(writer)
        row.text("course_id", course.slug)
        row.id("learner_id", .learner, school.learners[Int(submission.learner)].number)
        row.text("assessment_id", unit.id)
        row.null("score", "points_possible")
        row.hundredths("percent", submission.grade)
        row.null("letter")
        row.word("status", submission.grade < 0 ? "submitted" : "graded")
        row.null("exempt", "overridden", "overridden_at")
        row.time("submitted_at", submission.submittedAt)
        row.time("graded_at", submission.modifiedAt)
        row.null("change_index", "parent_course_id")
        row.end()
    }

    func writeResponses(_ index: Int, _ school: School, _ writer: ByteWriter) {
        let course = school.courses[index]
        for unit in course.units {
            for place in unit.submissions {
                let submission = school.submissions[Int(place)]
                guard school.isVisible(submission.learner) else { continue }
                let answers = SubmittedAnswers(submission)
                let row = RowWriter(writer)
                row.id("learner_id", .learner, school.learners[Int(submission.learner)].number)
                row.id("response_id", .submission, submission.number)
                row.text("assessment_id", unit.id)
                row.text("course_id", course.slug)
                row.time("submitted_at", submission.submittedAt)
                row.integer("score", answers.points)
                row.hundredths("percent", submission.grade)
                row.bool("passed", submission.passed)
                row.json("answers") { writer in
                    writer.raw("[")
                    answers.write(to: writer, as: .stored)
                    writer.raw("]")
                }
                row.end()
            }
        }
    }

    func writeCertificates(_ world: LearnWorldsSite, _ writer: ByteWriter) {
        let school = world.school
        for certificate in school.certificates {
            guard !certificate.isGone, school.isVisible(certificate.learner),
                !school.courses[Int(certificate.course)].isDeleted
            else { continue }
            let isExpired = !certificate.expiresAt.isNone && certificate.expiresAt <= world.now
            let row = RowWriter(writer)
            row.id("learner_id", .learner, school.learners[Int(certificate.learner)].number)
            row.id("certificate_id", .certificate, certificate.number)
            row.text("course_id", school.courses[Int(certificate.course)].slug)
            row.null("template_id")
            row.text("title", certificate.title)
            row.word("type", certificate.isCompletion ? "completion" : "certificate")
            row.time("issued_at", certificate.issuedAt)
            row.time("expires_at", certificate.expiresAt)
            row.text("score", certificate.score)
            row.word("status", certificate.isRevoked ? "revoked" : isExpired ? "expired" : "issued")
            row.end()
        }
    }

    func writeEvent(_ event: Event, _ school: School, _ writer: ByteWriter) {
        let activity = Activity.all[Int(event.activity)]
        let course = event.course < 0 ? nil : school.courses[Int(event.course)].slug
        let row = RowWriter(writer)
        row.time("occurred_at", event.createdAt)
        row.text("activity", activity.name)
        row.text("learner_id", event.learner < 0 ? nil : school.learners[Int(event.learner)].id)
        row.text("course_id", course)
        row.null("unit_id")
        row.text("description", activity.description)
        row.json("payload") { writer in
            // The log has no additional_info for these at all; elsewhere the agent is all that was cut from it.
            guard event.course >= 0 || event.learner % 2 == 0 else { return writer.raw("null") }
            guard let course else { return writer.raw("{}") }
            writer.raw(event.hasBareCourse ? "{\"course\":" : "{\"course\":{\"id\":")
            writer.string(course)
            writer.raw(event.hasBareCourse ? "}" : "}}")
        }
        row.end()
    }
}
