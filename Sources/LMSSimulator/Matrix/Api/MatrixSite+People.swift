import NIOCore

extension MatrixSite {
    mutating func users(
        _ arguments: MatrixArguments,
        _ request: SimulatedRequest
    ) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        let order =
            faults.walkHidesArchived
            ? school.userOrder.filter { !school.users[Int($0)].isArchived } : school.userOrder
        return try page(.users, of: order, arguments, request) { index, site in site.write(user: index) }
    }

    mutating func users(with arguments: MatrixArguments) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        let found = try userIndices(arguments)
        writer.reset()
        writer.byte(UInt8(ascii: "["))
        for index in found {
            write(user: index)
            writer.byte(UInt8(ascii: ","))
        }
        writer.close(UInt8(ascii: "]"))
        return SimulatedAnswer(body: writer.buffer)
    }

    private func userIndices(_ arguments: MatrixArguments) throws(MatrixArguments.Problem) -> [Int] {
        var found: [Int] = []
        for id in try arguments.ids("user_ids", atMost: faults.largestBatch) {
            if let index = school.userByID[id], !school.users[Int(index)].isDeleted {
                found.append(Int(index))
            } else if faults.unknownIds == "error" {
                throw MatrixArguments.Problem(message: "Couldn't find user with id \(id)")
            }
        }
        return found
    }

    mutating func organizations(
        _ arguments: MatrixArguments,
        _ request: SimulatedRequest
    ) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        try page(.organizations, of: school.organizationOrder, arguments, request) { index, site in
            let organization = site.school.organizations[index]
            let record = MatrixObject(site.writer, site.wire)
            record.integer("id", organization.id)
            record.text("name", organization.name)
            record.text("description", organization.description)
            record.bool("internal", organization.isInternal)
            record.end()
        }
    }

    mutating func sessions(_ arguments: MatrixArguments) throws(MatrixArguments.Problem) -> SimulatedAnswer {
        let found = try userIndices(arguments)
        return array(.sessions, call: MatrixHostileCall()) { site in
            for index in found {
                let sessions = site.shownSessions(ofUser: index)
                let record = MatrixObject(site.writer, site.wire)
                record.integer("id", site.school.users[index].id)
                record.integer("count", sessions.count)
                record.value("sessions") { writer in
                    writer.byte(UInt8(ascii: "["))
                    for session in sessions {
                        let item = MatrixObject(writer, site.wire)
                        item.state("login_at", session.loginAt)
                        item.state("logout_at", session.logoutAt)
                        item.text("ip_address", "PLANTED-ip-address")
                        item.end()
                        writer.byte(UInt8(ascii: ","))
                    }
                    writer.close(UInt8(ascii: "]"))
                }
                record.end()
                site.writer.byte(UInt8(ascii: ","))
            }
        }
    }

    /// Sessions within the platform's horizon, oldest first.
    func shownSessions(ofUser index: Int) -> [MatrixSession] {
        let horizon = now.adding(seconds: -Int64(faults.sessionHorizonDays * 86_400))
        return school.users[index].sessions.filter { $0.loginAt >= horizon && $0.loginAt <= now }
    }

    func write(user index: Int) {
        let record = MatrixObject(writer, wire)
        writeUserFields(index, to: record)
        record.end()
    }

    /// The fields of user info, in the walk and wherever a user is embedded.
    func writeUserFields(_ index: Int, to record: MatrixObject) {
        let user = school.users[index]
        record.integer("id", user.id)
        record.text("userid", user.userid)
        record.text("first_name", user.firstName)
        record.text("last_name", user.lastName)
        record.text("email", user.email)
        record.bool("student", user.roles.contains(.student))
        record.bool("teacher", user.roles.contains(.teacher))
        record.bool("assistant", user.roles.contains(.assistant))
        record.bool("administrator", user.roles.contains(.administrator))
        record.bool("monitor", user.roles.contains(.monitor))
        record.bool("manager", user.roles.contains(.manager))
        if faults.families {
            record.bool("parent", user.roles.contains(.parent))
            record.value("parent_ids") { $0.raw("[]") }
            record.value("children_ids") { $0.raw("[]") }
        }
        record.text("student_id", user.studentID)
        record.text("teacher_id", user.teacherID)
        record.integer(
            "organization_id",
            user.organization < 0 ? nil : school.organizations[Int(user.organization)].id
        )
        record.time("joined_at", user.joinedAt)
        record.time("first_login_at", user.firstLoginAt)
        record.time("last_login_at", user.lastLoginAt)
        record.integer("logins", user.logins)
        record.bool("archived", user.isArchived)
        record.time("archived_at", user.archivedAt)
        record.integer("job_title_id", user.jobTitleID)
        record.integer("year_of_graduation", user.yearOfGraduation)
        MatrixSecrets.writeAlways(to: record)
        record.fields(user.fields)
        if faults.plantSecrets { MatrixSecrets.writeOnRequest(to: record, apiKey: apiKey) }
        if !faults.shadowField.isEmpty {
            record.fields([MatrixField(name: faults.shadowField, value: "School value")])
        }
    }
}
