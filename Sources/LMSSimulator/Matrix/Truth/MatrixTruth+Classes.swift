extension MatrixTruth {
    func writeCourse(_ index: Int, _ writer: ByteWriter) {
        let course = school.classes[index]
        let row = RowWriter(writer)
        row.text("course_id", "\(course.id)")
        row.text("title", course.name)
        row.text("code", course.code)
        row.text("description", course.description)
        row.word("status", course.isArchived ? "archived" : course.isTemplate ? "draft" : "active")
        row.text("category", course.category)
        row.null("term_id")
        row.text("parent_course_id", course.parent < 0 ? nil : "\(school.classes[Int(course.parent)].id)")
        row.null("url")
        row.time("starts_at", stored(course.start))
        row.time("ends_at", stored(course.finish))
        row.null("created_at", "modified_at")
        row.json("custom_fields") { writeCustomFields(of: course, to: $0) }
        row.end()
    }

    /// The remaining fields of a class as they were sent.
    private func writeCustomFields(of course: MatrixClass, to writer: ByteWriter) {
        let fields = MatrixObject(writer, wire)
        fields.text("style", course.style)
        fields.text("section_code", course.section)
        fields.text("semester", course.semester)
        fields.integer("credits", course.credits)
        fields.text("language", course.language)
        fields.text("time_zone", course.timeZone)
        fields.text("weighting_style", course.weightingStyle)
        fields.bool("weighting_using_categories", course.weightsByCategory)
        fields.bool("display_in_catalog", course.isInCatalog)
        if !course.times.isEmpty { fields.value("class_times") { site.write(timesOf: course, to: $0) } }
        fields.value("grademap") { site.write(grademapOf: course, to: $0) }
        fields.value("grading_periods") { site.write(periodsOf: course, to: $0) }
        fields.fields(course.fields)
        if !site.faults.shadowField.isEmpty {
            fields.fields([MatrixField(name: site.faults.shadowField, value: "School value")])
        }
        fields.end()
    }

    func writeAssessments(_ index: Int, _ writer: ByteWriter) {
        let course = school.classes[index]
        for (place, assignment) in course.assignments.filter({ !$0.isDeleted }).enumerated() {
            let row = RowWriter(writer)
            row.text("assessment_id", "\(assignment.id)")
            row.text("course_id", "\(course.id)")
            row.text("title", assignment.name)
            row.text("type", assignment.type)
            row.word("scope", "assessment")
            row.text("category", assignment.category)
            row.null("category_id")
            row.hundredths("points_possible", Int32(assignment.points))
            row.hundredths("pass_percent", Int32(assignment.gatewayThreshold ?? -1))
            row.hundredths("weight", course.weightsByCategory ? Int32(assignment.weight ?? -1) : -1)
            let grading: StaticString =
                switch assignment.grading {
                case .normal: "normal"
                case .extraCredit: "extra_credit"
                case .ignore: "ignored"
                case .notGraded: "not_graded"
                }
            row.word("grading", grading)
            // Self-paced classes say neither whether an assignment is given nor when it ends.
            row.bool("available", course.isSelfPaced || assignment.isGiven)
            row.time("opens_at", course.isSelfPaced ? .none : stored(assignment.begin))
            row.time("due_at", course.isSelfPaced ? .none : stored(assignment.end))
            row.integer("position", place + 1)
            row.null("external_id")
            row.text("unit_id", assignment.lesson.map { "\($0)" })
            row.null("created_at", "modified_at")
            row.end()
        }
        writeTotal(id: "course:\(course.id)", scope: "course", title: course.name, weight: -1, of: course, writer)
        for period in course.periods {
            writeTotal(
                id: "period:\(course.id):\(period.name)",
                scope: "grading_period",
                title: period.name,
                weight: Int32(period.percent * 100),
                of: course,
                writer
            )
        }
    }

    private func writeTotal(
        id: String,
        scope: StaticString,
        title: String,
        weight: Int32,
        of course: MatrixClass,
        _ writer: ByteWriter
    ) {
        let row = RowWriter(writer)
        row.text("assessment_id", id)
        row.text("course_id", "\(course.id)")
        row.text("title", title)
        row.null("type")
        row.word("scope", scope)
        row.null("category", "category_id", "points_possible", "pass_percent")
        row.hundredths("weight", weight)
        row.word("grading", "calculated")
        row.null("available", "opens_at", "due_at", "position", "external_id", "unit_id", "created_at", "modified_at")
        row.end()
    }
}
