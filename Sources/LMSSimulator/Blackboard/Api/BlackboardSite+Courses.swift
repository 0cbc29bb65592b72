/// `GET /v1/terms`, `GET /v3/courses` and `GET /v1/courses/{id}/children`.
extension BlackboardSite {
    /// The data source every record belongs to, but for archived courses.
    static let dataSource = 12
    /// The data source of courses from a system of former times.
    static let archive = 13

    /// The names that other systems have for data sources.
    private static let dataSourceNames = [dataSource: "SIS", archive: "ARCHIVE"]

    // MARK: terms

    mutating func terms(_ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.terms, request) { return refusal }
        let shown = school.terms.indices.filter { index in
            let term = school.terms[index]
            return !term.isDeleted && Self.contains(term.externalID, request.value("externalId"))
                && Self.contains(term.isAvailable ? "Yes" : "No", request.value("availability.available"))
        }
        return page(.terms, request, count: shown.count) { site, place, row in
            site.write(term: Int32(shown[place]), to: row)
        }
    }

    func term(_ id: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        guard let index = findTerm(id) else { return error(404, "The specified term was not found") }
        return object(.terms, request) { write(term: index, to: $0) }
    }

    private func write(term index: Int32, to row: ObjectWriter) {
        let term = school.terms[Int(index)]
        row.id("id", number(ofTerm: index))
        row.text("externalId", term.externalID)
        row.id("dataSourceId", Self.dataSource)
        row.text("name", term.name)
        row.object("availability") { row in
            row.word("available", term.isAvailable ? "Yes" : "No")
            row.object("duration") { write(term.duration, to: $0) }
        }
        if faults.plantSecrets { row.word("apiKey", "PLANTED-term-api-key") }
    }

    private func write(_ duration: BlackboardSchool.Duration, to row: ObjectWriter) {
        row.word("type", duration.name)
        if case .dateRange(let start, let end) = duration {
            row.time("start", start)
            row.time("end", end)
        }
        if case .fixedDays(let days) = duration { row.integer("daysOfUse", Int64(days)) }
    }

    // MARK: courses

    mutating func courses(_ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.courses, request) { return refusal }
        let shown: [Int32]
        do throws(SimulatorError) {
            let filters = try dateFilters(["created", "modified"], of: .courses, request)
            let filtered = school.courseOrder.filter { isShown($0, filters, request) }
            shown = try sorted(filtered, request)
        } catch {
            return self.error(400, error.description)
        }
        return page(.courses, request, count: shown.count) { site, place, row in
            site.write(course: shown[place], to: row)
        }
    }

    private func isShown(_ index: Int32, _ filters: [String: DateFilter], _ request: SimulatedRequest) -> Bool {
        let course = school.courses[Int(index)]
        if let wanted = request.value("organization"), wanted != (course.isOrganization ? "true" : "false") {
            return false
        }
        let term = course.term < 0 ? nil : Self.id(number(ofTerm: course.term))
        let termName = course.term < 0 ? nil : school.terms[Int(course.term)].externalID
        return filters["created"]?.holds(course.created) ?? true
            && filters["modified"]?.holds(course.modified) ?? true
            && Self.contains(course.code, request.value("courseId"))
            && Self.contains(course.code, request.value("externalId"))
            && Self.contains(course.name, request.value("name"))
            && Self.contains(course.description, request.value("description"))
            && Self.contains(course.availability.rawValue, request.value("availability.available"))
            && Self.isNamed(term, termName, request.value("termId"))
            && Self.isNamed(
                Self.id(course.dataSource),
                Self.dataSourceNames[course.dataSource],
                request.value("dataSourceId")
            )
    }

    /// Whether an id, or the name another system has for it (`externalId:math101`), is the wanted one.
    private static func isNamed(_ id: String?, _ name: String?, _ wanted: String?) -> Bool {
        guard let wanted else { return true }
        let prefix = "externalId:"
        return wanted.hasPrefix(prefix) ? name == String(wanted.dropFirst(prefix.count)) : id == wanted
    }

    private func sorted(_ courses: [Int32], _ request: SimulatedRequest) throws(SimulatorError) -> [Int32] {
        guard let sort = request.value("sort"), sort != "created" else { return courses }
        let school = school
        switch sort {
        case "created(desc)": return courses.reversed()
        case "modified":
            return courses.sorted { (school.courses[Int($0)].modified, $0) < (school.courses[Int($1)].modified, $1) }
        case "courseId", "externalId", "name":
            return courses.sorted { school.courses[Int($0)].code < school.courses[Int($1)].code }
        default: throw SimulatorError("Invalid sort: \(sort)")
        }
    }

    func course(_ id: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        guard let index = findCourse(id) else { return error(404, "The specified course was not found") }
        return object(.courses, request) { write(course: index, to: $0) }
    }

    private func write(course index: Int32, to row: ObjectWriter) {
        let course = school.courses[Int(index)]
        row.id("id", number(ofCourse: index))
        row.text("uuid", Self.uuid(1, index))
        row.text("externalId", course.code)
        row.text("courseId", course.code)
        row.id("dataSourceId", course.dataSource)
        row.text("name", course.name)
        row.text("description", course.description)
        row.time("created", course.created)
        row.time("modified", course.modified)
        row.bool("organization", course.isOrganization)
        row.word("ultraStatus", course.isUltra ? "Ultra" : "Classic")
        row.bool("allowGuests", false)
        row.bool("closedComplete", course.isClosed)
        row.id("termId", course.term < 0 ? nil : number(ofTerm: course.term))
        row.object("availability") { row in
            row.text("available", course.availability.rawValue)
            row.object("duration") { write(course.duration, to: $0) }
        }
        row.object("enrollment") { row in
            row.word("type", "InstructorLed")
            row.word("accessCode", "PLANTED-access-code")
        }
        row.object("locale") { $0.bool("force", false) }
        row.bool("hasChildren", !course.children.isEmpty)
        row.id("parentId", course.parent < 0 ? nil : number(ofCourse: course.parent))
        row.text("externalAccessUrl", Self.url(ofCourse: number(ofCourse: index)))
        row.word("guestAccessUrl", "PLANTED-guest-url")
        if faults.plantSecrets { row.word("clientSecret", "PLANTED-course-client-secret") }
    }

    static func url(ofCourse number: Int) -> String {
        "https://learn.example.org/ultra/courses/\(id(number))/cl/outline"
    }

    // MARK: children

    mutating func children(_ id: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.children, request) { return refusal }
        guard let parent = findCourse(id) else { return error(404, "The specified course was not found") }
        let shown = school.courses[Int(parent)].children.filter { !school.courses[Int($0)].isDeleted }
        guard !shown.isEmpty else { return error(400, "The specified course is not a parent course") }
        return page(.children, request, count: shown.count) { site, place, row in
            row.id("id", site.number(ofCourse: shown[place]))
            row.id("parentId", site.number(ofCourse: parent))
            row.id("dataSourceId", site.school.courses[Int(shown[place])].dataSource)
            row.time("created", site.school.courses[Int(shown[place])].created)
        }
    }
}
