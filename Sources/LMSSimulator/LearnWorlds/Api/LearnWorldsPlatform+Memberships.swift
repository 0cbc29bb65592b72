extension LearnWorldsPlatform {
    func enrollments(_ id: String, _ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        guard let learner = findLearner(id, world) else { return noSuchObject(world) }
        let school = world.school
        let shown = school.learners[learner].memberships.filter {
            let membership = school.memberships[Int($0)]
            return membership.isEnrolled && !school.courses[Int(membership.course)].isDeleted
        }
        return page(.enrollments, count: shown.count, of: request, in: &world) { place, writer, world in
            let membership = world.school.memberships[Int(shown[shown.count - 1 - place])]
            let course = world.school.courses[Int(membership.course)]
            writer.raw("{\"created\":")
            writer.time(membership.enrolledAt)
            writer.raw(",\"expires\":")
            writer.time(membership.expiresAt)
            writer.raw(",\"course\":{\"id\":")
            writer.string(course.slug)
            writer.raw(",\"title\":")
            writer.string(escaped(course.title, world.faults))
            writer.raw(",\"expires\":")
            if let expires = course.expires { writer.integer(expires) } else { writer.raw("null") }
            writer.raw(",\"expiresType\":")
            writer.string(course.expiresType)
            writer.raw(",\"access\":")
            writer.string(course.access.rawValue)
            writer.raw(",\"created\":")
            writer.time(course.createdAt)
            writer.raw(",\"modified\":")
            writer.time(course.modifiedAt)
            writer.raw("}}")
        }
    }

    func progress(_ id: String, _ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        guard let learner = findLearner(id, world) else { return noSuchObject(world) }
        let school = world.school
        let shown = school.learners[learner].memberships.filter {
            let membership = school.memberships[Int($0)]
            return membership.hasProgress && !school.courses[Int(membership.course)].isDeleted
        }
        return page(.progress, count: shown.count, of: request, in: &world) { place, writer, world in
            writeProgress(world.school.memberships[Int(shown[shown.count - 1 - place])], to: writer, world, named: true)
        }
    }

    func progress(_ id: String, in slug: String, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        guard let learner = findLearner(id, world), let course = findCourse(slug, world),
            let index = world.school.learners[learner].memberships.first(where: {
                world.school.memberships[Int($0)].course == Int32(course)
                    && world.school.memberships[Int($0)].hasProgress
            })
        else { return noSuchObject(world) }
        world.writer.reset()
        writeProgress(world.school.memberships[Int(index)], to: world.writer, world, named: false)
        return finishObject(world.writer)
    }

    private func writeProgress(_ membership: Membership, to writer: ByteWriter, _ world: LearnWorldsSite, named: Bool) {
        let course = world.school.courses[Int(membership.course)]
        writer.raw("{")
        if named {
            writer.raw("\"course_id\":")
            writer.string(course.slug)
            writer.raw(",")
        }
        writer.raw("\"status\":\"")
        writer.raw(membership.status.name)
        writer.raw("\",\"progress_rate\":")
        writer.hundredths(Int(membership.rate))
        writer.raw(",\"average_score_rate\":")
        writer.hundredths(Int(membership.average))
        writer.raw(",\"time_on_course\":")
        writer.integer(Int(membership.seconds))
        writer.raw(",\"total_units\":")
        writer.integer(Int(membership.totalUnits))
        writer.raw(",\"completed_units\":")
        writer.integer(Int(membership.completedUnits))
        writer.raw(",\"completed_at\":")
        writer.time(membership.completedAt)
        writer.raw(",\"progress_per_section_unit\":[")
        for (place, section) in course.sections.enumerated() {
            let start = writer.count
            writer.raw("{\"section_id\":")
            writer.string(section.id)
            writer.raw(",\"units\":[")
            var isEmpty = true
            for state in membership.units {
                let unit = course.units[Int(state.unit)]
                guard unit.section == place, unit.isListed else { continue }
                isEmpty = false
                write(state, of: unit, section: section, to: writer, world.faults)
                writer.byte(UInt8(ascii: ","))
            }
            if isEmpty {
                writer.truncate(to: start)
                continue
            }
            writer.close(UInt8(ascii: "]"))
            writer.raw("},")
        }
        writer.close(UInt8(ascii: "]"))
        writer.raw("}")
    }

    private func write(
        _ state: UnitState,
        of unit: CourseUnit,
        section: CourseSection,
        to writer: ByteWriter,
        _ faults: Faults
    ) {
        writer.raw("{\"unit_section_name\":")
        writer.string(escaped(section.title, faults))
        writer.raw(",\"unit_id\":")
        writer.string(unit.id)
        writer.raw(",\"unit_name\":")
        writer.string(escaped(unit.title, faults))
        writer.raw(",\"unit_type\":")
        writer.string(unit.type)
        writer.raw(",\"unit_status\":\"")
        writer.raw(state.status.name)
        writer.raw("\",\"unit_duration\":null,\"time_on_unit\":")
        writer.integer(Int(state.seconds))
        writer.raw(",\"score_on_unit\":")
        if state.score >= 0 { writer.integer(Int(state.score)) } else { writer.raw("null") }
        writer.raw(",\"unit_progress_rate\":")
        writer.integer(Int(state.rate))
        writer.raw("}")
    }
}
