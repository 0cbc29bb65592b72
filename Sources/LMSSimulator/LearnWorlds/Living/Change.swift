/// One change in the making: the school it happens in, its moment and what the event log will say.
struct Change {
    var school: School
    var random: RandomSource
    let moment: Instant
    let request: ChangeRequest
    var events: [Event] = []
    private var silentColumns: [String] = []

    init(school: consuming School, random: RandomSource, moment: Instant, request: ChangeRequest) {
        self.school = school
        self.random = random
        self.moment = moment
        self.request = request
    }

    /// The moment of the last thing that happened.
    var latest: Instant { events.reduce(moment) { max($0, $1.createdAt) } }

    /// Makes the change; nil when there is nobody it could happen to.
    mutating func apply(_ kind: ChangeKind) -> ChangeRecord? {
        switch kind {
        case .newLearner: newLearner()
        case .enrollment: enrollment()
        case .bulkEnrollment: bulkEnrollment()
        case .reenrollment: reenrollment()
        case .visit: study(.visit, activity: "visit_course")
        case .session: study(.session, activity: "session_started")
        case .unknownActivity: study(.unknownActivity, activity: "quantum_leap")
        case .quietStudy: study(.quietStudy, activity: nil)
        case .completion: completion()
        case .submission: submission()
        case .login: login()
        case .anonymousEvent: anonymousEvent()
        case .courseCreated: courseCreated()
        case .courseEdited: courseEdited()
        case .contentsChanged: contentsChanged()
        case .unitRetitled: unitRetitled()
        case .courseDeleted: courseDeleted()
        case .learnerRestored: learnerRestored()
        case .courseRestored: courseRestored()
        case .profileEdit: profileEdit()
        case .suspension: suspension()
        case .learnerDeleted: learnerDeleted()
        case .unenrollment: unenrollment()
        case .regrade: regrade()
        case .reset: reset()
        case .markComplete: markComplete()
        case .expiryChanged: expiryChanged()
        case .certificateRevoked: certificateRevoked()
        case .certificateReissued: certificateReissued()
        case .certificateDeleted: certificateDeleted()
        default: nil
        }
    }

    // MARK: choosing

    /// A random element that fits, or nil after a fair number of tries.
    mutating func pick(below count: Int, where fits: (School, Int) -> Bool) -> Int? {
        guard count > 0 else { return nil }
        for _ in 0..<60 {
            let index = random.below(count)
            if fits(school, index) { return index }
        }
        return nil
    }

    mutating func pickLearner(where fits: (Learner) -> Bool = { !$0.isSuspended }) -> Int? {
        pick(below: school.learnerOrder.count) { school, place in
            fits(school.learners[Int(school.learnerOrder[place])])
        }.map { Int(school.learnerOrder[$0]) }
    }

    mutating func pickCourse() -> Int? {
        pick(below: school.courseOrder.count) { _, _ in true }.map { Int(school.courseOrder[$0]) }
    }

    /// A membership with access, of somebody who may log in.
    mutating func pickMembership(where fits: (Membership) -> Bool = { _ in true }) -> Int? {
        let moment = moment
        return pick(below: school.memberships.count) { school, place in
            let membership = school.memberships[place]
            let learner = school.learners[Int(membership.learner)]
            return membership.isEnrolled && !membership.isExpired(at: moment) && !learner.isDeleted
                && !learner.isSuspended
                && !school.courses[Int(membership.course)].isDeleted && fits(membership)
        }
    }

    // MARK: reporting

    mutating func log(_ activity: String, learner: Int32, course: Int32 = -1, after microseconds: Int64 = 0) {
        events.append(
            Event(
                createdAt: moment.adding(microseconds: microseconds),
                learner: learner,
                course: course,
                activity: Activity.index(activity),
                hasBareCourse: course >= 0 && random.below(10) == 0
            )
        )
    }

    /// The learner was seen: a moment that only the daily reading of all learners shows.
    mutating func markSeen(_ learner: Int32) {
        guard request.movesLastLogin else { return }
        school.learners[Int(learner)].lastLoginAt = moment
        silentColumns = ["learners.last_login_at"]
    }

    func record(_ kind: ChangeKind, learner: Int32? = nil, course: Int32? = nil, unit: Int? = nil) -> ChangeRecord {
        ChangeRecord(
            kind: kind,
            visible: LearnWorldsChange.visible.contains(kind),
            learnerId: learner.map { school.learners[Int($0)].id },
            courseId: course.map { school.courses[Int($0)].slug },
            unitId: unit.flatMap { place in course.flatMap { school.courses[Int($0)].units[place].id } },
            at: moment.seconds,
            silentColumns: silentColumns
        )
    }

    mutating func nextNumber() -> UInt64 {
        defer { school.nextNumber += 1 }
        return school.nextNumber
    }
}
