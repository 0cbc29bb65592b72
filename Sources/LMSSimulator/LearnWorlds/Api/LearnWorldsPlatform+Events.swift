extension LearnWorldsPlatform {
    func events(_ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        let school = world.school
        var low = 0
        var high = school.events.count
        if let after = bound(request.value("created_after")) {
            low = school.firstEvent(
                notBefore: world.faults.createdAfterInclusive ? after : after.adding(microseconds: 1)
            )
        }
        if let before = bound(request.value("created_before")) {
            high = school.firstEvent(
                notBefore: world.faults.createdBeforeInclusive ? before.adding(microseconds: 1) : before
            )
        }
        high = max(low, high)
        let isAscending = request.value("sort") == "asc"
        let activity = request.value("activity")
        let user = request.value("user_id")
        if activity == nil, user == nil {
            return page(.events, count: high - low, of: request, in: &world) { place, writer, world in
                write(world.school.events[isAscending ? low + place : high - 1 - place], to: writer, world)
            }
        }
        let learner = user.map { id in
            ObjectID.number(.learner, in: id).flatMap { school.learnerByNumber[$0] } ?? -2
        }
        let shown = (low..<high).filter {
            let event = school.events[$0]
            return (activity == nil || Activity.all[Int(event.activity)].name == activity)
                && (learner == nil || event.learner == learner)
        }
        return page(.events, count: shown.count, of: request, in: &world) { place, writer, world in
            write(world.school.events[shown[isAscending ? place : shown.count - 1 - place]], to: writer, world)
        }
    }

    private func write(_ event: Event, to writer: ByteWriter, _ world: LearnWorldsSite) {
        let activity = Activity.all[Int(event.activity)]
        writer.raw("{\"user\":")
        if event.learner >= 0 {
            // Member by member: a copy of the whole learner would cost more than writing the entry.
            let index = Int(event.learner)
            writer.raw("{\"id\":")
            writer.objectID(.learner, world.school.learners[index].number)
            writer.raw(",\"username\":")
            writer.string(escaped(world.school.learners[index].username, world.faults))
            writer.raw("}")
        } else {
            writer.raw("null")
        }
        writer.raw(",\"created\":")
        writer.time(event.createdAt)
        writer.raw(",\"activity\":")
        writer.string(world.faults.strayCommaActivities ? activity.name + "," : activity.name)
        writer.raw(",\"description\":")
        writer.string(activity.description)
        writer.raw(",\"type\":")
        writer.string(activity.type)
        writer.raw(",\"additional_info\":")
        guard event.course >= 0 || event.learner % 2 == 0 else { return writer.raw("null}") }
        writer.raw("{")
        if event.course >= 0 {
            writer.raw(event.hasBareCourse ? "\"course\":" : "\"course\":{\"id\":")
            writer.string(world.school.courses[Int(event.course)].slug)
            writer.raw(event.hasBareCourse ? "," : "},")
        }
        writer.raw("\"agent\":{\"ip\":\"PLANTED-agent-ip\",\"device_token\":\"PLANTED-device-token\"},")
        writer.raw("\"ip_address\":\"PLANTED-ip-address\"")
        if world.faults.plantSecrets { writer.raw(",\"access_token\":\"PLANTED-event-token\"") }
        writer.raw("}}")
    }
}
