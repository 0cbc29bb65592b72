extension GeneratedBlackboardSchool {
    /// Points that columns are worth, in hundredths: percentages of them have an end.
    private static let points: [Int32] = [1000, 10_000, 2000, 5000, 2500, 4000, 500]

    mutating func makeColumns(of course: Int32, hasHidden: Bool, hasAnonymous: Bool) {
        for place in 0..<shape.columnsPerCourse { makeColumn(place, of: course) }
        if hasHidden { school.columns[makeColumn(shape.columnsPerCourse, of: course)].isHidden = true }
        if hasAnonymous {
            let index = makeColumn(0, of: course)
            school.columns[index].isAnonymous = true
            school.columns[index].name = "Anonymous test"
        }
        let created = school.courses[Int(course)].created
        for (name, isTotal) in [("Weighted total", false), ("Overall Grade", true)] {
            school.add(
                BlackboardSchool.Column(
                    course: course,
                    name: name,
                    created: created,
                    modified: created,
                    possible: 10_000,
                    kind: .calculated,
                    scale: .score,
                    isExternalGrade: isTotal,
                    countsInTotal: false
                )
            )
        }
    }

    @discardableResult
    private mutating func makeColumn(_ place: Int, of course: Int32) -> Int {
        let created = moment(daysAgo: 100 + random.below(40))
        let handles = ["resource/x-bb-asmt-test-link", "resource/x-bb-assignment", "resource/x-bb-forumlink"]
        let isManual = place % 4 == 3
        var column = BlackboardSchool.Column(
            course: course,
            name: isManual ? "Oral \(place + 1)" : "Quiz \(place + 1) & more",
            externalID: place % 3 == 1 ? "SIS-\(school.columns.count + 1)" : nil,
            displayName: school.courses[Int(course)].isUltra || place % 2 == 0 ? nil : "Quiz no. \(place + 1)",
            created: created,
            modified: random.chance(0.5) ? created : moment(daysAgo: 30 + random.below(60)),
            possible: Self.points[place % Self.points.count],
            isAvailable: place % 6 != 5,
            kind: isManual ? .manual : .attempts,
            category: place % 5 == 4 ? -1 : Int32(place % 3),
            handle: isManual ? nil : handles[place % handles.count]
        )
        column.scale =
            switch place % 7 {
            case 2: .tabular
            case 4: .percent
            case 5: .completeIncomplete
            case 6: .text
            default: .score
            }
        // Every third column is due about now, the others long ago or never.
        switch place % 3 {
        case 0: column.due = Self.now.adding(microseconds: Int64(random.below(14) - 9) * Instant.day)
        case 1: column.due = Self.now.adding(microseconds: -Int64(40 + random.below(30)) * Instant.day)
        default: break
        }
        if column.scale == .text { column.countsInTotal = false }
        return Int(school.add(column))
    }

    mutating func makeGrades(of member: Int32) {
        let columns = school.courses[Int(school.members[Int(member)].course)].columns
        for index in columns where school.columns[Int(index)].kind != .calculated {
            guard random.chance(shape.gradedShare) else { continue }
            makeGrade(of: member, in: index)
        }
    }

    private mutating func makeGrade(of member: Int32, in index: Int32) {
        let column = school.columns[Int(index)]
        let submitted = moment(daysAgo: 30 + random.below(20))
        let graded = submitted.adding(microseconds: Int64(random.below(100_000_000)) * 1000)
        let isWaiting = column.kind == .attempts && (column.isAnonymous || random.chance(shape.ungradedShare))
        var grade = BlackboardSchool.Grade(member: member)
        grade.needsGrading = isWaiting
        grade.changeIndex = school.nextChangeIndex()
        if !isWaiting {
            // Quarter points, from 0 to the full score: 0 is a grade too.
            grade.score = Int32(random.below(Int(column.possible) / 25 + 1)) * 25
            (grade.firstRelevant, grade.lastRelevant) = (submitted, graded)
            decorate(&grade, in: column)
        }
        if !isWaiting {
            school.log.append(BlackboardSchool.LogEntry(column: index, member: member, logged: graded))
        }
        if column.kind == .attempts { makeAttempts(of: grade, in: index, submitted: submitted, graded: graded) }
        school.columns[Int(index)].set(grade)
    }

    /// Texts by the column's schema; here and there an exemption, an override, a notation.
    private mutating func decorate(_ grade: inout BlackboardSchool.Grade, in column: BlackboardSchool.Column) {
        if column.scale == .tabular { grade.text = BlackboardSchool.letter(grade.score, of: column.possible) }
        if column.scale == .text {
            grade.score = -1
            grade.text = ["Good", "Fair", "See me"][random.below(3)]
        }
        switch random.below(40) {
        case 0: grade.isExempt = true
        case 1: grade.overridden = grade.lastRelevant
        case 2:
            (grade.score, grade.isExempt) = (-1, true)
            grade.text = nil
        case 3 where column.kind == .manual:
            (grade.score, grade.text, grade.hasNotation) = (-1, "Withheld", true)
        default: break
        }
    }

    private mutating func makeAttempts(
        of grade: BlackboardSchool.Grade,
        in index: Int32,
        submitted: Instant,
        graded: Instant
    ) {
        var attempt = BlackboardSchool.Attempt(
            column: index,
            member: grade.member,
            created: submitted.adding(seconds: -1200),
            attemptDate: submitted,
            modified: grade.needsGrading ? submitted : graded,
            score: grade.needsGrading ? -1 : max(grade.score, 0),
            status: grade.needsGrading ? .needsGrading : .completed
        )
        school.add(attempt)
        guard random.chance(0.1) else { return }
        attempt.created = submitted.adding(seconds: 86_400)
        (attempt.attemptDate, attempt.modified) = (.none, attempt.created)
        (attempt.score, attempt.status) = (-1, .inProgress)
        school.add(attempt)
    }
}

extension BlackboardSchool {
    /// The letter of a tabular schema.
    static func letter(_ score: Int32, of possible: Int32) -> String {
        switch Int(score) * 100 / max(Int(possible), 1) {
        case 90...: "A"
        case 80...: "B"
        case 70...: "C"
        case 60...: "D"
        default: "F"
        }
    }
}
