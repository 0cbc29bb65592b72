extension MatrixChange {
    /// Work in a class; the quiet kind goes on in a session that began long ago.
    mutating func study(_ kind: ChangeKind) -> ChangeRecord? {
        guard let (course, place) = pickEnrollment(where: { !$0.isCompleted }) else { return nil }
        let user = work(course, place, seconds: 60 + random.below(3000))
        if kind == .study { signIn(user) }
        return record(kind, user: user, course: course)
    }

    private mutating func work(_ course: Int, _ place: Int, seconds: Int) -> Int32 {
        if school.classes[course].enrollments[place].startedAt.isNone {
            school.classes[course].enrollments[place].startedAt = moment
        }
        school.classes[course].enrollments[place].lastVisitedAt = moment
        school.classes[course].enrollments[place].timeSpent += seconds
        return school.classes[course].enrollments[place].user
    }

    mutating func submission() -> ChangeRecord? {
        guard let (course, place) = pickEnrollment(where: { !$0.isCompleted }),
            let assignment = pickAssignment(in: course)
        else { return nil }
        let user = work(course, place, seconds: 600)
        change(assignment, of: (course, place)) { cell, _ in
            cell = MatrixCell(assignment: cell.assignment)
        }
        let submitted = moment
        // A quiz is graded at once, everything else waits.
        let isQuiz = school.classes[course].assignments[assignment].type == "Quiz"
        let share = 30 + random.below(71)
        change(assignment, of: (course, place)) { cell, points in
            cell.submittedAt = submitted
            if isQuiz { cell.score = Int32(points * share / 100) }
        }
        signIn(user)
        return record(.submission, user: user, course: course, assignment: assignment)
    }

    /// A mark set by hand: a score or a special grade, by a teacher who signs in, or by nobody who does.
    mutating func regrade(_ kind: ChangeKind) -> ChangeRecord? {
        guard let (course, place) = pickEnrollment(), let assignment = pickAssignment(in: course) else { return nil }
        let grader = school.classes[course].teachers.first {
            !school.users[Int($0.user)].isDeleted && !school.users[Int($0.user)].isArchived
        }?.user
        if kind == .regrade, grader == nil { return nil }
        let share = random.below(101)
        let code = random.below(4) == 0 ? MatrixCell.Code.allCases[random.below(4)] : nil
        var hasMoved = false
        change(assignment, of: (course, place)) { cell, points in
            let former = cell
            cell.code = code
            cell.score = code == nil ? Int32(points * share / 100) : -1
            cell.grader = kind == .regrade ? grader ?? -1 : -1
            hasMoved = former.code != cell.code || former.score != cell.score
        }
        guard hasMoved else { return nil }
        if kind == .regrade, let grader { signIn(grader) }
        let user = school.classes[course].enrollments[place].user
        return record(kind, user: user, course: course, assignment: assignment)
    }

    mutating func archivedRegrade() -> ChangeRecord? {
        guard let (course, place) = pickArchivedEnrollment(), let assignment = pickAssignment(in: course) else {
            return nil
        }
        let share = random.below(101)
        change(assignment, of: (course, place)) { cell, points in
            (cell.code, cell.score) = (nil, Int32(points * share / 100))
        }
        let user = school.classes[course].enrollments[place].user
        return record(.archivedRegrade, user: user, course: course, assignment: assignment)
    }

    // MARK: certificates, which are no records of their own

    mutating func certificateRenamed() -> ChangeRecord? {
        guard !school.certificates.isEmpty else { return nil }
        school.certificates[random.below(school.certificates.count)].name = "Renamed permit \(random.below(100_000))"
        return record(.certificateRenamed)
    }

    mutating func certificateWithdrawn() -> ChangeRecord? {
        guard let course = pickClass(where: { !$0.certificates.isEmpty }) else { return nil }
        school.classes[course].certificates = []
        return record(.certificateWithdrawn, course: course)
    }

    private mutating func pickAssignment(in course: Int) -> Int? {
        pick(below: school.classes[course].assignments.count) { school, place in
            let assignment = school.classes[course].assignments[place]
            return !assignment.isDeleted && assignment.points > 0
        }
    }

    private mutating func change(
        _ assignment: Int,
        of address: (course: Int, place: Int),
        _ body: (inout MatrixCell, Int) -> Void
    ) {
        let points = school.classes[address.course].assignments[assignment].points
        let cells = school.classes[address.course].enrollments[address.place].cells
        let known = cells.firstIndex { Int($0.assignment) == assignment }
        if let known {
            body(&school.classes[address.course].enrollments[address.place].cells[known], points)
        } else {
            var cell = MatrixCell(assignment: Int32(assignment))
            body(&cell, points)
            school.classes[address.course].enrollments[address.place].cells.append(cell)
        }
    }

    // MARK: completion

    mutating func completion(_ kind: ChangeKind) -> ChangeRecord? {
        guard let (course, place) = pickEnrollment(where: { !$0.isCompleted }) else { return nil }
        var user = school.classes[course].enrollments[place].user
        if kind == .completion {
            user = work(course, place, seconds: 900)
            // The completions show it even where the login does not.
            if request.movesLastLogin { signIn(user) }
        }
        school.classes[course].enrollments[place].completedAt = moment
        school.classes[course].enrollments[place].completion = school.classes[course].mark(
            of: school.classes[course].enrollments[place]
        )
        return record(kind, user: user, course: course)
    }

    mutating func uncompletion() -> ChangeRecord? {
        guard let (course, place) = pickEnrollment(where: { $0.isCompleted }) else { return nil }
        school.classes[course].enrollments[place].completedAt = .none
        school.classes[course].enrollments[place].completion = MatrixMark()
        return record(.uncompletion, user: school.classes[course].enrollments[place].user, course: course)
    }
}
