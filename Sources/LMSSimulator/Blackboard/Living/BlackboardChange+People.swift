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
        school.delete(user: user)
        return Outcome(isVisible: false, user: user)
    }

    mutating func learnerRestored() -> Outcome? {
        let gone = school.removedUsers.keys.sorted()
        guard !gone.isEmpty else { return nil }
        let user = gone[random.below(gone.count)]
        school.restore(user: user)
        return Outcome(isVisible: false, user: user)
    }

    /// The user becomes a system administrator, or stops being one: hidden from accounts that are none, while the
    /// memberships stay.
    mutating func learnerHidden() -> Outcome? {
        let hidden = school.userOrder.filter {
            school.users[Int($0)].isSystemAdmin && school.users[Int($0)].roles.first == "STUDENT"
                && school.users[Int($0)].userName != "administrator"
        }
        if !hidden.isEmpty, random.below(2) == 0 {
            let user = hidden[random.below(hidden.count)]
            school.users[Int(user)].isSystemAdmin = false
            return Outcome(isVisible: false, user: user)
        }
        guard let user = pickUser(where: { $0.roles.first == "STUDENT" }) else { return nil }
        school.users[Int(user)].isSystemAdmin = true
        return Outcome(isVisible: false, user: user)
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
        school.remove(member: index)
        return Outcome(isVisible: isVisible, user: member.user, course: member.course)
    }

    /// Somebody leaves a course that is over or archived.
    mutating func archivedUnenrollment() -> Outcome? {
        guard let index = pickArchivedMember() else { return nil }
        let member = school.members[Int(index)]
        school.remove(member: index)
        return Outcome(isVisible: false, user: member.user, course: member.course)
    }

    /// A student's open membership in a course whose memberships an increment does not read.
    mutating func pickArchivedMember() -> Int32? {
        let moment = moment
        return pick(below: school.members.count) { school, index in
            let member = school.members[index]
            let user = school.users[Int(member.user)]
            let course = school.courses[Int(member.course)]
            return !member.isRemoved && member.role == .student && member.availability == .yes && !user.isDeleted
                && !user.isPreview && !course.isDeleted && !course.isOrganization
                && !school.isLive(member.course, at: moment)
        }.map(Int32.init)
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

    /// An item is marked as reviewed without a visit.
    mutating func quietStudy() -> Outcome? {
        let courses = school.courses
        guard let index = pickMember(where: { $0.reviewed < courses[Int($0.course)].reviewable }) else { return nil }
        school.members[Int(index)].reviewed += 1
        return Outcome(
            isVisible: false,
            user: school.members[Int(index)].user,
            course: school.members[Int(index)].course
        )
    }

    mutating func study() -> Outcome? {
        let courses = school.courses
        guard let index = pickMember(where: { $0.reviewed < courses[Int($0.course)].reviewable }) else { return nil }
        school.members[Int(index)].reviewed += 1
        access(index)
        return Outcome(user: school.members[Int(index)].user, course: school.members[Int(index)].course)
    }
}
