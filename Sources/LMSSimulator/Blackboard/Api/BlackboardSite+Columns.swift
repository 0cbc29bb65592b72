/// `GET /v2/courses/{id}/gradebook/columns`, `GET /v1/courses/{id}/gradebook/categories` and the gradebook log.
extension BlackboardSite {
    mutating func columns(_ id: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.columns, request) { return refusal }
        guard let course = findCourse(id) else { return error(404, "The specified course was not found") }
        let shown: [Int32]
        do throws(SimulatorError) {
            let filters = try dateFilters(["created", "modified"], of: .columns, request)
            shown = school.courses[Int(course)].columns.filter { index in
                let column = school.columns[Int(index)]
                return filters["created"]?.holds(column.created) ?? true
                    && filters["modified"]?.holds(column.modified) ?? true
                    && Self.contains(column.name, request.value("name"))
                    && Self.contains(column.displayName, request.value("displayName"))
            }
        } catch {
            return self.error(400, error.description)
        }
        return page(.columns, request, count: shown.count) { site, place, row in
            site.write(column: shown[place], to: row)
        }
    }

    func column(_ id: String, _ columnID: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        guard let course = findCourse(id) else { return error(404, "The specified course was not found") }
        guard let index = findColumn(columnID, in: course) else {
            return error(404, "The specified grade column was not found")
        }
        return object(.columns, request) { write(column: index, to: $0) }
    }

    private func write(column index: Int32, to row: ObjectWriter) {
        let column = school.columns[Int(index)]
        row.id("id", number(ofColumn: index))
        row.text("externalId", column.externalID)
        row.text("name", column.name)
        row.text("displayName", column.displayName)
        if column.isExternalGrade, !faults.externalGradeAbsent { row.bool("externalGrade", true) }
        row.time("created", column.created)
        row.time("modified", column.modified)
        row.object("score") { $0.decimal("possible", column.possible) }
        row.object("availability") { $0.word("available", column.isAvailable ? "Yes" : "No") }
        row.object("grading") { row in
            row.text("type", column.kind.rawValue)
            row.time("due", column.due)
            if column.kind == .attempts {
                row.integer("attemptsAllowed", 2)
                row.word("scoringModel", "Highest")
            }
            row.id("schemaId", 31)
            row.object("anonymousGrading") { $0.word("type", column.isAnonymous ? "AfterAllGraded" : "None") }
        }
        if column.category >= 0 {
            row.id("gradebookCategoryId", category(of: column)?.number)
        }
        if column.kind == .calculated {
            row.object("formula") { $0.text("formula", "{\"average\":{\"all\":{\"average\":\"true\"}}}") }
        }
        row.bool("includeInCalculations", column.countsInTotal)
        row.bool("showStatisticsToStudents", false)
        row.text("scoreProviderHandle", column.handle)
        if faults.plantSecrets { row.word("apiKey", "PLANTED-column-api-key") }
    }

    func category(of column: BlackboardSchool.Column) -> BlackboardSchool.Category? {
        let categories = school.courses[Int(column.course)].categories
        return categories.indices.contains(Int(column.category)) ? categories[Int(column.category)] : nil
    }

    mutating func categories(_ id: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.categories, request) { return refusal }
        guard let course = findCourse(id) else { return error(404, "The specified course was not found") }
        let shown = school.courses[Int(course)].categories
        return page(.categories, request, count: shown.count) { _, place, row in
            row.id("id", shown[place].number)
            row.text("title", shown[place].title)
        }
    }

    /// `GET /v1/courses/{id}/gradebook/logs`: `since` inclusive, `until` exclusive; its body is undocumented
    /// (Sources/Platforms/Blackboard/README.md §5).
    mutating func logs(_ id: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.logs, request) { return refusal }
        guard let course = findCourse(id) else { return error(404, "The specified course was not found") }
        let since = request.value("since").map { Instant(iso: $0) }
        let until = request.value("until").map { Instant(iso: $0) }
        if since == .some(nil) || until == .some(nil) { return error(400, "Invalid date") }
        let shown = school.log.indices.filter { index in
            let entry = school.log[index]
            return school.columns[Int(entry.column)].course == course
                && (since.flatMap { $0 }.map { entry.logged >= $0 } ?? true)
                && (until.flatMap { $0 }.map { entry.logged < $0 } ?? true)
        }
        return page(.logs, request, count: shown.count) { site, place, row in
            let entry = site.school.log[shown[place]]
            row.id("id", 1_000_001 + shown[place])
            if !site.faults.logsWithoutColumn { row.id("gradebookColumnId", site.number(ofColumn: entry.column)) }
            row.object("user") { row in
                row.id("userId", site.number(ofUser: site.school.members[Int(entry.member)].user))
            }
            row.time("logged", entry.logged)
            row.object("modifier") { $0.word("ipAddress", "PLANTED-log-ip-address") }
        }
    }
}
