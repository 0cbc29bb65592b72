/// What a warehouse should hold after a full pull at this moment with default options, from
/// Sources/Platforms/Blackboard/README.md §3 alone.
///
/// Left out: organizations, preview users and everything of theirs, hidden administrators (but not their memberships),
/// gradebook cells without anything in them, attempts in progress.
extension BlackboardSite {
    var truthTables: [String] {
        [
            "terms", "courses", "learners", "enrollments", "progress", "assessments", "grades", "assessment_responses",
        ]
    }

    mutating func writeTruth(of table: String, to writer: ByteWriter) {
        switch table {
        case "terms":
            for index in school.terms.indices where !school.terms[index].isDeleted { writeTerm(Int32(index), writer) }
        case "courses":
            for index in school.courseOrder where !school.courses[Int(index)].isOrganization {
                writeCourse(index, writer)
            }
        case "learners": for index in school.userOrder { writeLearner(index, writer) }
        case "enrollments": forEachMember { writeEnrollment($0, writer) }
        case "progress": forEachMember { if hasReviewStatus($0) { writeProgress($0, writer) } }
        case "assessments": forEachColumn { writeAssessment($0, writer) }
        case "grades": forEachColumn { writeGrades($0, writer) }
        case "assessment_responses": forEachColumn { writeResponses($0, writer) }
        default: break
        }
        for (place, record) in faults.hostile.enumerated() {
            guard let list = BlackboardList(rawValue: record.list) else { continue }
            let path = hostilePaths[place] ?? ""
            if list.isNested, path.isEmpty { continue }
            BlackboardHostile(record, place: place, list: list, path: path, site: self)
                .writeTruth(of: table, to: writer)
        }
    }

    // MARK: what is stored

    /// The courses whose lists are read: neither merged into another one nor organizations.
    private var readCourses: [Int32] {
        school.courseOrder.filter { index in
            let course = school.courses[Int(index)]
            return !course.isOrganization && course.parent < 0
        }
    }

    func isStored(member index: Int32) -> Bool {
        exists(member: index) && !school.users[Int(school.members[Int(index)].user)].isPreview
    }

    private func forEachMember(_ body: (Int32) -> Void) {
        for course in readCourses {
            for index in school.courses[Int(course)].members where isStored(member: index) { body(index) }
        }
    }

    private func forEachColumn(_ body: (Int32) -> Void) {
        for course in readCourses {
            for index in school.courses[Int(course)].columns { body(index) }
        }
    }

    /// The course a row of a member belongs to, and the parent where that is a merged course.
    func home(of member: BlackboardSchool.Member) -> (course: String, parent: String?) {
        let path = Self.id(number(ofCourse: member.course))
        return member.child < 0 ? (path, nil) : (Self.id(number(ofCourse: member.child)), path)
    }

    // MARK: rows

    private func writeTerm(_ index: Int32, _ writer: ByteWriter) {
        let term = school.terms[Int(index)]
        let row = RowWriter(writer)
        row.text("term_id", Self.id(number(ofTerm: index)))
        row.text("title", term.name)
        row.text("type", "\(term.duration.name)")
        row.time("starts_at", term.duration.dates.start)
        row.time("ends_at", term.duration.dates.end)
        row.null("parent_term_id")
        row.word("status", term.isAvailable ? "active" : "unavailable")
        row.end()
    }

    private func writeCourse(_ index: Int32, _ writer: ByteWriter) {
        let course = school.courses[Int(index)]
        let term = course.term < 0 ? nil : school.terms[Int(course.term)]
        let row = RowWriter(writer)
        row.text("course_id", Self.id(number(ofCourse: index)))
        row.text("title", course.name)
        row.text("code", course.code)
        row.text("description", course.description)
        let status: StaticString =
            switch course.availability {
            case _ where course.isClosed: "archived"
            case .yes: "active"
            case .no: "unavailable"
            case .disabled: "archived"
            case .term: term?.isAvailable ?? false ? "active" : "unavailable"
            }
        row.word("status", status)
        row.text("category", term?.name)
        row.text("term_id", term == nil ? nil : Self.id(number(ofTerm: course.term)))
        row.text("parent_course_id", course.parent < 0 ? nil : Self.id(number(ofCourse: course.parent)))
        row.text("url", Self.url(ofCourse: number(ofCourse: index)))
        let dates = school.dates(of: course)
        row.time("starts_at", dates.start)
        row.time("ends_at", dates.end)
        row.time("created_at", course.created)
        row.time("modified_at", course.modified)
        row.json("custom_fields") { writer in
            writer.raw("{\"dataSourceId\":")
            writer.learnID(course.dataSource)
            writer.raw(",\"externalId\":")
            writer.string(course.code)
            writer.raw(",\"hasChildren\":")
            writer.bool(!course.children.isEmpty)
            writer.raw(",\"ultraStatus\":")
            writer.string(course.isUltra ? "Ultra" : "Classic")
            writer.raw(",\"uuid\":")
            writer.string(Self.uuid(1, index))
            writer.raw("}")
        }
        row.end()
    }

    private func writeLearner(_ index: Int32, _ writer: ByteWriter) {
        let user = school.users[Int(index)]
        guard !user.isDeleted, !user.isSystemAdmin, !user.isPreview else { return }
        let row = RowWriter(writer)
        row.text("learner_id", Self.id(number(ofUser: index)))
        row.text("username", user.userName)
        row.text("email", user.email ?? user.institutionEmail)
        row.text("first_name", user.given)
        row.text("last_name", user.family)
        row.text("external_id", user.externalID)
        let roles = user.roles.map { role in
            switch role {
            case "STUDENT": "learner"
            case "FACULTY": "instructor"
            default: role.lowercased()
            }
        }
        row.text("role", roles.first)
        row.json("roles") { writer in
            guard !roles.isEmpty else { return writer.raw("null") }
            writer.byte(UInt8(ascii: "["))
            for role in roles {
                writer.string(role)
                writer.byte(UInt8(ascii: ","))
            }
            writer.close(UInt8(ascii: "]"))
        }
        let status: StaticString =
            switch user.availability {
            case .yes, .term: "active"
            case .no: "suspended"
            case .disabled: "archived"
            }
        row.word("status", status)
        row.null("tags", "organization_id", "job_title_id")
        row.time("created_at", user.created)
        row.null("archived_at", "first_login_at")
        row.time("last_login_at", user.lastLogin)
        row.null("login_count")
        row.json("custom_fields") { write(customFieldsOf: user, index, to: $0) }
        row.end()
    }

    private func write(customFieldsOf user: BlackboardSchool.User, _ index: Int32, to writer: ByteWriter) {
        writer.raw("{\"dataSourceId\":")
        writer.learnID(Self.dataSource)
        if user.roles.count > 1 {
            writer.raw(",\"institutionRoleIds\":[")
            for role in user.roles.dropFirst() {
                writer.string(role)
                writer.raw(",")
            }
            writer.close(UInt8(ascii: "]"))
        }
        let members: [(StaticString, String?)] = [
            ("job.company", user.company), ("job.department", user.department), ("job.title", user.jobTitle),
            ("studentId", user.studentID),
        ]
        for (name, value) in members {
            guard let value else { continue }
            writer.raw(",\"")
            writer.raw(name)
            writer.raw("\":")
            writer.string(value)
        }
        writer.raw(",\"uuid\":")
        writer.string(Self.uuid(2, index))
        writer.raw("}")
    }

    private func writeEnrollment(_ index: Int32, _ writer: ByteWriter) {
        let member = school.members[Int(index)]
        let home = home(of: member)
        let row = RowWriter(writer)
        row.text("course_id", home.course)
        row.text("learner_id", Self.id(number(ofUser: member.user)))
        let role =
            switch member.role {
            case .student: "learner"
            case .instructor, .facilitator: "instructor"
            case .assistant: "assistant"
            default: member.role.rawValue.lowercased()
            }
        row.text("role", role)
        let status: StaticString =
            switch member.availability {
            case .yes, .term: "active"
            case .no: "suspended"
            case .disabled: "ended"
            }
        row.word("status", status)
        row.null("method")
        row.time("enrolled_at", member.created)
        row.null("expires_at", "started_at")
        row.time("last_accessed_at", shownAccess(member))
        row.null("suspended_at", "ended_at")
        row.text("parent_course_id", home.parent)
        row.end()
    }

    private func writeProgress(_ index: Int32, _ writer: ByteWriter) {
        let member = school.members[Int(index)]
        let home = home(of: member)
        let total = Int(school.courses[Int(member.course)].reviewable)
        let row = RowWriter(writer)
        row.text("course_id", home.course)
        row.text("learner_id", Self.id(number(ofUser: member.user)))
        let access = shownAccess(member)
        let status: StaticString =
            if total > 0, Int(member.reviewed) == total {
                "completed"
            } else if member.reviewed == 0, access.isNone {
                "not_started"
            } else {
                "in_progress"
            }
        row.word("status", status)
        row.json("progress_rate") { $0.percent(of: Int(member.reviewed), in: total) }
        row.null("average_score_rate", "time_on_course_seconds")
        row.integer("completed_units", Int(member.reviewed))
        row.integer("total_units", total)
        row.null("started_at")
        row.time("last_accessed_at", access)
        row.null("completed_at", "final_letter")
        row.text("parent_course_id", home.parent)
        row.end()
    }
}

extension ByteWriter {
    /// 100 times a quotient, to twelve decimals without superfluous zeros; null where the divisor is 0.
    func percent(of part: Int, in whole: Int) {
        guard whole > 0 else { return raw("null") }
        let (units, rest) = (100 * part).quotientAndRemainder(dividingBy: whole)
        integer(units)
        guard rest > 0 else { return }
        raw(".")
        var remainder = rest
        var digits = 0
        while remainder > 0, digits < 12 {
            let (digit, next) = (remainder * 10).quotientAndRemainder(dividingBy: whole)
            byte(UInt8(ascii: "0") + UInt8(digit))
            remainder = next
            digits += 1
        }
    }
}
