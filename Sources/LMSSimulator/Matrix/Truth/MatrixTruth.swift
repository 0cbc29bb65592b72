/// What a warehouse should hold after a full pull at this moment, derived from the mapping tables of
/// Sources/Platforms/Matrix/README.md §3 alone.
///
/// `events` comes without `event_id` and `certificates` without `certificate_id`: both are hashes that the reader makes.
struct MatrixTruth {
    static let tables = [
        "courses", "learners", "enrollments", "progress", "certificates", "assessments", "grades", "organizations",
        "events",
    ]

    let site: MatrixSite

    var school: MatrixSchool { site.school }
    var wire: MatrixWire { site.wire }

    func write(_ table: String, to writer: ByteWriter) {
        switch table {
        case "learners":
            for index in learners { writeLearner(index, writer) }
        case "organizations":
            for index in school.organizationOrder { writeOrganization(Int(index), writer) }
        case "events":
            for index in learners { writeEvents(index, writer) }
        default:
            for index in school.classOrder.map(Int.init) { write(table, ofClass: index, writer) }
        }
        site.writeHostileTruth(of: table, to: writer)
    }

    private func write(_ table: String, ofClass index: Int, _ writer: ByteWriter) {
        switch table {
        case "courses": writeCourse(index, writer)
        case "enrollments": writeEnrollments(index, writer)
        case "progress": writeProgress(index, writer)
        case "certificates": writeCertificates(index, writer)
        case "assessments": writeAssessments(index, writer)
        case "grades": writeGrades(index, writer)
        default: break
        }
    }

    /// A moment as it is stored: what was left of it on the wire.
    func stored(_ moment: Instant) -> Instant { wire.shown(moment) }

    /// Users of the walk, and those that only a roster, a teachers' list or a completion shows.
    private var learners: [Int] {
        let all = school.userOrder.map(Int.init)
        guard site.faults.walkHidesArchived else { return all }
        var embedded: Set<Int> = []
        for index in school.classOrder.map(Int.init) {
            for enrollment in school.classes[index].enrollments
            where site.isOnRoster(enrollment) || site.isInCompletions(enrollment) {
                embedded.insert(Int(enrollment.user))
            }
            for teacher in school.classes[index].teachers { embedded.insert(Int(teacher.user)) }
        }
        return all.filter { !school.users[$0].isArchived || embedded.contains($0) }
    }

    private func writeLearner(_ index: Int, _ writer: ByteWriter) {
        let user = school.users[index]
        let row = RowWriter(writer)
        row.text("learner_id", "\(user.id)")
        row.text("username", user.userid)
        row.text("email", user.email)
        row.text("first_name", user.firstName)
        row.text("last_name", user.lastName)
        row.text("external_id", user.studentID ?? user.teacherID)
        let roles = roles(of: user)
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
        row.word("status", user.isArchived ? "archived" : "active")
        row.null("tags")
        row.text(
            "organization_id",
            user.organization < 0 ? nil : "\(school.organizations[Int(user.organization)].id)"
        )
        row.text("job_title_id", user.jobTitleID.map { "\($0)" })
        row.time("created_at", stored(user.joinedAt))
        row.time("archived_at", stored(user.archivedAt))
        row.time("first_login_at", stored(user.firstLoginAt))
        row.time("last_login_at", stored(user.lastLoginAt))
        row.integer("login_count", user.logins)
        row.null("custom_fields")
        row.end()
    }

    private func roles(of user: MatrixUser) -> [String] {
        let order: [(MatrixUser.Roles, String)] = [
            (.administrator, "admin"), (.manager, "manager"), (.teacher, "instructor"), (.assistant, "assistant"),
            (.monitor, "monitor"), (.student, "learner"), (.parent, "parent"),
        ]
        // Whether someone is a parent is not said unless families are on.
        let shown = site.faults.families ? user.roles : user.roles.subtracting(.parent)
        return order.filter { shown.contains($0.0) }.map(\.1)
    }

    private func writeOrganization(_ index: Int, _ writer: ByteWriter) {
        let organization = school.organizations[index]
        let row = RowWriter(writer)
        row.text("organization_id", "\(organization.id)")
        row.text("name", organization.name)
        row.text("description", organization.description)
        row.bool("internal", organization.isInternal)
        row.end()
    }

    private func writeEvents(_ index: Int, _ writer: ByteWriter) {
        for session in site.shownSessions(ofUser: index) {
            let row = RowWriter(writer)
            row.time("occurred_at", stored(session.loginAt))
            row.word("activity", "login")
            row.text("learner_id", "\(school.users[index].id)")
            row.null("course_id", "unit_id", "description")
            row.json("payload") { writer in
                writer.raw("{\"logout_at\":")
                wire.time(session.logoutAt, to: writer)
                writer.raw("}")
            }
            row.end()
        }
    }
}
