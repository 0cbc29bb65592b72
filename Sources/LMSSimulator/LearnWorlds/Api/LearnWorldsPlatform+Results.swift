extension LearnWorldsPlatform {
    func grades(_ slug: String, _ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        guard let course = findCourse(slug, world) else { return noSuchObject(world) }
        var shown = visible(world.school.courses[course].submissions, world.school)
        let school = world.school
        switch request.value("sort") {
        case "created": shown.sort { school.submissions[Int($0)].createdAt < school.submissions[Int($1)].createdAt }
        case "grade": shown.sort { school.submissions[Int($0)].grade < school.submissions[Int($1)].grade }
        default: break
        }
        let isAscending = request.value("order") == "asc"
        let count = shown.count
        return page(.grades, count: count, of: request, in: &world) { place, writer, world in
            let submission = world.school.submissions[Int(shown[isAscending ? place : count - 1 - place])]
            let unit = world.school.courses[course].units[Int(submission.unit)]
            writeHead(of: submission, to: writer, world)
            writer.raw(",\"learningUnit\":{\"id\":")
            writer.string(unit.id)
            writer.raw(",\"type\":")
            writer.string(unit.type)
            writer.raw(",\"icon\":\"exam\",\"subtitle\":\"Assessment\"}}")
        }
    }

    func responses(_ unitID: String, _ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        guard let address = world.school.unitByID[unitID], !world.school.courses[Int(address.course)].isDeleted else {
            return noSuchObject(world)
        }
        let unit = world.school.courses[Int(address.course)].units[Int(address.unit)]
        var shown = visible(unit.submissions, world.school)
        if let users = request.value("users") {
            let wanted = Set(users.split(separator: ",").compactMap { findLearner(String($0), world).map(Int32.init) })
            shown.removeAll { !wanted.contains(world.school.submissions[Int($0)].learner) }
        }
        return page(.responses, count: shown.count, of: request, in: &world) { place, writer, world in
            let submission = world.school.submissions[Int(shown[shown.count - 1 - place])]
            writeHead(of: submission, to: writer, world)
            writer.raw(",\"passed\":")
            if let passed = submission.passed { writer.bool(passed) } else { writer.raw("null") }
            writer.raw(",\"answers\":[")
            SubmittedAnswers(submission).write(
                to: writer,
                as: .served(at: world.now, secrets: world.faults.plantSecrets)
            )
            writer.raw("],\"generalFeedback\":null}")
        }
    }

    private func visible(_ submissions: [Int32], _ school: School) -> [Int32] {
        // Filtering costs more than rendering where nobody was ever deleted.
        guard school.learnerOrder.count < school.learners.count else { return submissions }
        return submissions.filter { school.isVisible(school.submissions[Int($0)].learner) }
    }

    private func writeHead(of submission: Submission, to writer: ByteWriter, _ world: LearnWorldsSite) {
        // Member by member: a copy of the whole learner would cost more than writing the submission.
        let index = Int(submission.learner)
        writer.raw("{\"id\":")
        writer.objectID(.submission, submission.number)
        writer.raw(",\"user_id\":")
        writer.objectID(.learner, world.school.learners[index].number)
        writer.raw(",\"email\":")
        writer.string(world.school.learners[index].email)
        writer.raw(",\"grade\":")
        writer.hundredths(Int(submission.grade))
        writer.raw(",\"created\":")
        writer.time(submission.createdAt)
        writer.raw(",\"modified\":")
        writer.time(submission.modifiedAt)
        writer.raw(",\"submittedTimestamp\":")
        writer.time(submission.submittedAt)
    }

    func certificates(_ request: SimulatedRequest, _ world: inout LearnWorldsSite) -> SimulatedAnswer {
        let course = request.value("course_id")
        let user = request.value("user_id")
        guard course != nil || user != nil else {
            return error(422, "course_id", "course_id or user_id is required.", world)
        }
        let school = world.school
        var list: [Int32] = []
        if let course {
            list = findCourse(course, world).map { school.courses[$0].certificates } ?? []
        } else if let user {
            list = findLearner(user, world).map { school.learners[$0].certificates } ?? []
        }
        let wanted = user.map { findLearner($0, world).map(Int32.init) ?? -1 }
        let shown = list.filter {
            let certificate = school.certificates[Int($0)]
            return !certificate.isGone && school.isVisible(certificate.learner)
                && !school.courses[Int(certificate.course)].isDeleted
                && (wanted == nil || certificate.learner == wanted)
        }
        return page(.certificates, count: shown.count, of: request, in: &world) { place, writer, world in
            write(world.school.certificates[Int(shown[shown.count - 1 - place])], to: writer, world)
        }
    }

    private func write(_ certificate: Certificate, to writer: ByteWriter, _ world: LearnWorldsSite) {
        let learner = world.school.learners[Int(certificate.learner)]
        writer.raw("{\"id\":")
        writer.objectID(.certificate, certificate.number)
        writer.raw(",\"title\":")
        writer.string(escaped(certificate.title, world.faults))
        writer.raw(",\"issued\":")
        writer.time(certificate.issuedAt)
        if !certificate.expiresAt.isNone {
            writer.raw(",\"expires_on\":")
            writer.time(certificate.expiresAt)
        }
        writer.raw(",\"attempts\":1,\"type\":")
        writer.raw(certificate.isCompletion ? "\"completion\"" : "\"certificate\"")
        writer.raw(",\"status\":")
        writer.raw(certificate.isRevoked ? "\"deleted\"" : "\"active\"")
        writer.raw(",\"score\":")
        writer.string(certificate.score)
        writer.raw(",\"short_url\":\"https://example.org/c/PLANTED-short-url\",\"provider\":\"LearnWorlds\",")
        writer.raw("\"external_url\":null,\"form\":{\"firstname\":")
        writer.string(learner.firstName)
        writer.raw(",\"lastname\":")
        writer.string(learner.lastName)
        writer.raw(",\"ptin\":\"PLANTED-ptin\"},\"user\":{\"id\":")
        writer.objectID(.learner, learner.number)
        writer.raw(",\"email\":")
        writer.string(learner.email)
        writer.raw("},\"course_id\":")
        writer.string(world.school.courses[Int(certificate.course)].slug)
        writer.raw("}")
    }
}
