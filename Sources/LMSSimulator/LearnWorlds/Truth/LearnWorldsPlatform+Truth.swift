/// What a warehouse should hold after a full pull at this moment, derived from the mapping tables of
/// Sources/Platforms/LearnWorlds/README.md §3 alone.
extension LearnWorldsPlatform {
    var truthTables: [String] {
        [
            "courses", "course_units", "assessments", "learners", "enrollments", "progress", "unit_progress", "grades",
            "certificates", "assessment_responses", "events",
        ]
    }

    func writeTruth(of table: String, in world: LearnWorldsSite, to writer: ByteWriter) {
        switch table {
        case "courses": for index in world.school.courseOrder { writeCourse(world.school.courses[Int(index)], writer) }
        case "course_units":
            for index in world.school.courseOrder { writeUnits(world.school.courses[Int(index)], writer) }
        case "assessments": for index in world.school.courseOrder { writeAssessments(Int(index), world.school, writer) }
        case "learners":
            for index in world.school.learnerOrder {
                writeLearner(world.school.learners[Int(index)], world.faults, writer)
            }
        case "enrollments": forEachMembership(world.school) { if $0.isEnrolled { writeEnrollment($0, world, writer) } }
        case "progress":
            forEachMembership(world.school) { if $0.hasProgress { writeProgress($0, world.school, writer) } }
        case "unit_progress":
            forEachMembership(world.school) { if $0.hasProgress { writeUnitProgress($0, world.school, writer) } }
        case "grades": for index in world.school.courseOrder { writeGrades(Int(index), world.school, writer) }
        case "assessment_responses":
            for index in world.school.courseOrder { writeResponses(Int(index), world.school, writer) }
        case "certificates": writeCertificates(world, writer)
        case "events": for event in world.school.events { writeEvent(event, world.school, writer) }
        default: break
        }
        for (place, record) in world.faults.hostile.enumerated() {
            guard let list = ListKind(rawValue: record.list) else { continue }
            let path = world.hostilePaths[place] ?? ""
            if list.isNested, path.isEmpty { continue }
            HostileRendering(record, place: place, list: list, path: path, school: world.school)
                .writeTruth(of: table, to: writer)
        }
    }

    private func forEachMembership(_ school: School, _ body: (Membership) -> Void) {
        for membership in school.memberships
        where school.isVisible(membership.learner) && !school.courses[Int(membership.course)].isDeleted {
            body(membership)
        }
    }

    private func writeCourse(_ course: Course, _ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("course_id", course.slug)
        row.text("title", course.title)
        row.text("code", course.code ?? course.slug)
        row.text("description", course.description)
        let status: StaticString =
            switch course.access {
            case .paid, .free, .enrollmentClosed: "active"
            case .draft: "draft"
            case .isPrivate: "private"
            case .comingSoon: "unavailable"
            }
        row.word("status", status)
        row.text("category", course.categories?.first)
        row.null("term_id", "parent_course_id", "url", "starts_at", "ends_at")
        row.time("created_at", course.createdAt)
        row.time("modified_at", course.modifiedAt)
        row.json("custom_fields") { writer in
            writer.raw("{\"access\":")
            writer.string(course.access.rawValue)
            writer.raw(",\"categories\":")
            write(course.categories, to: writer)
            writer.raw(",\"expires\":")
            if let expires = course.expires { writer.integer(expires) } else { writer.raw("null") }
            writer.raw(",\"expiresType\":")
            writer.string(course.expiresType)
            writer.raw(",\"final_price\":")
            writer.hundredths(course.finalPrice)
            writer.raw(",\"label\":")
            writer.string(course.label)
            writer.raw("}")
        }
        row.end()
    }

    /// A unit's id as rows refer to it: a unit without one is named by its section and its place there.
    private func key(of unit: CourseUnit, in course: Course) -> String {
        unit.id ?? "s:\(course.sections[unit.section].id):\(unit.place)"
    }

    /// The listed units in the order of the contents: section by section.
    private func listedUnits(of course: Course) -> [(section: Int, unit: CourseUnit)] {
        course.sections.indices.flatMap { section in
            course.units.filter { $0.section == section && $0.isListed }.map { (section, $0) }
        }
    }

    private func writeUnits(_ course: Course, _ writer: ByteWriter) {
        for (place, (section, unit)) in listedUnits(of: course).enumerated() {
            let row = RowWriter(writer)
            row.text("course_id", course.slug)
            row.text("unit_id", key(of: unit, in: course))
            row.text("section_id", course.sections[section].id)
            row.text("section_title", course.sections[section].title)
            row.integer("section_position", section + 1)
            row.text("title", unit.title)
            row.text("type", unit.type)
            row.integer("position", place + 1)
            row.text("assessment_id", unit.isAssessment ? unit.id : nil)
            row.text("access", course.sections[section].access)
            row.end()
        }
    }

    private func writeAssessments(_ index: Int, _ school: School, _ writer: ByteWriter) {
        let course = school.courses[index]
        for (place, (section, unit)) in listedUnits(of: course).enumerated() where unit.isAssessment {
            writeAssessment(
                unit.id,
                course.slug,
                title: unit.title,
                type: unit.type,
                category: course.sections[section].title,
                position: place + 1,
                writer
            )
        }
        // Contents lack these, grades name them: stubs.
        for unit in course.units where !unit.isListed {
            guard unit.submissions.contains(where: { school.isVisible(school.submissions[Int($0)].learner) }) else {
                continue
            }
            writeAssessment(unit.id, course.slug, title: nil, type: unit.type, category: nil, position: nil, writer)
        }
    }

    private func writeAssessment(
        _ id: String?,
        _ course: String,
        title: String?,
        type: String,
        category: String?,
        position: Int?,
        _ writer: ByteWriter
    ) {
        let row = RowWriter(writer)
        row.text("assessment_id", id)
        row.text("course_id", course)
        row.text("title", title)
        row.text("type", type)
        row.word("scope", "assessment")
        row.text("category", category)
        row.null("category_id", "points_possible", "pass_percent", "weight")
        row.word("grading", "normal")
        row.null("available", "opens_at", "due_at")
        row.integer("position", position)
        row.null("external_id")
        row.text("unit_id", id)
        row.null("created_at", "modified_at")
        row.end()
    }

    private func writeLearner(_ learner: Learner, _ faults: Faults, _ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.id("learner_id", .learner, learner.number)
        row.text("username", learner.username)
        row.text("email", learner.email)
        row.text("first_name", learner.firstName.flatMap { $0.isEmpty ? nil : $0 })
        row.text("last_name", learner.lastName.flatMap { $0.isEmpty ? nil : $0 })
        row.null("external_id")
        let role = learner.role == .user ? "learner" : learner.role.rawValue
        row.text("role", role)
        row.json("roles") { write([role] + (learner.customRole.map { [$0] } ?? []), to: $0) }
        row.word("status", learner.isSuspended ? "suspended" : "active")
        row.json("tags") { write(faults.nullTags ? nil : learner.tags, to: $0) }
        row.null("organization_id", "job_title_id")
        row.time("created_at", learner.createdAt)
        row.null("archived_at", "first_login_at")
        row.time("last_login_at", learner.lastLoginAt)
        row.null("login_count")
        row.json("custom_fields") { writer in
            writer.raw("{")
            for field in learner.fields.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                writer.string(field.key)
                writer.raw(":")
                switch field.value {
                case .text(let text): writer.string(text)
                case .flag(let flag): writer.bool(flag)
                case .number(let number): writer.integer(number)
                case .null: writer.raw("null")
                }
                writer.raw(",")
            }
            writer.close(UInt8(ascii: "}"))
        }
        row.end()
    }

    private func writeEnrollment(_ membership: Membership, _ world: LearnWorldsSite, _ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("course_id", world.school.courses[Int(membership.course)].slug)
        row.id("learner_id", .learner, world.school.learners[Int(membership.learner)].number)
        row.word("role", "learner")
        row.word("status", membership.isExpired(at: world.now) ? "expired" : "active")
        row.null("method")
        row.time("enrolled_at", membership.enrolledAt)
        row.time("expires_at", membership.expiresAt)
        row.null("started_at", "last_accessed_at", "suspended_at", "ended_at", "parent_course_id")
        row.end()
    }

    private func writeProgress(_ membership: Membership, _ school: School, _ writer: ByteWriter) {
        let row = RowWriter(writer)
        row.text("course_id", school.courses[Int(membership.course)].slug)
        row.id("learner_id", .learner, school.learners[Int(membership.learner)].number)
        row.word("status", membership.status.name)
        row.hundredths("progress_rate", membership.rate)
        row.hundredths("average_score_rate", membership.average)
        row.integer("time_on_course_seconds", Int(membership.seconds))
        row.integer("completed_units", Int(membership.completedUnits))
        row.integer("total_units", Int(membership.totalUnits))
        row.null("started_at", "last_accessed_at")
        row.time("completed_at", membership.completedAt)
        row.null("final_letter", "parent_course_id")
        row.end()
    }

    private func writeUnitProgress(_ membership: Membership, _ school: School, _ writer: ByteWriter) {
        let course = school.courses[Int(membership.course)]
        for state in membership.units {
            let unit = course.units[Int(state.unit)]
            guard unit.isListed else { continue }
            let row = RowWriter(writer)
            row.text("course_id", course.slug)
            row.id("learner_id", .learner, school.learners[Int(membership.learner)].number)
            row.text("unit_id", key(of: unit, in: course))
            row.text("section_id", course.sections[unit.section].id)
            row.text("unit_title", unit.title)
            row.text("unit_type", unit.type)
            row.word("status", state.status.name)
            row.integer("progress_rate", Int(state.rate))
            row.integer("score_rate", state.score < 0 ? nil : Int(state.score))
            row.integer("time_on_unit_seconds", Int(state.seconds))
            row.null("completed_at")
            row.end()
        }
    }
}
