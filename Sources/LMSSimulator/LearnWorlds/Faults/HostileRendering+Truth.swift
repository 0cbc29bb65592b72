extension HostileRendering {
    private var storedText: String {
        switch kind {
        case .nulInText: "Nul \u{FFFD} inside"
        case .loneSurrogate: "Half \u{FFFD} inside"
        default: "Hostile"
        }
    }

    private var storedTime: Instant {
        kind == .wrongType || kind == .milliseconds ? .none : time
    }

    func writeTruth(of table: String, to writer: ByteWriter) {
        guard isStored else { return }
        switch (list, table) {
        case (.users, "learners"): writeLearner(writer)
        case (.courses, "courses"): writeCourse(writer)
        case (.grades, "grades"): writeGrade(writer)
        case (.grades, "assessments"): writeStub(writer)
        case (.certificates, "certificates"): writeCertificate(writer)
        case (.enrollments, "enrollments"): writeEnrollment(writer)
        case (.progress, "progress"): writeProgress(writer)
        case (.responses, "assessment_responses"): writeResponse(writer)
        case (.events, "events"): writeEvent(writer)
        default: break
        }
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
        row.json("tags") { $0.raw("[]") }
        row.null("organization_id", "job_title_id")
        row.time("created_at", storedTime)
        row.null("archived_at", "first_login_at", "last_login_at", "login_count")
        row.json("custom_fields") { $0.raw("{\"cf_note\":\"kept\"}") }
        row.end()
    }

    private func writeCourse(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("course_id", id)
        row.text("title", storedText)
        row.text("code", id)
        row.null("description")
        row.word("status", "active")
        row.null("category", "term_id", "parent_course_id", "url", "starts_at", "ends_at")
        row.time("created_at", storedTime)
        row.time("modified_at", Instant(seconds: 1_760_000_000))
        row.json("custom_fields") { writer in
            writer.raw(
                "{\"access\":\"free\",\"categories\":[],\"expires\":null,\"expiresType\":\"days\",\"final_price\":0,"
            )
            writer.raw("\"label\":null}")
        }
        row.end()
    }

    private func writeGrade(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("course_id", course)
        row.text("learner_id", learner)
        row.text("assessment_id", id)
        row.null("score", "points_possible")
        row.integer("percent", 50)
        row.null("letter")
        row.word("status", "graded")
        row.null("exempt", "overridden", "overridden_at")
        row.time("submitted_at", Instant(seconds: 1_760_000_000))
        row.time("graded_at", storedTime)
        row.null("change_index", "parent_course_id")
        row.end()
    }

    private func writeStub(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("assessment_id", id)
        row.text("course_id", course)
        row.null("title")
        row.word("type", "assessmentV2")
        row.word("scope", "assessment")
        row.null("category", "category_id", "points_possible", "pass_percent", "weight")
        row.word("grading", "normal")
        row.null("available", "opens_at", "due_at", "position", "external_id")
        row.text("unit_id", id)
        row.null("created_at", "modified_at")
        row.end()
    }

    private func writeCertificate(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("learner_id", learner)
        row.text("certificate_id", id)
        row.text("course_id", course)
        row.null("template_id")
        row.text("title", storedText)
        row.word("type", "completion")
        row.time("issued_at", storedTime)
        row.null("expires_at")
        row.word("score", "OK")
        row.word("status", "issued")
        row.end()
    }

    private func writeEnrollment(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("course_id", course)
        row.text("learner_id", learner)
        row.word("role", "learner")
        row.word("status", "active")
        row.null("method")
        row.time("enrolled_at", storedTime)
        row.null("expires_at", "started_at", "last_accessed_at", "suspended_at", "ended_at", "parent_course_id")
        row.end()
    }

    private func writeProgress(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("course_id", course)
        row.text("learner_id", learner)
        row.word("status", "not_completed")
        row.integer("progress_rate", 10)
        row.integer("average_score_rate", 0)
        row.integer("time_on_course_seconds", 5)
        row.integer("completed_units", 0)
        row.integer("total_units", 1)
        row.null("started_at", "last_accessed_at")
        row.time("completed_at", storedTime)
        row.null("final_letter", "parent_course_id")
        row.end()
    }

    private func writeResponse(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("learner_id", learner)
        row.text("response_id", id)
        row.text("assessment_id", unit)
        row.text("course_id", course)
        row.time("submitted_at", time)
        row.null("score")
        row.integer("percent", 50)
        row.bool("passed", kind == .wrongType ? nil : true)
        row.json("answers") { writer in
            writer.raw("[{\"blockId\":\"b\",\"blockType\":\"mc\",\"description\":\"d\",\"answer\":")
            writer.string(storedText)
            writer.raw(",\"answerData\":null}]")
        }
        row.end()
    }

    private func writeEvent(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.time("occurred_at", time)
        row.word("activity", "login")
        row.text("learner_id", learner)
        row.null("course_id", "unit_id")
        row.text("description", kind == .wrongType ? nil : storedText)
        row.null("payload")
        row.end()
    }
}
