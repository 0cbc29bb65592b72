extension BlackboardChange {
    mutating func newLearner() -> Outcome? {
        let number = nextNumber()
        let index = school.add(
            BlackboardSchool.User(
                userName: "newcomer\(number)",
                externalID: "N\(number)",
                given: Vocabulary.firstNames[random.below(Vocabulary.firstNames.count)],
                family: Vocabulary.lastNames[random.below(Vocabulary.lastNames.count)],
                email: "newcomer\(number)@example.org",
                created: moment,
                modified: moment
            )
        )
        return Outcome(user: index)
    }

    mutating func profileEdit() -> Outcome? {
        guard let user = pickUser() else { return nil }
        switch random.below(3) {
        case 0: school.users[Int(user)].family = "Edited-\(random.below(100_000))"
        case 1: school.users[Int(user)].email = "edited\(random.below(100_000))@example.org"
        default: school.users[Int(user)].department = "Edited \(random.below(100_000))"
        }
        school.users[Int(user)].modified = moment
        return Outcome(user: user)
    }

    mutating func suspension() -> Outcome? {
        guard let user = pickUser() else { return nil }
        school.users[Int(user)].availability = school.users[Int(user)].availability == .yes ? .no : .yes
        school.users[Int(user)].modified = moment
        return Outcome(user: user)
    }

    /// Moves `lastLogin` but not `modified`.
    mutating func login() -> Outcome? {
        guard let user = pickUser(where: { $0.availability == .yes }) else { return nil }
        school.users[Int(user)].lastLogin = moment
        return Outcome(user: user)
    }

    mutating func learnerDeleted() -> Outcome? {
        guard let user = pickUser(where: { $0.roles.first != "FACULTY" }) else { return nil }
        school.users[Int(user)].isDeleted = true
        school.userOrder.removeAll { $0 == user }
        for member in school.users[Int(user)].members { remove(member) }
        return Outcome(isVisible: false, user: user)
    }

    func remove(_ member: Int32, from school: inout BlackboardSchool) {
        school.members[Int(member)].isRemoved = true
        let course = Int(school.members[Int(member)].course)
        school.courses[course].members.removeAll { $0 == member }
        for column in school.courses[course].columns { school.columns[Int(column)].remove(gradeOf: member) }
    }

    private mutating func remove(_ member: Int32) {
        remove(member, from: &school)
    }

    // MARK: memberships

    mutating func enrollment() -> Outcome? {
        guard let course = pickLiveCourse(), let user = pickUser(where: { $0.availability == .yes }),
            enroll(user, in: course)
        else { return nil }
        return Outcome(user: user, course: course)
    }

    mutating func bulkEnrollment() -> Outcome? {
        guard let course = pickLiveCourse() else { return nil }
        var enrolled = 0
        for _ in 0..<max(request.bulkSize, 1) {
            guard let user = pickUser(where: { $0.availability == .yes }) else { continue }
            if enroll(user, in: course) { enrolled += 1 }
        }
        return enrolled > 0 ? Outcome(course: course) : nil
    }

    private mutating func enroll(_ user: Int32, in course: Int32) -> Bool {
        let isMember = school.users[Int(user)].members.contains {
            let member = school.members[Int($0)]
            return member.course == course && !member.isRemoved
        }
        guard !isMember else { return false }
        let children = school.courses[Int(course)].children.filter { !school.courses[Int($0)].isDeleted }
        school.add(
            BlackboardSchool.Member(
                user: user,
                course: course,
                child: children.isEmpty ? -1 : children[random.below(children.count)],
                created: moment,
                modified: moment
            )
        )
        return true
    }

    /// The membership vanishes with its grades; a course of more than 200 members is not read whole, so that nobody notices.
    mutating func unenrollment() -> Outcome? {
        guard let index = pickMember() else { return nil }
        let member = school.members[Int(index)]
        let isVisible = school.courses[Int(member.course)].members.count <= 200
        remove(index)
        return Outcome(isVisible: isVisible, user: member.user, course: member.course)
    }

    mutating func accessChanged() -> Outcome? {
        let moment = moment
        let found = pick(below: school.members.count) { school, index in
            let member = school.members[index]
            let user = school.users[Int(member.user)]
            return !member.isRemoved && member.role == .student && !user.isDeleted && !user.isPreview
                && school.isLive(member.course, at: moment)
        }
        guard let found else { return nil }
        let former = school.members[found].availability
        let choices: [BlackboardSchool.Availability] = [.yes, .no, .disabled].filter { $0 != former }
        school.members[found].availability = choices[random.below(choices.count)]
        school.members[found].modified = moment
        return Outcome(user: school.members[found].user, course: school.members[found].course)
    }

    mutating func roleChanged() -> Outcome? {
        guard let index = pickMember() else { return nil }
        school.members[Int(index)].role = [.assistant, .grader, .guest][random.below(3)]
        school.members[Int(index)].modified = moment
        let member = school.members[Int(index)]
        return Outcome(user: member.user, course: member.course)
    }

    /// Identity stays (course, user): only the merged course that the learner is enrolled in is another one.
    mutating func memberMoved() -> Outcome? {
        let (courses, members) = (school.courses, school.members)
        let found = pickMember { $0.touch != .cold && !courses[Int($0.course)].children.isEmpty }
        guard let index = found else { return nil }
        let member = members[Int(index)]
        let choices = ([-1] + courses[Int(member.course)].children).filter {
            $0 != member.child && ($0 < 0 || !courses[Int($0)].isDeleted)
        }
        guard !choices.isEmpty else { return nil }
        school.members[Int(index)].child = choices[random.below(choices.count)]
        // All rows of the learner's are keyed anew, which a reader may take for the reason of a moved total.
        school.members[Int(index)].touch = .hot
        school.members[Int(index)].modified = moment
        return Outcome(user: member.user, course: member.course)
    }

    // MARK: study

    mutating func visit() -> Outcome? {
        guard let index = pickMember() else { return nil }
        access(index)
        return Outcome(user: school.members[Int(index)].user, course: school.members[Int(index)].course)
    }

    mutating func study() -> Outcome? {
        let courses = school.courses
        guard let index = pickMember(where: { $0.reviewed < courses[Int($0.course)].reviewable }) else { return nil }
        school.members[Int(index)].reviewed += 1
        access(index)
        return Outcome(user: school.members[Int(index)].user, course: school.members[Int(index)].course)
    }
}
