extension LearnWorldsPlatform {
    func users(_ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        let order = world.school.learnerOrder
        let learners = world.school.learners
        let after = bound(request.value("registration_after"))
        let before = bound(request.value("registration_before"))
        var low = 0
        var high = order.count
        if let after { low = order.partitioningIndex { learners[Int($0)].createdAt > after } }
        if let before { high = max(low, order.partitioningIndex { learners[Int($0)].createdAt >= before }) }
        if includesSuspended(request) {
            return page(.users, count: high - low, of: request, in: &world) { place, writer, world in
                write(world.school.learners[Int(order[high - 1 - place])], to: writer, world.faults)
            }
        }
        let shown = order[low..<high].filter { !learners[Int($0)].isSuspended }
        return page(.users, count: shown.count, of: request, in: &world) { place, writer, world in
            write(world.school.learners[Int(shown[shown.count - 1 - place])], to: writer, world.faults)
        }
    }

    private func includesSuspended(_ request: SimulatedRequest) -> Bool {
        ["true", "1"].contains(request.value("include_suspended"))
    }

    /// A filter's moment; a text that is no number is ignored, as unknown filters are.
    func bound(_ text: String?) -> Instant? {
        guard let text, let seconds = Double(text), seconds.magnitude < 1e12 else { return nil }
        return Instant(microseconds: Int64((seconds * 1_000_000).rounded()))
    }

    /// The learner with this id, while the account exists.
    func findLearner(_ id: String, _ world: LearnWorldsSite) -> Int? {
        guard let number = ObjectID.number(.learner, in: id), let index = world.school.learnerByNumber[number],
            !world.school.learners[Int(index)].isDeleted
        else { return nil }
        return Int(index)
    }

    func user(_ id: String, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        guard let index = findLearner(id, world) else { return noSuchObject(world) }
        world.writer.reset()
        write(world.school.learners[index], to: world.writer, world.faults)
        return finishObject(world.writer)
    }

    func roster(_ slug: String, _ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        guard let course = findCourse(slug, world) else { return noSuchObject(world) }
        let now = world.now
        let includesSuspended = includesSuspended(request)
        let keepsExpired = world.faults.rosterKeepsExpired
        let school = world.school
        let shown = school.courses[course].memberships.filter { index in
            let membership = school.memberships[Int(index)]
            let learner = school.learners[Int(membership.learner)]
            return membership.isEnrolled && !learner.isDeleted && (includesSuspended || !learner.isSuspended)
                && (keepsExpired || !membership.isExpired(at: now))
        }
        return page(.roster, count: shown.count, of: request, in: &world) { place, writer, world in
            let membership = world.school.memberships[Int(shown[shown.count - 1 - place])]
            write(world.school.learners[Int(membership.learner)], to: writer, world.faults)
        }
    }

    func write(_ learner: Learner, to writer: ByteWriter, _ faults: Faults) {
        writer.raw("{\"id\":")
        writer.objectID(.learner, learner.number)
        writer.raw(",\"email\":")
        writer.string(learner.email)
        writer.raw(",\"username\":")
        writer.string(escaped(learner.username, faults))
        writer.raw(",\"first_name\":")
        writer.string(learner.firstName.map { escaped($0, faults) })
        writer.raw(",\"last_name\":")
        writer.string(learner.lastName.map { escaped($0, faults) })
        writer.raw(",\"subscribed_for_marketing_emails\":null,\"eu_customer\":false,\"is_admin\":")
        writer.bool(learner.role == .admin)
        writer.raw(",\"is_instructor\":")
        writer.bool(learner.role == .instructor)
        writer.raw(",\"is_suspended\":")
        writer.bool(learner.isSuspended)
        writer.raw(",\"is_reporter\":")
        writer.bool(learner.role == .reporter)
        writer.raw(",\"role\":{\"level\":")
        writer.string(learner.role.rawValue)
        writer.raw(",\"name\":")
        writer.string(escaped(learner.customRole ?? learner.role.name, faults))
        writer.raw("},\"is_affiliate\":false,\"referrer_id\":null,\"created\":")
        writer.time(learner.createdAt)
        // A login that never was: null, 0, or no field at all.
        if learner.hasLoggedIn || learner.number % 3 != 0 {
            writer.raw(",\"last_login\":")
            if learner.hasLoggedIn || learner.number % 3 == 1 {
                writer.time(learner.lastLoginAt)
            } else {
                writer.raw("0")
            }
        }
        writer.raw(",\"signup_approval_status\":\"passed\",\"fields\":{")
        write(learner.fields, of: learner.number, to: writer, faults)
        writer.raw(",\"tags\":")
        write(faults.nullTags ? nil : learner.tags, to: writer)
        if learner.number % 16 == 5 {
            writer.raw(",\"utms\":{\"utm_source\":\"PLANTED-utm-source\"}")
        } else {
            writer.raw(",\"utms\":null")
        }
        if learner.number % 16 == 3 {
            writer.raw(",\"billing_info\":{\"bf_name\":\"Plant\",\"bf_taxid\":\"PLANTED-billing-tax-id\"}")
        } else {
            writer.raw(",\"billing_info\":null")
        }
        if learner.number % 16 == 7 {
            writer.raw(",\"nps_score\":9,\"nps_comment\":\"PLANTED-nps-comment\"")
        } else {
            writer.raw(",\"nps_score\":null,\"nps_comment\":null")
        }
        if faults.plantSecrets { writer.raw(",\"password\":\"PLANTED-user-password\"") }
        writer.raw("}")
    }

    private func write(_ fields: [Learner.Field], of number: UInt64, to writer: ByteWriter, _ faults: Faults) {
        if number % 4 == 0 {
            writer.raw("\"phone\":\"PLANTED-phone\",\"address\":\"PLANTED-address\",\"birthday\":\"PLANTED-birthday\",")
        } else {
            writer.raw("\"phone\":null,")
        }
        for field in fields {
            writer.string(field.key)
            writer.byte(UInt8(ascii: ":"))
            switch field.value {
            case .text(let text): writer.string(text)
            case .flag(let flag): writer.bool(flag)
            case .number(let number): writer.integer(number)
            case .null: writer.raw("null")
            }
            writer.byte(UInt8(ascii: ","))
        }
        if faults.plantSecrets {
            writer.raw("\"cf_password\":\"PLANTED-password\",\"cf_national_id\":\"PLANTED-national-id\",")
            writer.raw("\"ssn\":\"PLANTED-ssn\",\"api_key\":\"PLANTED-api-key\",")
        }
        writer.close(UInt8(ascii: "}"))
    }
}

extension Array {
    /// The first place from which on `isAfter` holds, in an array where it never stops holding.
    func partitioningIndex(where isAfter: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
