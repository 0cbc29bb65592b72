/// `GET /v1/courses/{id}/users`, `GET /v1/users/{id}/courses` and `GET /v1/courses/{id}/performance/contentReviewStatus`.
extension BlackboardSite {
    /// Whether the platform still has a membership: neither it nor its user is deleted.
    func exists(member index: Int32) -> Bool {
        let member = school.members[Int(index)]
        return !member.isRemoved && !school.users[Int(member.user)].isDeleted
    }

    /// The last access as the platform shows it, which may lag behind.
    func shownAccess(_ member: BlackboardSchool.Member) -> Instant {
        guard faults.lastAccessedDelay > 0, !member.lastAccessed.isNone else { return member.lastAccessed }
        let shownAt = member.lastAccessed.adding(microseconds: Int64(faults.lastAccessedDelay * 1_000_000))
        return shownAt <= now ? member.lastAccessed : member.formerAccess
    }

    mutating func memberships(_ id: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.memberships, request) { return refusal }
        guard let course = findCourse(id) else { return error(404, "The specified course was not found") }
        var shown: [Int32]
        do throws(SimulatorError) {
            let filters = try dateFilters(["created", "modified", "lastAccessed"], of: .memberships, request)
            shown = school.roster(of: course).filter { isShown($0, filters, request) }
            switch request.value("sort") ?? "created" {
            case "created": break
            case "created(desc)": shown.reverse()
            case "lastAccessed":
                let members = school.members
                shown.sort { (members[Int($0)].lastAccessed, $0) < (members[Int($1)].lastAccessed, $1) }
            case let sort: throw SimulatorError("Invalid sort: \(sort)")
            }
        } catch {
            return self.error(400, error.description)
        }
        let isExpanded = request.value("expand") == "user"
        let list = shown
        return page(.memberships, request, count: list.count) { site, place, row in
            site.write(member: list[place], below: course, withUser: isExpanded, to: row)
        }
    }

    mutating func memberships(ofUser id: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.userMemberships, request) { return refusal }
        guard let user = findUser(id) else { return error(404, "The specified user was not found") }
        let shown: [Int32]
        do throws(SimulatorError) {
            let filters = try dateFilters(["created", "modified", "lastAccessed"], of: .userMemberships, request)
            let members = school.members
            shown = school.users[Int(user)].members.filter { index in
                !school.courses[Int(members[Int(index)].course)].isDeleted && isShown(index, filters, request)
            }
        } catch {
            return self.error(400, error.description)
        }
        return page(.userMemberships, request, count: shown.count) { site, place, row in
            let index = shown[place]
            site.write(member: index, below: site.school.members[Int(index)].course, withUser: false, to: row)
        }
    }

    private func isShown(_ index: Int32, _ filters: [String: DateFilter], _ request: SimulatedRequest) -> Bool {
        guard exists(member: index) else { return false }
        let member = school.members[Int(index)]
        let wanted = request.value("availability.available")
        if member.availability == .disabled, faults.hideDisabledMemberships, wanted != "Disabled" { return false }
        return wanted.map { $0 == member.availability.rawValue } ?? true
            && request.value("role").map { $0 == member.role.rawValue } ?? true
            && filters["created"]?.holds(member.created) ?? true
            && filters["modified"]?.holds(member.modified) ?? true
            && filters["lastAccessed"]?.holds(shownAccess(member)) ?? true
    }

    func membership(_ id: String, _ user: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        guard let course = findCourse(id) else { return error(404, "The specified course was not found") }
        guard let index = findMember(user, in: course), exists(member: index) else {
            return error(404, "The specified course membership was not found")
        }
        let isExpanded = request.value("expand") == "user"
        return object(.memberships, request) {
            write(member: index, below: course, withUser: isExpanded, to: $0)
        }
    }

    private func write(member index: Int32, below course: Int32, withUser isExpanded: Bool, to row: ObjectWriter) {
        let member = school.members[Int(index)]
        row.id("id", number(ofMember: index))
        row.id("userId", number(ofUser: member.user))
        if isExpanded, !school.users[Int(member.user)].isSystemAdmin {
            row.object("user") { write(user: member.user, to: $0) }
        }
        row.id("courseId", number(ofCourse: course))
        row.id("childCourseId", member.child < 0 || course == member.child ? nil : number(ofCourse: member.child))
        row.id("dataSourceId", Self.dataSource)
        row.time("created", member.created)
        row.time("modified", member.modified)
        row.object("availability") { $0.text("available", member.availability.rawValue) }
        row.text("courseRoleId", member.role.rawValue)
        row.time("lastAccessed", shownAccess(member))
        if faults.plantSecrets { row.word("accessToken", "PLANTED-membership-access-token") }
    }

    // MARK: content review status

    mutating func reviewStatus(_ id: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.reviewStatus, request) { return refusal }
        guard let course = findCourse(id) else { return error(404, "The specified course was not found") }
        let shown = school.roster(of: course).filter { index in
            hasReviewStatus(index)
                && request.value("userId").map { $0 == Self.id(number(ofUser: school.members[Int(index)].user)) }
                    ?? true
        }
        return page(.reviewStatus, request, count: shown.count) { site, place, row in
            let member = site.school.members[Int(shown[place])]
            row.id("courseId", site.number(ofCourse: course))
            row.id("userId", site.number(ofUser: member.user))
            row.integer("reviewedCount", Int64(member.reviewed))
            row.integer("reviewableCount", Int64(site.school.courses[Int(course)].reviewable))
            if site.faults.plantSecrets { row.word("token", "PLANTED-review-token") }
        }
    }

    /// Whether the content review status lists a member.
    func hasReviewStatus(_ index: Int32) -> Bool {
        exists(member: index)
            && !(faults.reviewStatusHidesDisabled && school.members[Int(index)].availability == .disabled)
    }
}
