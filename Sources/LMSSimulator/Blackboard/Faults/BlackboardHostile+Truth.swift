extension BlackboardHostile {
    private var storedText: String {
        switch kind {
        case .nulInText: "Nul \u{FFFD} inside"
        case .loneSurrogate: "Half \u{FFFD} inside"
        default: "Hostile"
        }
    }

    /// A time that is no ISO 8601 text is void.
    private var storedTime: Instant {
        kind == .wrongType || kind == .milliseconds ? .none : Self.time
    }

    func writeTruth(of table: String, to writer: ByteWriter) {
        guard isStored else { return }
        switch (list, table) {
        case (.courses, "courses"): writeCourse(writer)
        case (.terms, "terms"): writeTerm(writer)
        case (.users, "learners"): writeLearner(writer)
        case (.memberships, "enrollments"): writeEnrollment(writer)
        case (.columns, "assessments"): writeAssessment(writer)
        case (.grades, "grades"): writeGrade(writer)
        case (.reviewStatus, "progress"): writeProgress(writer)
        case (.attempts, "assessment_responses"): writeResponse(writer)
        default: break
        }
    }

    private func writeCourse(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("course_id", id)
        row.text("title", storedText)
        row.word("code", "hostile")
        row.null("description")
        row.word("status", "active")
        row.null("category", "term_id", "parent_course_id", "url", "starts_at", "ends_at")
        row.time("created_at", storedTime)
        row.time("modified_at", Self.time)
        row.json("custom_fields") { $0.raw("{\"hasChildren\":false}") }
        row.end()
    }

    private func writeTerm(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("term_id", id)
        row.text("title", storedText)
        row.word("type", "DateRange")
        row.time("starts_at", storedTime)
        row.null("ends_at", "parent_term_id")
        row.word("status", "active")
        row.end()
    }

    private func writeLearner(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("learner_id", id)
        row.text("username", storedText)
        row.text("email", "hostile@example.org")
        row.text("first_name", "Hostile")
        row.null("last_name", "external_id")
        row.word("role", "learner")
        row.json("roles") { $0.raw("[\"learner\"]") }
        row.word("status", "active")
        row.null("tags", "organization_id", "job_title_id")
        row.time("created_at", storedTime)
        row.null("archived_at", "first_login_at", "last_login_at", "login_count")
        row.null("custom_fields")
        row.end()
    }

    private func writeEnrollment(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("course_id", course)
        row.text("learner_id", id)
        row.text("role", storedText.lowercased())
        row.word("status", "active")
        row.null("method")
        row.time("enrolled_at", storedTime)
        row.null("expires_at", "started_at", "last_accessed_at", "suspended_at", "ended_at", "parent_course_id")
        row.end()
    }

    private func writeAssessment(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("assessment_id", id)
        row.text("course_id", course)
        row.text("title", storedText)
        row.null("type")
        row.word("scope", "assessment")
        row.null("category", "category_id")
        row.integer("points_possible", 10)
        row.null("pass_percent", "weight")
        row.word("grading", "manual")
        row.bool("available", true)
        row.null("opens_at")
        row.time("due_at", storedTime)
        row.null("position", "external_id", "unit_id", "created_at", "modified_at")
        row.end()
    }

    private func writeGrade(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("course_id", course)
        row.text("learner_id", id)
        row.text("assessment_id", assessment)
        row.null("score")
        row.integer("points_possible", 10)
        row.null("percent")
        row.text("letter", storedText)
        row.word("status", "graded")
        row.bool("exempt", false)
        row.bool("overridden", false)
        row.null("overridden_at", "submitted_at")
        row.time("graded_at", storedTime)
        row.integer("change_index", 1)
        row.null("parent_course_id")
        row.end()
    }

    private func writeProgress(_ writer: ByteWriter) {
        let isKnown = kind != .wrongType && kind != .milliseconds
        let row = RowWriter(writer)
        row.text("course_id", course)
        row.text("learner_id", id)
        row.word("status", "in_progress")
        row.integer("progress_rate", isKnown ? 75 : nil)
        row.null("average_score_rate", "time_on_course_seconds")
        row.integer("completed_units", 3)
        row.integer("total_units", isKnown ? 4 : nil)
        row.null("started_at", "last_accessed_at", "completed_at", "final_letter", "parent_course_id")
        row.end()
    }

    private func writeResponse(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.word("learner_id", "")
        row.text("response_id", id)
        row.text("assessment_id", assessment)
        row.text("course_id", course)
        row.time("submitted_at", storedTime)
        row.integer("score", 5)
        row.integer("percent", 50)
        row.null("passed", "answers")
        row.end()
    }
}
