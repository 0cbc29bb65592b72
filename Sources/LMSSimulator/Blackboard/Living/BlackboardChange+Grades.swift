extension BlackboardChange {
    /// Whether an increment polls a column of an active course by itself (Sources/Platforms/Blackboard/README.md §5,
    /// step 3), with a day of margin.
    private func isHot(_ column: BlackboardSchool.Column) -> Bool {
        let since = moment.adding(microseconds: -13 * Instant.day)
        let until = moment.adding(microseconds: 6 * Instant.day)
        return column.created >= since || column.modified >= since
            || (!column.due.isNone && column.due >= since && column.due <= until)
    }

    /// A member and a column of the member's course for a change of the cell that an increment must see.
    ///
    /// A hot column is polled. A cold one is read because the member's total moves, provided that no hot column explains
    /// it: nobody gets both kinds of change.
    private mutating func pickCell(
        where fits: (BlackboardSchool.Column, BlackboardSchool.Grade?) -> Bool
    ) -> (member: Int32, column: Int32, isHot: Bool)? {
        for _ in 0..<20 {
            guard let member = pickMember() else { return nil }
            let columns = school.courses[Int(school.members[Int(member)].course)].columns
            let start = random.below(max(columns.count, 1))
            for step in columns.indices {
                let index = columns[(start + step) % columns.count]
                let column = school.columns[Int(index)]
                guard column.kind != .calculated, !column.isHidden, !column.isAnonymous,
                    fits(column, column.grade(of: member))
                else { continue }
                let isHot = isHot(column)
                let touch = school.members[Int(member)].touch
                if isHot ? touch != .cold : touch == .none && column.countsInTotal && column.scale != .text {
                    return (member, index, isHot)
                }
            }
        }
        return nil
    }

    /// Changes a cell; everything is undone where a cold cell does not move the total, or where a total would vanish.
    private mutating func change(
        _ cell: (member: Int32, column: Int32, isHot: Bool),
        _ body: (inout BlackboardSchool.Grade) -> Void
    ) -> Bool {
        let (member, column) = (cell.member, Int(cell.column))
        let former = school.columns[column].grade(of: member)
        let (total, computed) = (school.total(of: member), computedCells(of: member))
        var grade = former ?? BlackboardSchool.Grade(member: member)
        body(&grade)
        (grade.needsGrading, grade.isCleared) = (false, false)
        grade.lastRelevant = moment
        if grade.firstRelevant.isNone { grade.firstRelevant = moment }
        grade.changeIndex = school.nextChangeIndex()
        school.columns[column].set(grade)
        school.recompute(member)
        let moved = school.total(of: member)
        let isGone = computedCells(of: member) < computed
        if isGone || (!cell.isHot && moved?.score == total?.score) {
            if let former {
                school.columns[column].set(former)
            } else {
                school.columns[column].remove(gradeOf: member)
            }
            school.recompute(member)
            return false
        }
        school.members[Int(member)].touch = cell.isHot ? .hot : .cold
        school.log.append(BlackboardSchool.LogEntry(column: cell.column, member: member, logged: moment))
        return true
    }

    /// How many calculated columns hold a grade of the member's.
    private func computedCells(of member: Int32) -> Int {
        school.courses[Int(school.members[Int(member)].course)].columns.count { index in
            let column = school.columns[Int(index)]
            return column.kind == .calculated && column.grade(of: member) != nil
        }
    }

    private func outcome(_ member: Int32, _ column: Int32, isVisible: Bool = true) -> Outcome {
        Outcome(
            isVisible: isVisible,
            user: school.members[Int(member)].user,
            course: school.members[Int(member)].course,
            column: column
        )
    }

    private mutating func score(in column: Int32) -> Int32 {
        Int32(random.below(Int(school.columns[Int(column)].possible) / 25 + 1)) * 25
    }

    private func text(_ score: Int32, in column: BlackboardSchool.Column) -> String? {
        column.scale == .tabular ? BlackboardSchool.letter(score, of: column.possible) : nil
    }

    // MARK: in the course

    /// A submission: graded at once by the platform, or waiting for a grade, which only hot columns show.
    mutating func submission() -> Outcome? {
        guard let cell = pickCell(where: { column, _ in column.kind == .attempts && column.scale != .text }) else {
            return nil
        }
        let isWaiting = cell.isHot && random.below(4) == 0
        let score = isWaiting ? -1 : score(in: cell.column)
        if !isWaiting {
            let text = text(score, in: school.columns[Int(cell.column)])
            let isChanged = change(cell) { grade in
                (grade.score, grade.text, grade.hasNotation, grade.overridden) = (score, text, false, .none)
            }
            guard isChanged else { return nil }
        }
        school.add(
            BlackboardSchool.Attempt(
                column: cell.column,
                member: cell.member,
                created: moment.adding(seconds: -600),
                attemptDate: moment,
                modified: moment,
                score: score,
                status: isWaiting ? .needsGrading : .completed
            )
        )
        access(cell.member)
        return outcome(cell.member, cell.column)
    }

    /// Another score for a graded cell; in an attempts column its last attempt says so too.
    mutating func regrade() -> Outcome? {
        let cell = pickCell { column, grade in
            column.scale != .text && (grade?.score ?? -1) >= 0 && grade?.overridden.isNone ?? false
        }
        guard let cell else { return nil }
        let score = score(in: cell.column)
        let text = text(score, in: school.columns[Int(cell.column)])
        guard change(cell, { ($0.score, $0.text) = (score, text) }) else { return nil }
        let attempts = school.columns[Int(cell.column)].attempts
        if let attempt = attempts.last(where: {
            school.attempts[Int($0)].member == cell.member && school.attempts[Int($0)].status == .completed
        }) {
            school.attempts[Int(attempt)].score = score
            school.attempts[Int(attempt)].modified = moment
        }
        accessOfGrader(for: cell.member)
        return outcome(cell.member, cell.column)
    }

    mutating func override() -> Outcome? {
        guard let cell = pickCell(where: { column, _ in column.scale != .text }) else { return nil }
        let score = score(in: cell.column)
        let text = text(score, in: school.columns[Int(cell.column)])
        let moment = moment
        let isChanged = change(cell) { grade in
            (grade.score, grade.text, grade.hasNotation, grade.overridden) = (score, text, false, moment)
        }
        guard isChanged else { return nil }
        accessOfGrader(for: cell.member)
        return outcome(cell.member, cell.column)
    }

    mutating func exemption() -> Outcome? {
        guard let cell = pickCell(where: { _, grade in (grade?.score ?? -1) >= 0 }),
            change(cell, { $0.isExempt.toggle() })
        else { return nil }
        accessOfGrader(for: cell.member)
        return outcome(cell.member, cell.column)
    }

    // MARK: unnoticed

    /// A grade from outside: its index and the totals move, nobody's access does.
    mutating func apiGrade() -> Outcome? {
        guard let (_, index) = pickColumn(where: { $0.scale != .text && !$0.isAnonymous }),
            let member = pickStudent(of: school.columns[Int(index)].course)
        else { return nil }
        write(gradeOf: member, in: index)
        return outcome(member, index, isVisible: false)
    }

    /// The same in a course that is over or archived.
    mutating func archivedGrade() -> Outcome? {
        guard let member = pickArchivedMember() else { return nil }
        let columns = school.courses[Int(school.members[Int(member)].course)].columns.filter { index in
            let column = school.columns[Int(index)]
            return column.kind != .calculated && !column.isHidden && !column.isAnonymous && column.scale != .text
        }
        guard !columns.isEmpty else { return nil }
        let index = columns[random.below(columns.count)]
        write(gradeOf: member, in: index)
        return outcome(member, index, isVisible: false)
    }

    private mutating func write(gradeOf member: Int32, in index: Int32) {
        let score = score(in: index)
        let text = text(score, in: school.columns[Int(index)])
        var grade = school.columns[Int(index)].grade(of: member) ?? BlackboardSchool.Grade(member: member)
        (grade.score, grade.text, grade.hasNotation) = (score, text, false)
        (grade.needsGrading, grade.isCleared) = (false, false)
        grade.lastRelevant = moment
        if grade.firstRelevant.isNone { grade.firstRelevant = moment }
        grade.changeIndex = school.nextChangeIndex()
        school.columns[Int(index)].set(grade)
        school.recompute(member)
        school.log.append(BlackboardSchool.LogEntry(column: index, member: member, logged: moment))
    }

    private mutating func pickStudent(of course: Int32) -> Int32? {
        let members = school.courses[Int(course)].members
        return pick(below: members.count) { school, place in
            let member = school.members[Int(members[place])]
            return member.role == .student && member.availability == .yes && !school.users[Int(member.user)].isPreview
        }.map { members[$0] }
    }

    mutating func gradeCleared() -> Outcome? {
        let found = pickColumn { column in column.grades.contains { $0.hasDetails } }
        guard let (_, index) = found else { return nil }
        let grades = school.columns[Int(index)].grades
        let place = pick(below: grades.count) { school, place in
            let member = school.members[Int(grades[place].member)]
            return grades[place].hasDetails && !school.users[Int(member.user)].isPreview
        }
        guard let place else { return nil }
        let member = grades[place].member
        var empty = BlackboardSchool.Grade(member: member)
        empty.isCleared = true
        empty.changeIndex = clearMovesIndex ? school.nextChangeIndex() : grades[place].changeIndex
        school.columns[Int(index)].set(empty)
        school.recompute(member)
        return outcome(member, index, isVisible: false)
    }
}
