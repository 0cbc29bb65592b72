extension BlackboardChange {
    /// A course with a teacher, two columns and a total; a new member makes it active, so that everything in it is read.
    mutating func courseCreated() -> Outcome? {
        guard
            let teacher = pickUser(where: { $0.availability == .yes && $0.roles.first == "FACULTY" })
                ?? pickUser(where: { $0.availability == .yes })
        else { return nil }
        let number = nextNumber()
        let terms = school.terms.indices.filter { !school.terms[$0].isDeleted }
        var course = BlackboardSchool.Course(
            code: "NEW-\(number)",
            name: "New course \(number) & more",
            created: moment,
            modified: moment,
            term: terms.isEmpty ? -1 : Int32(terms[random.below(terms.count)])
        )
        course.reviewable = 5
        let index = school.add(course)
        school.addCategories(["Test"], to: index)
        school.add(
            BlackboardSchool.Member(user: teacher, course: index, role: .instructor, created: moment, modified: moment)
        )
        addColumn(to: index, name: "First test")
        school.add(
            BlackboardSchool.Column(
                course: index,
                name: "Overall Grade",
                created: moment,
                modified: moment,
                possible: 10_000,
                kind: .calculated,
                isExternalGrade: true,
                countsInTotal: false
            )
        )
        return Outcome(course: index)
    }

    mutating func courseEdited() -> Outcome? {
        guard let course = pickCourse() else { return nil }
        switch random.below(3) {
        case 0: school.courses[Int(course)].name = "Edited title \(random.below(100_000)) & more"
        case 1: school.courses[Int(course)].description = "Edited text \(random.below(100_000))"
        default:
            let isOpen = school.courses[Int(course)].availability == .yes
            guard isOpen || school.courses[Int(course)].availability == .no else { return nil }
            school.courses[Int(course)].availability = isOpen ? .no : .yes
        }
        school.courses[Int(course)].modified = moment
        return Outcome(course: course)
    }

    /// A course that is neither a parent nor a child vanishes with everything in it.
    mutating func courseDeleted() -> Outcome? {
        let found = pick(below: school.courseOrder.count) { school, place in
            let course = school.courses[Int(school.courseOrder[place])]
            return !course.isOrganization && course.children.isEmpty && course.parent < 0
        }
        guard let found else { return nil }
        let course = school.courseOrder[found]
        school.delete(course: course)
        return Outcome(isVisible: false, course: course)
    }

    mutating func mergedCourseDeleted() -> Outcome? {
        let found = pick(below: school.courseOrder.count) { school, place in
            !school.courses[Int(school.courseOrder[place])].children.isEmpty
        }
        guard let found else { return nil }
        let course = school.courseOrder[found]
        for child in school.courses[Int(course)].children where !school.courses[Int(child)].isDeleted {
            school.delete(course: child)
        }
        school.delete(course: course)
        return Outcome(isVisible: false, course: course)
    }

    mutating func courseRestored() -> Outcome? {
        let gone = school.removedCourses.keys.sorted()
        guard !gone.isEmpty else { return nil }
        let course = gone[random.below(gone.count)]
        school.restore(course: course)
        return Outcome(isVisible: false, course: course)
    }

    /// A term vanishes, and its courses, which are modified by it, are in none.
    mutating func termDeleted() -> Outcome? {
        guard school.terms.count(where: { !$0.isDeleted }) > 2,
            let found = pick(below: school.terms.count, where: { !$0.terms[$1].isDeleted })
        else { return nil }
        school.terms[found].isDeleted = true
        for index in school.courses.indices where school.courses[index].term == Int32(found) {
            school.courses[index].term = -1
            school.courses[index].modified = moment
        }
        return Outcome(isVisible: false)
    }

    mutating func termRenamed() -> Outcome? {
        let found = pick(below: school.terms.count) { school, index in
            !school.terms[index].isDeleted
                && school.courseOrder.contains { school.courses[Int($0)].term == Int32(index) }
        }
        guard let found else { return nil }
        school.terms[found].name = "Renamed term \(random.below(100_000))"
        return Outcome(isVisible: false)
    }

    mutating func categoryRenamed() -> Outcome? {
        let columns = school.columns
        let found = pickLiveCourse { course in course.columns.contains { columns[Int($0)].category >= 0 } }
        guard let found,
            let column = school.courses[Int(found)].columns.first(where: { columns[Int($0)].category >= 0 })
        else { return nil }
        let place = Int(columns[Int(column)].category)
        school.courses[Int(found)].categories[place].title = "Renamed \(random.below(100_000))"
        return Outcome(isVisible: false, course: found)
    }

    // MARK: columns

    @discardableResult
    mutating func addColumn(to course: Int32, name: String) -> Int32 {
        school.add(
            BlackboardSchool.Column(
                course: course,
                name: name,
                created: moment,
                modified: moment,
                possible: 2000,
                due: Instant(microseconds: (moment.microseconds / Instant.day + 10) * Instant.day),
                category: school.courses[Int(course)].categories.isEmpty ? -1 : 0,
                handle: "resource/x-bb-assignment"
            )
        )
    }

    /// The maker's visit is what makes the course active, so one without anybody to visit it is left alone.
    private mutating func visitOfMaker(_ course: Int32) -> Bool {
        guard let maker = teacher(of: course) ?? anybody(in: course) else { return false }
        access(maker)
        return true
    }

    private func anybody(in course: Int32) -> Int32? {
        school.courses[Int(course)].members.first { school.members[Int($0)].availability == .yes }
    }

    mutating func columnCreated() -> Outcome? {
        guard let course = pickLiveCourse(), visitOfMaker(course) else { return nil }
        let column = addColumn(to: course, name: "Added column \(nextNumber())")
        return Outcome(course: course, column: column)
    }

    mutating func columnEdited() -> Outcome? {
        guard let (course, column) = pickColumn(where: { _ in true }), visitOfMaker(course) else { return nil }
        switch random.below(3) {
        case 0:
            school.columns[Int(column)].name = "Edited column \(random.below(100_000))"
            school.columns[Int(column)].displayName = nil
        case 1:
            let day = moment.microseconds / Instant.day + Int64(random.below(30))
            school.columns[Int(column)].due = Instant(microseconds: day * Instant.day + Instant.hour)
        default: school.columns[Int(column)].isAvailable.toggle()
        }
        school.columns[Int(column)].modified = moment
        return Outcome(course: course, column: column)
    }

    /// An integration edits a column: nobody was in the course.
    mutating func quietColumnEdit() -> Outcome? {
        guard let (course, column) = pickColumn(where: { _ in true }) else { return nil }
        school.columns[Int(column)].name = "Quietly edited column \(random.below(100_000))"
        school.columns[Int(column)].displayName = nil
        school.columns[Int(column)].modified = moment
        return Outcome(isVisible: false, course: course, column: column)
    }

    /// An integration takes a column away, with the totals that nothing else gives: nobody was in the course.
    mutating func quietColumnDeletion() -> Outcome? {
        guard let (course, column) = pickColumn(where: { _ in true }),
            school.courses[Int(course)].columns.count > 4
        else { return nil }
        let graded = school.columns[Int(column)].grades.map(\.member)
        school.columns[Int(column)].isDeleted = true
        school.courses[Int(course)].columns.removeAll { $0 == column }
        for member in graded { school.recompute(member) }
        return Outcome(isVisible: false, course: course, column: column)
    }

    /// A column that had vanished is there again, with its grades.
    mutating func columnRestored() -> Outcome? {
        let found = pick(below: school.columns.count) { school, index in
            let column = school.columns[index]
            return column.isDeleted && !school.courses[Int(column.course)].isDeleted
                && !school.courses[Int(column.course)].columns.contains(Int32(index))
        }
        guard let found else { return nil }
        let course = school.columns[found].course
        school.columns[found].isDeleted = false
        school.courses[Int(course)].columns.append(Int32(found))
        school.courses[Int(course)].columns.sort()
        for grade in school.columns[found].grades where school.members[Int(grade.member)].isRemoved {
            school.columns[found].remove(gradeOf: grade.member)
        }
        for grade in school.columns[found].grades { school.recompute(grade.member) }
        return Outcome(isVisible: false, course: course, column: Int32(found))
    }

    /// Nobody's total may vanish with the column: a total that is gone is seen as cleared, not as deleted.
    mutating func columnDeleted() -> Outcome? {
        let found = pickColumn { column in column.grades.allSatisfy { $0.score < 0 } || column.grades.count > 1 }
        guard let (course, column) = found, school.courses[Int(course)].columns.count <= 200 else { return nil }
        let graded = school.columns[Int(column)].grades.map(\.member)
        let keepsTotals = graded.allSatisfy { member in
            school.total(of: member) == nil
                || school.courses[Int(course)].columns.contains { other in
                    let candidate = school.columns[Int(other)]
                    guard other != column, candidate.kind == .attempts, candidate.countsInTotal,
                        let grade = candidate.grade(of: member)
                    else { return false }
                    return grade.score >= 0 && !grade.isExempt
                }
        }
        guard keepsTotals, visitOfMaker(course) else { return nil }
        school.columns[Int(column)].isDeleted = true
        school.courses[Int(course)].columns.removeAll { $0 == column }
        for member in graded { school.recompute(member) }
        return Outcome(course: course, column: column)
    }

    /// A column of a live course that is not calculated.
    mutating func pickColumn(
        where fits: (BlackboardSchool.Column) -> Bool
    ) -> (course: Int32, column: Int32)? {
        let moment = moment
        let found = pick(below: school.columns.count) { school, index in
            let column = school.columns[index]
            return !column.isDeleted && column.kind != .calculated && !column.isHidden
                && school.isLive(column.course, at: moment) && fits(column)
        }
        return found.map { (school.columns[$0].course, Int32($0)) }
    }
}
