import NIOCore

/// Column grades, one learner's grades and attempts.
extension BlackboardSite {
    // MARK: which cells are shown

    /// Whether a list of grades shows a cell.
    func isShown(_ grade: BlackboardSchool.Grade, in column: BlackboardSchool.Column) -> Bool {
        guard exists(member: grade.member) else { return false }
        return grade.hasDetails || (grade.isCleared && faults.clearMovesIndex)
            || (grade.needsGrading && faults.needsGradingRows && column.kind != .calculated)
    }

    private func refusal(_ column: BlackboardSchool.Column) -> SimulatedAnswer? {
        column.isHidden ? error(403, "Attempts of this column are not visible to instructors") : nil
    }

    /// Nothing graded yet: 404, 204 or an empty 200 (Sources/Platforms/Blackboard/README.md §1).
    private func nothingGraded() -> SimulatedAnswer {
        switch faults.emptyColumn {
        case "204": SimulatedAnswer(status: 204, body: ByteBuffer())
        case "200": SimulatedAnswer(status: 200, body: ByteBuffer())
        default: error(404, "Grade detail values have not yet been populated")
        }
    }

    // MARK: lists

    mutating func grades(_ id: String, _ columnID: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.grades, request) { return refusal }
        guard let course = findCourse(id), let index = findColumn(columnID, in: course) else {
            return error(404, "The specified grade column was not found")
        }
        let column = school.columns[Int(index)]
        if let refusal = refusal(column) { return refusal }
        let withDisabled = request.value("includeDisabledMemberships") == "true" && !faults.ignoreIncludeDisabled
        let present = column.grades.filter { grade in
            isShown(grade, in: column)
                && (withDisabled || school.members[Int(grade.member)].availability != .disabled)
        }
        var shown = present
        do throws(SimulatorError) {
            if let text = request.value("changeIndex"), knows("changeIndex", of: .grades) {
                guard let after = Int64(text) else { throw SimulatorError("Invalid change index") }
                shown = shown.filter { $0.changeIndex > after }
            }
            let filters = try dateFilters(["firstRelevantDate", "lastRelevantDate"], of: .grades, request)
            if let filter = filters["firstRelevantDate"] { shown = shown.filter { filter.holds($0.firstRelevant) } }
            if let filter = filters["lastRelevantDate"] { shown = shown.filter { filter.holds($0.lastRelevant) } }
        } catch {
            return self.error(400, error.description)
        }
        if present.isEmpty, hostileRecords(.grades, request).isEmpty { return nothingGraded() }
        let rows = shown
        return page(.grades, request, count: rows.count) { site, place, row in
            site.write(rows[place], of: index, to: row)
        }
    }

    /// The row with the highest change index; a calculated column has none.
    func lastChanged(_ id: String, _ columnID: String) -> SimulatedAnswer {
        guard let course = findCourse(id), let index = findColumn(columnID, in: course) else {
            return error(404, "The specified grade column was not found")
        }
        let column = school.columns[Int(index)]
        if let refusal = refusal(column) { return refusal }
        let newest = column.grades.filter { isShown($0, in: column) }.max { $0.changeIndex < $1.changeIndex }
        guard column.kind != .calculated, let newest else { return nothingGraded() }
        return object(.grades, nil) { write(newest, of: index, to: $0) }
    }

    /// One cell; a learner without grade details gets an object without any (swagger).
    func grade(_ id: String, _ columnID: String, _ user: String) -> SimulatedAnswer {
        guard let course = findCourse(id), let index = findColumn(columnID, in: course) else {
            return error(404, "The specified grade column was not found")
        }
        let column = school.columns[Int(index)]
        if let refusal = refusal(column) { return refusal }
        guard let member = findMember(user, in: course), exists(member: member) else {
            return error(404, "The specified user is not enrolled in the course")
        }
        guard column.grades.contains(where: { isShown($0, in: column) }) else { return nothingGraded() }
        let grade = column.grade(of: member).flatMap { isShown($0, in: column) ? $0 : nil }
        return object(.grades, nil) { write(grade ?? .init(member: member), of: index, to: $0) }
    }

    /// `GET …/gradebook/users/{userId}`: one learner's rows over all columns.
    mutating func learnerGrades(_ id: String, _ user: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.learnerGrades, request) { return refusal }
        guard let course = findCourse(id), let member = findMember(user, in: course), exists(member: member) else {
            return error(404, "The specified user is not enrolled in the course")
        }
        var shown: [(column: Int32, grade: BlackboardSchool.Grade)] = []
        for index in school.courses[Int(school.members[Int(member)].course)].columns {
            let column = school.columns[Int(index)]
            guard !column.isHidden, let grade = column.grade(of: member), isShown(grade, in: column),
                !(faults.learnerGradesLackCalculated && column.kind == .calculated),
                !(faults.ignoreIncludeDisabled && school.members[Int(member)].availability == .disabled)
            else { continue }
            shown.append((index, grade))
        }
        let rows = shown
        return page(.learnerGrades, request, count: rows.count) { site, place, row in
            site.write(rows[place].grade, of: rows[place].column, to: row)
        }
    }

    // MARK: rows

    func write(_ grade: BlackboardSchool.Grade, of index: Int32, to row: ObjectWriter) {
        let column = school.columns[Int(index)]
        row.id("userId", number(ofUser: school.members[Int(grade.member)].user))
        row.id("columnId", number(ofColumn: index))
        // Declared unreliable by the vendor: the same word for what was overridden and what was never graded.
        if grade.overridden.isNone, !grade.isExempt, grade.hasDetails {
            row.word("status", "Graded")
        } else if grade.needsGrading {
            row.word("status", "NeedsGrading")
        }
        if grade.score >= 0 || grade.text != nil {
            row.object("displayGrade") { row in
                row.text("scaleType", column.scale.rawValue)
                row.decimal("score", grade.score)
                row.decimal("possible", column.possible, digits: 15)
                row.text("text", grade.text ?? Self.decoration(grade, column))
            }
        }
        if !grade.overridden.isNone {
            row.text("text", grade.text)
            row.decimal("score", grade.score)
            row.time("overridden", grade.overridden)
        }
        if column.kind == .manual, grade.hasDetails {
            row.word("notes", "PLANTED-grade-notes")
            row.word("feedback", "PLANTED-grade-feedback")
        }
        row.bool("exempt", grade.isExempt)
        if grade.isCorrupt { row.bool("corrupt", true) }
        if grade.hasNotation { row.id("gradeNotationId", 3) }
        row.integer("changeIndex", grade.changeIndex)
        if version >= LearnVersion(3900, 78) {
            row.time("firstRelevantDate", grade.firstRelevant)
            row.time("lastRelevantDate", grade.lastRelevant)
        }
        if faults.plantSecrets { row.word("accessToken", "PLANTED-grade-access-token") }
    }

    /// The text that goes with a score in schemas whose text is no letter.
    private static func decoration(_ grade: BlackboardSchool.Grade, _ column: BlackboardSchool.Column) -> String? {
        switch column.scale {
        case .percent where column.possible > 0: "\(Int(grade.score) * 100 / Int(column.possible))%"
        case .completeIncomplete: grade.score * 2 >= column.possible ? "Complete" : "Incomplete"
        default: nil
        }
    }

    // MARK: attempts

    mutating func attempts(_ id: String, _ columnID: String, _ request: SimulatedRequest) -> SimulatedAnswer {
        if let refusal = refusal(.attempts, request) { return refusal }
        guard let course = findCourse(id), let index = findColumn(columnID, in: course) else {
            return error(404, "The specified grade column was not found")
        }
        let column = school.columns[Int(index)]
        if let refusal = refusal(column) { return refusal }
        let shown: [Int32]
        do throws(SimulatorError) {
            let filters = try dateFilters(["created", "modified", "attemptDate"], of: .attempts, request)
            shown = column.attempts.filter { place in
                let attempt = school.attempts[Int(place)]
                return exists(member: attempt.member)
                    && filters["created"]?.holds(attempt.created) ?? true
                    && filters["modified"]?.holds(attempt.modified) ?? true
                    && filters["attemptDate"]?.holds(attempt.attemptDate) ?? true
                    && request.value("userId").map { $0 == Self.id(number(ofUser: user(of: attempt))) } ?? true
                    && request.value("attemptStatuses").map {
                        $0.split(separator: ",").contains { $0 == attempt.status.rawValue }
                    } ?? true
            }
        } catch {
            return self.error(400, error.description)
        }
        return page(.attempts, request, count: shown.count) { site, place, row in
            site.write(attempt: shown[place], of: index, to: row)
        }
    }

    func user(of attempt: BlackboardSchool.Attempt) -> Int32 { school.members[Int(attempt.member)].user }

    /// Whether attempts of a column name their learner.
    func namesLearners(_ column: BlackboardSchool.Column) -> Bool {
        !column.isAnonymous && !faults.attemptsWithoutUser
    }

    private func write(attempt place: Int32, of index: Int32, to row: ObjectWriter) {
        let attempt = school.attempts[Int(place)]
        let column = school.columns[Int(index)]
        row.id("id", number(ofAttempt: place))
        if namesLearners(column) { row.id("userId", number(ofUser: user(of: attempt))) }
        row.text("status", attempt.status.rawValue)
        if attempt.score >= 0 {
            row.object("displayGrade") { row in
                row.word("scaleType", "Score")
                row.decimal("score", attempt.score)
                row.decimal("possible", column.possible, digits: 15)
            }
            row.decimal("score", attempt.score, digits: 15)
        }
        row.word("notes", "PLANTED-attempt-notes")
        row.word("feedback", "PLANTED-attempt-feedback")
        row.word("studentComments", "PLANTED-student-comments")
        row.word("studentSubmission", "PLANTED-student-submission")
        row.bool("exempt", false)
        row.time("created", attempt.created)
        row.time("attemptDate", attempt.attemptDate)
        row.time("modified", attempt.modified)
        if faults.plantSecrets { row.word("password", "PLANTED-attempt-password") }
    }
}
