extension MatrixTruth {
    func writeEnrollments(_ index: Int, _ writer: ByteWriter) {
        let course = school.classes[index]
        var learners: Set<Int32> = []
        for enrollment in course.enrollments where site.isOnRoster(enrollment) {
            learners.insert(enrollment.user)
            let row = RowWriter(writer)
            row.text("course_id", "\(course.id)")
            row.text("learner_id", learner(enrollment.user))
            row.word("role", "learner")
            row.word("status", status(of: enrollment))
            row.text("method", enrollment.method.rawValue)
            row.time("enrolled_at", stored(enrollment.enrolledAt))
            row.null("expires_at")
            row.time("started_at", stored(enrollment.startedAt))
            row.time("last_accessed_at", stored(enrollment.lastVisitedAt))
            row.time("suspended_at", isSuspended(enrollment) ? stored(enrollment.deactivatedAt) : .none)
            row.time("ended_at", stored(enrollment.unenrolledAt))
            row.null("parent_course_id")
            row.end()
        }
        // Someone in both lists stays a learner.
        for teacher in course.teachers
        where !school.users[Int(teacher.user)].isDeleted && !learners.contains(teacher.user) {
            let row = RowWriter(writer)
            row.text("course_id", "\(course.id)")
            row.text("learner_id", learner(teacher.user))
            row.word("role", teacher.isCoteacher ? "co_instructor" : "instructor")
            row.word("status", "active")
            row.null(
                "method",
                "enrolled_at",
                "expires_at",
                "started_at",
                "last_accessed_at",
                "suspended_at",
                "ended_at",
                "parent_course_id"
            )
            row.end()
        }
    }

    func learner(_ index: Int32) -> String { "\(school.users[Int(index)].id)" }

    private func status(of enrollment: MatrixEnrollment) -> StaticString {
        enrollment.isUnenrolled ? "ended" : isSuspended(enrollment) ? "suspended" : "active"
    }

    private func isSuspended(_ enrollment: MatrixEnrollment) -> Bool {
        let isBack =
            !enrollment.reactivatedAt.isNone
            && stored(enrollment.reactivatedAt) > stored(enrollment.deactivatedAt)
        return !enrollment.isUnenrolled && enrollment.isDeactivated && !isBack
    }

    func writeProgress(_ index: Int, _ writer: ByteWriter) {
        let course = school.classes[index]
        for enrollment in course.enrollments where site.isOnRoster(enrollment) {
            let hasBegun = !enrollment.startedAt.isNone || !enrollment.lastVisitedAt.isNone
            let row = RowWriter(writer)
            row.text("course_id", "\(course.id)")
            row.text("learner_id", learner(enrollment.user))
            row.word("status", enrollment.isCompleted ? "completed" : hasBegun ? "in_progress" : "not_started")
            row.integer("progress_rate", enrollment.isCompleted ? 100 : nil)
            row.hundredths("average_score_rate", enrollment.isCompleted ? Int32(enrollment.completion.percent) : -1)
            row.integer("time_on_course_seconds", enrollment.timeSpent)
            row.null("completed_units", "total_units")
            row.time("started_at", stored(enrollment.startedAt))
            row.time("last_accessed_at", stored(enrollment.lastVisitedAt))
            row.time("completed_at", stored(enrollment.completedAt))
            row.text("final_letter", enrollment.isCompleted ? enrollment.completion.grade : nil)
            row.null("parent_course_id")
            row.end()
        }
    }

    /// One row for each learner, class and design.
    func writeCertificates(_ index: Int, _ writer: ByteWriter) {
        let course = school.classes[index]
        for enrollment in course.enrollments where site.isInCompletions(enrollment) {
            for place in course.certificates {
                let certificate = school.certificates[Int(place)]
                let isTimed = !site.faults.completionsLackTime || site.isOnRoster(enrollment)
                let issued = isTimed ? stored(enrollment.completedAt) : .none
                let expires = MatrixDuration(certificate.duration)?.end(from: issued) ?? .none
                let row = RowWriter(writer)
                row.text("learner_id", learner(enrollment.user))
                row.text("course_id", "\(course.id)")
                row.text("template_id", "\(certificate.id)")
                row.text("title", certificate.name)
                row.word("type", "certificate")
                row.time("issued_at", issued)
                row.time("expires_at", expires)
                row.text("score", score(enrollment.completion.percent))
                row.word("status", !expires.isNone && expires <= site.now ? "expired" : "issued")
                row.end()
            }
        }
    }

    /// A percentage as text, as it was sent.
    private func score(_ percent: Int) -> String? {
        guard percent >= 0 else { return nil }
        let writer = ByteWriter(capacity: 16)
        writer.hundredths(percent)
        return writer.text
    }
}

/// How long a certificate is valid, where that reads as a number of days, weeks, months or years.
struct MatrixDuration {
    private let count: Int
    private let unit: String

    init?(_ text: String?) {
        let words = (text ?? "").lowercased().split(separator: " ")
        guard words.count == 2, let count = Int(words[0]), count > 0 else { return nil }
        let unit = words[1].hasSuffix("s") ? String(words[1].dropLast()) : String(words[1])
        guard ["day", "week", "month", "year"].contains(unit) else { return nil }
        (self.count, self.unit) = (count, unit)
    }

    /// The end of validity; months and years by the calendar in UTC.
    func end(from moment: Instant) -> Instant {
        guard !moment.isNone else { return .none }
        switch unit {
        case "day": return moment.adding(seconds: Int64(count) * 86_400)
        case "week": return moment.adding(seconds: Int64(count) * 7 * 86_400)
        default:
            return CivilTime(moment, offsetMinutes: 0).adding(months: unit == "year" ? count * 12 : count)
                .instant(offsetMinutes: 0)
        }
    }
}
