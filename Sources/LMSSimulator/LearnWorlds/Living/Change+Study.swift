extension Change {
    /// Work on one unit that is no assessment; without an activity nobody hears of it.
    mutating func study(_ kind: ChangeKind, activity: String?) -> ChangeRecord? {
        guard let index = pickMembership() else { return nil }
        let membership = school.memberships[index]
        let units = school.courses[Int(membership.course)].units
        let found = pick(below: units.count) { units[$1].isListed && !units[$1].isAssessment }
        guard let unit = found else { return nil }
        let spent = Int32(30 + random.below(600))
        work(on: unit, of: index, seconds: spent, score: nil)
        if let activity {
            markSeen(membership.learner)
            log(activity, learner: membership.learner, course: membership.course)
        }
        return record(kind, learner: membership.learner, course: membership.course, unit: unit)
    }

    private mutating func work(on unit: Int, of index: Int, seconds: Int32, score: Int16?) {
        let course = Int(school.memberships[index].course)
        let place: Int
        if let known = school.memberships[index].units.firstIndex(where: { Int($0.unit) == unit }) {
            place = known
        } else {
            place = school.memberships[index].units.count
            school.memberships[index].units.append(UnitState(unit: Int32(unit)))
        }
        school.memberships[index].units[place].seconds += seconds
        school.memberships[index].units[place].status = .completed
        school.memberships[index].units[place].rate = 100
        if let score { school.memberships[index].units[place].score = score }
        school.memberships[index].seconds += seconds
        if school.memberships[index].status != .completed {
            school.memberships[index].recount(units: school.courses[course].units)
        }
    }

    mutating func submission() -> ChangeRecord? {
        guard let index = pickMembership() else { return nil }
        let membership = school.memberships[index]
        let units = school.courses[Int(membership.course)].units
        let found = pick(below: units.count) { units[$1].isListed && units[$1].isAssessment && units[$1].id != nil }
        guard let unit = found else { return nil }
        let isGraded = random.below(20) > 0
        let grade = isGraded ? Int32(random.below(10_001)) : -1
        school.add(
            Submission(
                number: nextNumber(),
                learner: membership.learner,
                course: membership.course,
                unit: Int32(unit),
                grade: grade,
                createdAt: moment.adding(seconds: -120),
                modifiedAt: moment,
                submittedAt: moment
            )
        )
        work(on: unit, of: index, seconds: 120, score: isGraded ? Int16(grade / 100) : nil)
        markSeen(membership.learner)
        log("visit_course", learner: membership.learner, course: membership.course)
        return record(.submission, learner: membership.learner, course: membership.course, unit: unit)
    }

    mutating func completion() -> ChangeRecord? {
        guard let index = pickMembership(where: { $0.status != .completed }) else { return nil }
        finish(index)
        let membership = school.memberships[index]
        markSeen(membership.learner)
        school.add(
            Certificate(
                number: nextNumber(),
                learner: membership.learner,
                course: membership.course,
                title: school.courses[Int(membership.course)].title + " Certificate",
                issuedAt: moment.adding(microseconds: 400_000)
            )
        )
        log("complete_course", learner: membership.learner, course: membership.course)
        log("award_certificate", learner: membership.learner, course: membership.course, after: 400_000)
        return record(.completion, learner: membership.learner, course: membership.course)
    }

    mutating func markComplete() -> ChangeRecord? {
        guard let index = pickMembership(where: { $0.status != .completed }) else { return nil }
        finish(index)
        let membership = school.memberships[index]
        return record(.markComplete, learner: membership.learner, course: membership.course)
    }

    private mutating func finish(_ index: Int) {
        let units = school.courses[Int(school.memberships[index].course)].units
        for place in school.memberships[index].units.indices {
            school.memberships[index].units[place].status = .completed
            school.memberships[index].units[place].rate = 100
        }
        school.memberships[index].totalUnits = Int32(units.count { $0.isListed })
        school.memberships[index].completedUnits = school.memberships[index].totalUnits
        school.memberships[index].rate = 10_000
        school.memberships[index].status = .completed
        school.memberships[index].completedAt = moment
    }

    mutating func reset() -> ChangeRecord? {
        guard let index = pickMembership(where: { $0.seconds > 0 }) else { return nil }
        let courseUnits = school.courses[Int(school.memberships[index].course)].units
        school.memberships[index].units = school.memberships[index].units.map { UnitState(unit: $0.unit) }
        school.memberships[index].seconds = 0
        school.memberships[index].status = .notStarted
        school.memberships[index].completedAt = .none
        school.memberships[index].recount(units: courseUnits)
        let membership = school.memberships[index]
        return record(.reset, learner: membership.learner, course: membership.course)
    }

    mutating func regrade() -> ChangeRecord? {
        let found = pick(below: school.submissions.count) { school, place in
            let submission = school.submissions[place]
            return school.isVisible(submission.learner) && !school.courses[Int(submission.course)].isDeleted
        }
        guard let found else { return nil }
        school.submissions[found].grade =
            (max(school.submissions[found].grade, 0) + 1 + Int32(random.below(5000))) % 10_001
        school.submissions[found].modifiedAt = moment
        let submission = school.submissions[found]
        return record(.regrade, learner: submission.learner, course: submission.course, unit: Int(submission.unit))
    }

    // MARK: certificates

    private mutating func pickCertificate() -> Int? {
        pick(below: school.certificates.count) { school, place in
            let certificate = school.certificates[place]
            return !certificate.isGone && !certificate.isRevoked && school.isVisible(certificate.learner)
                && !school.courses[Int(certificate.course)].isDeleted
        }
    }

    mutating func certificateRevoked() -> ChangeRecord? {
        guard let index = pickCertificate() else { return nil }
        school.certificates[index].isRevoked = true
        let certificate = school.certificates[index]
        return record(.certificateRevoked, learner: certificate.learner, course: certificate.course)
    }

    mutating func certificateReissued() -> ChangeRecord? {
        guard let index = pickCertificate() else { return nil }
        school.certificates[index].issuedAt = moment
        let certificate = school.certificates[index]
        school.courses[Int(certificate.course)].certificates.moveToEnd(Int32(index))
        school.learners[Int(certificate.learner)].certificates.moveToEnd(Int32(index))
        return record(.certificateReissued, learner: certificate.learner, course: certificate.course)
    }

    mutating func certificateDeleted() -> ChangeRecord? {
        guard let index = pickCertificate() else { return nil }
        school.certificates[index].isGone = true
        let certificate = school.certificates[index]
        return record(.certificateDeleted, learner: certificate.learner, course: certificate.course)
    }
}
