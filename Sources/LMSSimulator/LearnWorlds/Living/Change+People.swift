extension Change {
    mutating func newLearner() -> ChangeRecord? {
        let number = nextNumber()
        var learner = Learner(
            number: number,
            username: "Newcomer \(number)",
            email: "newcomer\(number)@example.org",
            firstName: Vocabulary.firstNames[random.below(Vocabulary.firstNames.count)],
            lastName: Vocabulary.lastNames[random.below(Vocabulary.lastNames.count)],
            createdAt: moment
        )
        learner.fields = [.init(key: "cf_badge", value: .text("N-\(number)"))]
        let index = school.add(learner)
        school.learnerOrder.append(index)
        log("register", learner: index)
        return record(.newLearner, learner: index)
    }

    mutating func login() -> ChangeRecord? {
        guard let learner = pickLearner().map(Int32.init) else { return nil }
        markSeen(learner)
        log("login", learner: learner)
        return record(.login, learner: learner)
    }

    mutating func anonymousEvent() -> ChangeRecord? {
        log("school_announcement", learner: -1)
        return record(.anonymousEvent)
    }

    mutating func profileEdit() -> ChangeRecord? {
        guard let learner = pickLearner(where: { _ in true }) else { return nil }
        switch random.below(3) {
        case 0: school.learners[learner].lastName = "Edited-\(random.below(100_000))"
        case 1: school.learners[learner].tags = ["edited-\(random.below(100_000))"]
        default:
            let value = Learner.FieldValue.text("E-\(random.below(100_000))")
            school.learners[learner].fields.removeAll { $0.key == "cf_badge" }
            school.learners[learner].fields.append(.init(key: "cf_badge", value: value))
        }
        return record(.profileEdit, learner: Int32(learner))
    }

    mutating func suspension() -> ChangeRecord? {
        guard let learner = pickLearner(where: { _ in true }) else { return nil }
        school.learners[learner].isSuspended.toggle()
        return record(.suspension, learner: Int32(learner))
    }

    mutating func learnerDeleted() -> ChangeRecord? {
        guard let learner = pickLearner(where: { _ in true }) else { return nil }
        school.learners[learner].isDeleted = true
        school.learnerOrder.removeAll { $0 == Int32(learner) }
        return record(.learnerDeleted, learner: Int32(learner))
    }

    mutating func learnerRestored() -> ChangeRecord? {
        guard let learner = pick(below: school.learners.count, where: { $0.learners[$1].isDeleted }) else { return nil }
        school.learners[learner].isDeleted = false
        let learners = school.learners
        school.learnerOrder.append(Int32(learner))
        school.learnerOrder.sort { (learners[Int($0)].createdAt, $0) < (learners[Int($1)].createdAt, $1) }
        return record(.learnerRestored, learner: Int32(learner))
    }

    // MARK: access

    mutating func enrollment() -> ChangeRecord? {
        guard let learner = pickLearner(), let course = pickCourse(), enroll(learner, in: course) else { return nil }
        return record(.enrollment, learner: Int32(learner), course: Int32(course))
    }

    mutating func bulkEnrollment() -> ChangeRecord? {
        guard let course = pickCourse() else { return nil }
        var enrolled = 0
        for _ in 0..<max(request.bulkSize, 1) {
            guard let learner = pickLearner() else { continue }
            if enroll(learner, in: course, after: Int64(enrolled)) { enrolled += 1 }
        }
        return enrolled > 0 ? record(.bulkEnrollment, course: Int32(course)) : nil
    }

    private mutating func enroll(_ learner: Int, in course: Int, after microseconds: Int64 = 0) -> Bool {
        let isMember = school.learners[learner].memberships.contains {
            school.memberships[Int($0)].course == Int32(course)
        }
        guard !isMember else { return false }
        var membership = Membership(
            learner: Int32(learner),
            course: Int32(course),
            enrolledAt: moment.adding(microseconds: microseconds)
        )
        // The never-active keep access without an end: a baseline finds them by the roster alone.
        if school.learners[learner].hasLoggedIn, random.chance(0.3) {
            membership.expiresAt = moment.adding(seconds: Int64(30 + random.below(300)) * 86_400)
        }
        membership.totalUnits = Int32(school.courses[course].units.count { $0.isListed })
        // The progress list shows every unit of the course, begun or not: the places of units without an id depend on it.
        membership.units = school.courses[course].units.indices.filter { school.courses[course].units[$0].isListed }
            .map { UnitState(unit: Int32($0)) }
        school.add(membership)
        let activities = ["enrollment", "manual_enrollment", "free_enrollment", "purchase"]
        log(
            microseconds > 0 ? "manual_enrollment" : activities[random.below(4)],
            learner: Int32(learner),
            course: Int32(course),
            after: microseconds
        )
        return true
    }

    mutating func reenrollment() -> ChangeRecord? {
        let moment = moment
        let found = pick(below: school.memberships.count) { school, place in
            let membership = school.memberships[place]
            let learner = school.learners[Int(membership.learner)]
            return (!membership.isEnrolled || membership.isExpired(at: moment)) && !learner.isDeleted
                && !learner.isSuspended && !school.courses[Int(membership.course)].isDeleted
        }
        guard let found else { return nil }
        school.memberships[found].isEnrolled = true
        school.memberships[found].hasProgress = true
        school.memberships[found].enrolledAt = moment
        school.memberships[found].expiresAt = .none
        let membership = school.memberships[found]
        // The newest enrollment stands last in both lists.
        school.courses[Int(membership.course)].memberships.moveToEnd(Int32(found))
        school.learners[Int(membership.learner)].memberships.moveToEnd(Int32(found))
        log("purchase", learner: membership.learner, course: membership.course)
        return record(.reenrollment, learner: membership.learner, course: membership.course)
    }

    mutating func unenrollment() -> ChangeRecord? {
        guard let index = pickMembership() else { return nil }
        school.memberships[index].isEnrolled = false
        school.memberships[index].hasProgress = school.memberships[index].status == .completed
        let membership = school.memberships[index]
        return record(.unenrollment, learner: membership.learner, course: membership.course)
    }

    mutating func expiryChanged() -> ChangeRecord? {
        guard let found = pickMembership(), school.learners[Int(school.memberships[found].learner)].hasLoggedIn else {
            return nil
        }
        school.memberships[found].expiresAt = moment.adding(seconds: Int64(random.below(200) - 40) * 86_400 + 3600)
        let membership = school.memberships[found]
        return record(.expiryChanged, learner: membership.learner, course: membership.course)
    }
}

extension Array where Element: Equatable {
    mutating func moveToEnd(_ element: Element) {
        removeAll { $0 == element }
        append(element)
    }
}
