extension MatrixHostileRendering {
    private var storedText: String {
        switch kind {
        case .nulInText: "Nul \u{FFFD} inside"
        case .loneSurrogate: "Half \u{FFFD} inside"
        default: "Hostile"
        }
    }

    private func storedTime(_ wire: MatrixWire) -> Instant {
        kind == .wrongType || kind == .milliseconds ? .none : wire.shown(time)
    }

    func writeTruth(of table: String, to writer: ByteWriter, _ wire: MatrixWire) {
        switch (list, table) {
        case (.users, "learners"), (.roster, "learners"), (.teachers, "learners"): writeLearner(writer, wire)
        case (.completions, "learners"): writeStudent(writer)
        case (.classes, "courses"): writeCourse(writer, wire)
        case (.classes, "assessments"): writeAssessment(of: "\(id)", writer, wire)
        case (.organizations, "organizations"): writeOrganization(writer)
        case (.roster, "enrollments"), (.teachers, "enrollments"): writeEnrollment(writer, wire)
        case (.roster, "progress"): writeProgress(writer)
        case (.assignments, "assessments"): writeAssessment(of: nil, writer, wire)
        case (.gradebook, "grades"): writeGrade(writer)
        case (.completions, "certificates"): writeCertificate(writer, wire)
        case (.sessions, "events"): writeEvent(writer, wire)
        default: break
        }
    }

    private func writeLearner(_ writer: ByteWriter, _ wire: MatrixWire) {
        let row = RowWriter(writer)
        row.text("learner_id", "\(id)")
        row.text("username", storedText)
        row.text("email", "hostile@example.org")
        row.text("first_name", "Hostile")
        row.text("last_name", "Record")
        row.null("external_id")
        row.word("role", "learner")
        row.json("roles") { $0.raw("[\"learner\"]") }
        row.word("status", "active")
        row.null("tags", "organization_id", "job_title_id")
        row.time("created_at", storedTime(wire))
        row.null("archived_at", "first_login_at", "last_login_at")
        row.integer("login_count", 0)
        row.null("custom_fields")
        row.end()
    }

    /// The learner that only a completion shows.
    private func writeStudent(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("learner_id", "\(id)")
        row.null("username", "email")
        row.text("first_name", "Hostile")
        row.null("last_name", "external_id")
        row.word("role", "learner")
        row.json("roles") { $0.raw("[\"learner\"]") }
        row.word("status", "active")
        row.null("tags", "organization_id", "job_title_id", "created_at", "archived_at", "first_login_at")
        row.null("last_login_at", "login_count", "custom_fields")
        row.end()
    }

    private func writeCourse(_ writer: ByteWriter, _ wire: MatrixWire) {
        let row = RowWriter(writer)
        row.text("course_id", "\(id)")
        row.text("title", storedText)
        row.null("code", "description")
        row.word("status", "active")
        row.null("category", "term_id", "parent_course_id", "url")
        row.time("starts_at", storedTime(wire))
        row.null("ends_at", "created_at", "modified_at")
        row.json("custom_fields") {
            $0.plain(kind == .duplicateKeys ? #"{"style":"Blended","name":"Twice"}"# : #"{"style":"Blended"}"#)
        }
        row.end()
    }

    private func writeOrganization(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("organization_id", "\(id)")
        row.text("name", storedText)
        row.null("description")
        row.bool("internal", false)
        row.end()
    }

    private func writeEnrollment(_ writer: ByteWriter, _ wire: MatrixWire) {
        let row = RowWriter(writer)
        row.text("course_id", "\(course)")
        row.text("learner_id", "\(id)")
        row.word("role", list == .teachers ? "instructor" : "learner")
        row.word("status", "active")
        row.text("method", list == .teachers ? nil : "Direct")
        row.time("enrolled_at", list == .teachers ? .none : storedTime(wire))
        row.null("expires_at", "started_at", "last_accessed_at", "suspended_at", "ended_at", "parent_course_id")
        row.end()
    }

    private func writeProgress(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("course_id", "\(course)")
        row.text("learner_id", "\(id)")
        row.word("status", "not_started")
        row.null("progress_rate", "average_score_rate")
        row.integer("time_on_course_seconds", 5)
        row.null("completed_units", "total_units", "started_at", "last_accessed_at", "completed_at", "final_letter")
        row.null("parent_course_id")
        row.end()
    }

    /// The hostile assignment, or the total of the hostile class.
    private func writeAssessment(of total: String?, _ writer: ByteWriter, _ wire: MatrixWire) {
        let row = RowWriter(writer)
        row.text("assessment_id", total.map { "course:" + $0 } ?? "\(id)")
        row.text("course_id", total ?? "\(course)")
        row.text("title", storedText)
        row.text("type", total == nil ? "Quiz" : nil)
        row.word("scope", total == nil ? "assessment" : "course")
        row.null("category", "category_id")
        row.integer("points_possible", total == nil ? 10 : nil)
        row.null("pass_percent", "weight")
        row.word("grading", total == nil ? "normal" : "calculated")
        row.bool("available", total == nil ? true : nil)
        row.null("opens_at")
        row.time("due_at", total == nil ? storedTime(wire) : .none)
        row.integer("position", total == nil ? position : nil)
        row.null("external_id", "unit_id", "created_at", "modified_at")
        row.end()
    }

    private func writeGrade(_ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("course_id", "\(course)")
        row.text("learner_id", "\(id)")
        row.text("assessment_id", "course:\(course)")
        row.null("score", "points_possible")
        row.integer("percent", 50)
        row.text("letter", storedText)
        row.word("status", "graded")
        row.null("exempt")
        row.bool("overridden", false)
        row.null("overridden_at", "submitted_at", "graded_at", "change_index")
        row.null("parent_course_id")
        row.end()
    }

    private func writeCertificate(_ writer: ByteWriter, _ wire: MatrixWire) {
        let row = RowWriter(writer)
        row.text("learner_id", "\(id)")
        row.text("course_id", "\(course)")
        row.word("template_id", "990000")
        row.text("title", storedText)
        row.word("type", "certificate")
        row.time("issued_at", storedTime(wire))
        row.null("expires_at")
        row.word("score", "50")
        row.word("status", "issued")
        row.end()
    }

    private func writeEvent(_ writer: ByteWriter, _ wire: MatrixWire) {
        let row = RowWriter(writer)
        row.time("occurred_at", storedTime(wire))
        row.word("activity", "login")
        row.text("learner_id", "\(id)")
        row.null("course_id", "unit_id", "description")
        row.json("payload") { $0.raw("{\"logout_at\":null}") }
        row.end()
    }
}
