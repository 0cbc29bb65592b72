/// `GET /v1/users`: administrators are hidden from an account that is none.
extension BlackboardSite {
    mutating func users(_ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.users, request) { return refusal }
        let shown: [Int32]
        do throws(SimulatorError) {
            let filters = try dateFilters(["created", "modified", "lastLogin"], of: .users, request)
            let sort = request.value("sort") ?? "created"
            guard ["created", "created(desc)"].contains(sort) else { throw SimulatorError("Invalid sort: \(sort)") }
            let filtered = school.userOrder.filter { isShown($0, filters, request) }
            shown = sort == "created" ? filtered : filtered.reversed()
        } catch {
            return self.error(400, error.description)
        }
        return page(.users, request, count: shown.count) { site, place, row in
            site.write(user: shown[place], to: row)
        }
    }

    private func isShown(_ index: Int32, _ filters: [String: DateFilter], _ request: SimulatedRequest) -> Bool {
        let user = school.users[Int(index)]
        guard !user.isSystemAdmin else { return false }
        return filters["created"]?.holds(user.created) ?? true
            && filters["modified"]?.holds(user.modified) ?? true
            && filters["lastLogin"]?.holds(user.lastLogin) ?? true
            && Self.contains(user.userName, request.value("userName"))
            && Self.contains(user.externalID, request.value("externalId"))
            && Self.contains(user.studentID, request.value("studentId"))
            && Self.contains(user.family, request.value("name.family"))
            && Self.contains(user.email, request.value("contact.email"))
            && Self.contains(user.availability.rawValue, request.value("availability.available"))
            && Self.contains(Self.id(Self.dataSource), request.value("dataSourceId"))
            && (request.value("institutionRoleIds")?.split(separator: ",")
                .contains { user.roles.contains(String($0)) } ?? true)
    }

    func user(_ id: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        guard let index = findUser(id) else { return error(404, "The specified user was not found") }
        return object(.users, request) { write(user: index, to: $0) }
    }

    func write(user index: Int32, to row: ObjectWriter) {
        let user = school.users[Int(index)]
        row.id("id", number(ofUser: index))
        row.text("uuid", Self.uuid(2, index))
        row.text("externalId", user.externalID)
        row.id("dataSourceId", Self.dataSource)
        row.text("userName", user.userName)
        row.text("studentId", user.studentID)
        row.word("gender", "PLANTED-gender")
        row.word("pronouns", "PLANTED-pronouns")
        row.text("birthDate", "\(BlackboardSecrets.birthDate)T00:00:00.000Z")
        row.time("created", user.created)
        row.time("modified", user.modified)
        row.time("lastLogin", user.lastLogin)
        row.texts("institutionRoleIds", user.roles)
        row.texts("systemRoleIds", ["User"])
        row.object("availability") { $0.text("available", user.availability.rawValue) }
        row.object("name") { row in
            row.text("given", user.given)
            row.text("family", user.family)
            row.word("preferredDisplayName", "GivenName")
        }
        row.object("job") { row in
            row.text("title", user.jobTitle)
            row.text("department", user.department)
            row.text("company", user.company)
        }
        row.object("contact") { row in
            row.word("homePhone", "PLANTED-home-phone")
            row.word("mobilePhone", "PLANTED-mobile-phone")
            row.word("businessPhone", "PLANTED-business-phone")
            row.word("businessFax", "PLANTED-fax")
            row.text("email", user.email)
            row.text("institutionEmail", user.institutionEmail)
        }
        row.object("address") { row in
            row.word("street1", "PLANTED-street")
            row.word("zipCode", "PLANTED-zip")
        }
        row.object("locale") { _ in }
        row.object("avatar") { $0.word("viewUrl", "PLANTED-avatar") }
        row.word("pronunciation", "PLANTED-pronunciation")
        if faults.plantSecrets {
            row.word("password", "PLANTED-user-password")
            row.word("ssn", "PLANTED-user-ssn")
        }
    }
}
