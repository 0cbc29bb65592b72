extension BlackboardSite {
    /// The id under which a column's rows are stored: the course total's is made of its course's.
    func assessmentID(_ index: Int32) -> String {
        let column = school.columns[Int(index)]
        return isTotal(column) ? "course:" + Self.id(number(ofCourse: column.course)) : Self.id(number(ofColumn: index))
    }

    private func isTotal(_ column: BlackboardSchool.Column) -> Bool {
        column.isExternalGrade && !faults.externalGradeAbsent
    }

    func writeAssessment(_ index: Int32, _ writer: ByteWriter) {
        let column = school.columns[Int(index)]
        let row = RowWriter(writer)
        row.text("assessment_id", assessmentID(index))
        row.text("course_id", Self.id(number(ofCourse: column.course)))
        row.text("title", column.displayName ?? column.name)
        let handle = column.kind == .attempts ? column.handle : nil
        row.text("type", handle?.split(separator: "/").last.map { String($0.trimmingPrefix("x-bb-")) })
        row.word("scope", isTotal(column) ? "course" : "assessment")
        row.text("category", category(of: column)?.title)
        row.text("category_id", category(of: column).map { Self.id($0.number) })
        row.hundredths("points_possible", column.possible)
        row.null("pass_percent")
        row.null("weight")
        let grading: StaticString =
            switch column.kind {
            case .attempts: "attempt"
            case .calculated: "calculated"
            case .manual: "manual"
            }
        row.word("grading", grading)
        row.bool("available", column.isAvailable)
        row.null("opens_at")
        row.time("due_at", column.due)
        row.null("position")
        row.text("external_id", column.externalID)
        row.null("unit_id")
        row.time("created_at", column.created)
        row.time("modified_at", column.modified)
        row.end()
    }

    func writeGrades(_ index: Int32, _ writer: ByteWriter) {
        let column = school.columns[Int(index)]
        guard !column.isHidden else { return }
        for grade in column.grades where grade.hasDetails && isStored(member: grade.member) {
            let member = school.members[Int(grade.member)]
            if faults.ignoreIncludeDisabled, member.availability == .disabled { continue }
            let home = home(of: member)
            let row = RowWriter(writer)
            row.text("course_id", home.course)
            row.text("learner_id", Self.id(number(ofUser: member.user)))
            row.text("assessment_id", assessmentID(index))
            row.hundredths("score", grade.score)
            row.hundredths("points_possible", column.possible)
            row.json("percent") { writer in
                if grade.score < 0 {
                    writer.raw("null")
                } else {
                    writer.percent(of: Int(grade.score), in: Int(column.possible))
                }
            }
            let hasLetter = column.scale == .tabular || column.scale == .text || grade.hasNotation
            row.text("letter", hasLetter ? grade.text : nil)
            let status: StaticString =
                grade.isCorrupt ? "error" : grade.score >= 0 || grade.text != nil ? "graded" : "not_graded"
            row.word("status", status)
            row.bool("exempt", grade.isExempt)
            row.bool("overridden", !grade.overridden.isNone)
            row.time("overridden_at", grade.overridden)
            row.null("submitted_at")
            row.time("graded_at", version >= LearnVersion(3900, 78) ? grade.lastRelevant : .none)
            row.integer("change_index", Int(grade.changeIndex))
            row.text("parent_course_id", home.parent)
            row.end()
        }
    }

    func writeResponses(_ index: Int32, _ writer: ByteWriter) {
        let column = school.columns[Int(index)]
        guard !column.isHidden else { return }
        for place in column.attempts {
            let attempt = school.attempts[Int(place)]
            let isNamed = namesLearners(column)
            // Nobody can tell a preview user's attempt where attempts name nobody.
            guard attempt.status != .inProgress,
                isNamed ? isStored(member: attempt.member) : exists(member: attempt.member)
            else { continue }
            let member = school.members[Int(attempt.member)]
            let row = RowWriter(writer)
            row.text("learner_id", isNamed ? Self.id(number(ofUser: member.user)) : "")
            row.text("response_id", Self.id(number(ofAttempt: place)))
            row.text("assessment_id", assessmentID(index))
            row.text("course_id", isNamed ? home(of: member).course : Self.id(number(ofCourse: column.course)))
            row.time("submitted_at", attempt.attemptDate)
            row.hundredths("score", attempt.score)
            row.json("percent") { writer in
                if attempt.score < 0 {
                    writer.raw("null")
                } else {
                    writer.percent(of: Int(attempt.score), in: Int(column.possible))
                }
            }
            row.null("passed", "answers")
            row.end()
        }
    }
}
