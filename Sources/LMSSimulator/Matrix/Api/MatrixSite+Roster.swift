import NIOCore

extension MatrixSite {
    mutating func roster(_ arguments: MatrixArguments) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        let index = try course(arguments)
        return array(.roster, call: MatrixHostileCall(course: school.classes[index].id)) { site in
            var twin: MatrixEnrollment?
            for enrollment in site.school.classes[index].enrollments where site.isOnRoster(enrollment) {
                site.write(enrollment)
                if site.faults.rosterTwins, twin == nil, !enrollment.isUnenrolled { twin = enrollment }
            }
            if let twin { site.write(site.formerEnrollment(before: twin)) }
        }
    }

    /// Whether a roster shows this enrollment.
    func isOnRoster(_ enrollment: MatrixEnrollment) -> Bool {
        guard !school.users[Int(enrollment.user)].isDeleted else { return false }
        return !enrollment.isUnenrolled || !(faults.rosterHidesUnenrolled || faults.dropsHistory)
    }

    /// Whether a gradebook has a line for this enrollment.
    func isInGradebook(_ enrollment: MatrixEnrollment) -> Bool {
        guard !school.users[Int(enrollment.user)].isDeleted else { return false }
        return !enrollment.isUnenrolled || !(faults.gradebookHidesUnenrolled || faults.dropsHistory)
    }

    /// Whether the completions list this enrollment.
    func isInCompletions(_ enrollment: MatrixEnrollment) -> Bool {
        guard enrollment.isCompleted, !school.users[Int(enrollment.user)].isDeleted else { return false }
        return !enrollment.isUnenrolled || !faults.dropsHistory
    }

    /// An earlier, ended enrollment of the same learner.
    private func formerEnrollment(before enrollment: MatrixEnrollment) -> MatrixEnrollment {
        var former = MatrixEnrollment(
            user: enrollment.user,
            method: .transfer,
            enrolledAt: enrollment.enrolledAt.adding(seconds: -90 * 86_400)
        )
        former.isUnenrolled = true
        former.unenrolledAt = enrollment.enrolledAt.adding(seconds: -30 * 86_400)
        return former
    }

    private func write(_ enrollment: MatrixEnrollment) {
        let record = MatrixObject(writer, wire)
        writeUserFields(Int(enrollment.user), to: record)
        record.text("enroll_type", enrollment.method.rawValue)
        record.state("enrolled_at", enrollment.enrolledAt)
        record.integer("enrolled_by_id", id(ofUser: enrollment.enrolledBy))
        record.state("started_at", enrollment.startedAt)
        record.state("last_visited_at", enrollment.lastVisitedAt)
        record.integer("time_spent", enrollment.timeSpent)
        record.state("completed_at", enrollment.completedAt)
        record.bool("unenrolled", enrollment.isUnenrolled)
        record.state("unenrolled_at", enrollment.unenrolledAt)
        record.integer("unenrolled_by_id", id(ofUser: enrollment.unenrolledBy))
        record.bool("deactivated", enrollment.isDeactivated)
        record.state("deactivated_at", enrollment.deactivatedAt)
        record.state("reactivated_at", enrollment.reactivatedAt)
        record.percent("percent", enrollment.completion.percent)
        record.text("grade", enrollment.completion.grade)
        record.value("notes") { writer in
            guard enrollment.isDeactivated else { return writer.raw("[]") }
            writer.raw("[{\"teacher_id\":null,\"subject\":\"Absence\",\"message\":\"PLANTED-note\"}]")
        }
        record.end()
        writer.byte(UInt8(ascii: ","))
    }

    func id(ofUser index: Int32) -> Int? {
        index < 0 ? nil : school.users[Int(index)].id
    }

    mutating func teachers(_ arguments: MatrixArguments) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        let index = try course(arguments)
        return array(.teachers, call: MatrixHostileCall(course: school.classes[index].id)) { site in
            for teacher in site.school.classes[index].teachers
            where !site.school.users[Int(teacher.user)].isDeleted {
                let record = MatrixObject(site.writer, site.wire)
                site.writeUserFields(Int(teacher.user), to: record)
                record.bool("coteacher", teacher.isCoteacher)
                record.end()
                site.writer.byte(UInt8(ascii: ","))
            }
        }
    }
}
